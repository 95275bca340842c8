// Package servicekey holds the keys by which our services know each other.
package servicekey

import (
	"crypto/sha256"
	"crypto/subtle"
	"fmt"
	"strings"
)

// Header carries the key of a call from service to service.
const Header = "Service-Key"

// minLength is how long a key must be, in characters.
const minLength = 32

// Check returns an error, which goes on from the setting's name, unless keys
// are good: one, or several with commas in between. The first is sent and all
// are accepted, so that services that restart one after the other can change
// from one to the next.
func Check(keys string) error {
	for key := range strings.SplitSeq(keys, ",") {
		if len(key) < minLength {
			return fmt.Errorf("must have at least %d characters, the same for every service; several have commas in between", minLength)
		}
	}
	return nil
}

// Sent returns the one of the keys that is sent, or "" if there is none.
func Sent(keys string) string {
	first, _, _ := strings.Cut(keys, ",")
	return first
}

// Accepted returns a function that reports whether a key is one of keys. The
// empty key never is. The time it takes tells nothing of a key.
func Accepted(keys string) func(key string) bool {
	var accepted [][sha256.Size]byte
	for key := range strings.SplitSeq(keys, ",") {
		if key != "" {
			accepted = append(accepted, sha256.Sum256([]byte(key)))
		}
	}
	return func(key string) bool {
		sum, known := sha256.Sum256([]byte(key)), 0
		for _, want := range accepted {
			known |= subtle.ConstantTimeCompare(sum[:], want[:])
		}
		return known == 1
	}
}
