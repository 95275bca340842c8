// Package commonest knows the passwords that people choose most, and that
// whoever guesses tries first. README.md says whose list it is.
package commonest

import (
	"bytes"
	"crypto/sha256"
	_ "embed"
	"sort"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// Size is how many bytes of a password's hash are kept: of 43,000 passwords that
// are not on the list, one is taken for one that is.
const Size = 4

// hashes are those of the list, in order.
//
//go:embed hashes
var hashes []byte

// Has reports whether password is one of the commonest, in capitals or not.
func Has(password string) bool {
	hash := Hash(password)
	_, found := sort.Find(len(hashes)/Size, func(i int) int {
		return bytes.Compare(hash[:], hashes[i*Size:(i+1)*Size])
	})
	return found
}

// Hash returns what stands for a password in the list: the beginning of the SHA-256
// of its lower case in NFC.
func Hash(password string) [Size]byte {
	sum := sha256.Sum256([]byte(norm.NFC.String(strings.ToLower(password))))
	return [Size]byte(sum[:Size])
}
