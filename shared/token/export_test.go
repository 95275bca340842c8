package token

import "crypto/sha256"

// Remembers reports whether v would not judge the signature of raw again.
func (v *Verifier) Remembers(raw string) bool {
	_, found := v.remembered.entries.GetIfPresent(sha256.Sum256([]byte(raw)))
	return found
}
