package token

import (
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"time"

	"github.com/MicahParks/jwkset"
	"github.com/maypok86/otter/v2"
)

// maxRemembered bounds the tokens that a verifier remembers, some 300 bytes each.
const maxRemembered = 20_000

// remembered keeps what good tokens claim, so that a token's signature is
// judged once and not with every request that carries it. What may change
// meanwhile is looked at every time: the time and the key set here, ended
// sessions by whoever asks (see Revocations). Tokens are kept by digest, since
// whoever has one is its user.
type remembered struct {
	keys    jwkset.Storage // as it is here, without asking the issuer
	entries *otter.Cache[[sha256.Size]byte, verified]
}

// verified is a token whose signature was good.
type verified struct {
	claims Claims
	keyID  string
	key    ed25519.PublicKey
}

func newRemembered(keys jwkset.Storage) remembered {
	return remembered{keys, otter.Must(&otter.Options[[sha256.Size]byte, verified]{MaximumSize: maxRemembered})}
}

// find returns what raw claims, if it was good and still is.
func (r remembered) find(ctx context.Context, raw string) (Claims, bool) {
	id := sha256.Sum256([]byte(raw))
	entry, found := r.entries.GetIfPresent(id)
	if !found {
		return Claims{}, false
	}
	if !time.Now().Before(entry.claims.ExpiresAt.Add(clockSkew)) || !r.publishes(ctx, entry) {
		r.entries.Invalidate(id)
		return Claims{}, false
	}
	return entry.claims, true
}

// publishes reports whether the key by which a token was judged still counts.
func (r remembered) publishes(ctx context.Context, entry verified) bool {
	jwk, err := r.keys.KeyRead(ctx, entry.keyID)
	if err != nil {
		return false
	}
	key, ok := jwk.Key().(ed25519.PublicKey)
	return ok && key.Equal(entry.key)
}

func (r remembered) keep(raw string, entry verified) {
	r.entries.Set(sha256.Sum256([]byte(raw)), entry)
}
