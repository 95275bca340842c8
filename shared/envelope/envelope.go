// Package envelope encrypts small secrets that a database keeps for a while,
// with AES-256-GCM, under keys that the database does not hold.
package envelope

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"encoding/base64"
	"errors"
)

// KeySize is how many bytes a key has.
const KeySize = 32

// ErrSealed says that a text is not one that was sealed under these keys and
// with the same context.
var ErrSealed = errors.New("not sealed under any of the keys")

// Keys seal with the first key and open with any, so that keys can be rotated.
// The zero value seals nothing. They are safe for concurrent use.
type Keys struct{ ciphers []cipher.AEAD }

// New returns keys of KeySize random bytes each.
func New(keys ...[]byte) (Keys, error) {
	var k Keys
	for _, key := range keys {
		if len(key) != KeySize {
			return Keys{}, errors.New("a key must have 32 bytes")
		}
		block, err := aes.NewCipher(key)
		if err != nil {
			return Keys{}, err
		}
		aead, err := cipher.NewGCMWithRandomNonce(block)
		if err != nil {
			return Keys{}, err
		}
		k.ciphers = append(k.ciphers, aead)
	}
	if len(k.ciphers) == 0 {
		return Keys{}, errors.New("there is no key")
	}
	return k, nil
}

// NewRandom returns a key of its own that nobody else has.
func NewRandom() Keys {
	key := make([]byte, KeySize)
	rand.Read(key) // never fails
	k, err := New(key)
	if err != nil {
		panic(err) // the key has the right size
	}
	return k
}

// Seal returns a secret, encrypted, as unpadded base64url. The context says
// where it belongs, and is not part of what is returned: moved elsewhere, it
// can't be opened.
func (k Keys) Seal(secret, context string) (string, error) {
	if len(k.ciphers) == 0 {
		return "", errors.New("there is no key to seal with")
	}
	return base64.RawURLEncoding.EncodeToString(k.ciphers[0].Seal(nil, nil, []byte(secret), []byte(context))), nil
}

// Open returns what was sealed with the same context, or ErrSealed.
func (k Keys) Open(sealed, context string) (string, error) {
	data, err := base64.RawURLEncoding.DecodeString(sealed)
	if err != nil {
		return "", ErrSealed
	}
	for _, aead := range k.ciphers {
		if secret, err := aead.Open(nil, nil, data, []byte(context)); err == nil {
			return string(secret), nil
		}
	}
	return "", ErrSealed
}

// String hides the keys from logs.
func (Keys) String() string { return "keys" }

// GoString hides the keys from logs.
func (Keys) GoString() string { return "keys" }
