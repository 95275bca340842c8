package token

import (
	"context"
	"crypto/ed25519"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/MicahParks/jwkset"
)

// KeyRing holds the Ed25519 keys of the issuer. The first signs; the public
// halves of all are published. To rotate, append the new key, wait until every
// verifier has seen it (two minutes), move it to the front, and drop the old
// one when its last token has expired.
type KeyRing struct{ keys []signingKey }

type signingKey struct {
	id      string
	private ed25519.PrivateKey
}

// NewSeed returns a random key in the form that ParseKeyRing reads.
func NewSeed() string {
	seed := make([]byte, ed25519.SeedSize)
	rand.Read(seed) // never fails
	return base64.RawURLEncoding.EncodeToString(seed)
}

// ParseKeyRing reads keys from a setting: one or more Ed25519 seeds (32 random
// bytes as unpadded base64url), separated by commas. Its errors are sentences
// for the operator and don't repeat the secret.
func ParseKeyRing(setting string) (KeyRing, error) {
	if strings.TrimSpace(setting) == "" {
		return KeyRing{}, errors.New("no signing key is set")
	}
	var ring KeyRing
	for i, text := range strings.Split(setting, ",") {
		key, err := parseKey(strings.TrimSpace(text))
		if err != nil {
			return KeyRing{}, fmt.Errorf("signing key %d %w", i+1, err)
		}
		for _, other := range ring.keys {
			if other.id == key.id {
				return KeyRing{}, fmt.Errorf("signing key %d appears twice", i+1)
			}
		}
		ring.keys = append(ring.keys, key)
	}
	return ring, nil
}

func parseKey(text string) (signingKey, error) {
	seed, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(text, "="))
	if err != nil {
		return signingKey{}, errors.New("is not base64url")
	}
	if len(seed) != ed25519.SeedSize {
		return signingKey{}, fmt.Errorf("has %d bytes, it must have %d", len(seed), ed25519.SeedSize)
	}
	if !looksRandom(seed) {
		return signingKey{}, errors.New("is weak: it repeats a few bytes over and over")
	}
	private := ed25519.NewKeyFromSeed(seed)
	return signingKey{keyID(private), private}, nil
}

// looksRandom catches zeroes and typed patterns. Of 32 random bytes at least
// 16 differ from one another, all but surely.
func looksRandom(seed []byte) bool {
	distinct := map[byte]bool{}
	for _, b := range seed {
		distinct[b] = true
	}
	return len(distinct) >= 16
}

func keyID(private ed25519.PrivateKey) string {
	sum := sha256.Sum256(private.Public().(ed25519.PublicKey))
	return hex.EncodeToString(sum[:8])
}

// Derive returns a key of 32 bytes for another purpose from each key, in their
// order (HKDF, RFC 5869). It tells nothing of the key that it comes from.
func (r KeyRing) Derive(purpose string) ([][]byte, error) {
	var derived [][]byte
	for _, key := range r.keys {
		d, err := hkdf.Key(sha256.New, key.private.Seed(), nil, purpose, 32)
		if err != nil {
			return nil, fmt.Errorf("derive a key: %w", err)
		}
		derived = append(derived, d)
	}
	return derived, nil
}

// JWKS returns the published key set (RFC 7517).
func (r KeyRing) JWKS() (json.RawMessage, error) {
	store, err := r.storage()
	if err != nil {
		return nil, err
	}
	return store.JSONPublic(context.Background())
}

func (r KeyRing) storage() (jwkset.Storage, error) {
	store := jwkset.NewMemoryStorage()
	for _, key := range r.keys {
		jwk, err := jwkset.NewJWKFromKey(key.private.Public(), jwkset.JWKOptions{
			Metadata: jwkset.JWKMetadataOptions{ALG: jwkset.AlgEdDSA, KID: key.id, USE: jwkset.UseSig},
		})
		if err != nil {
			return nil, fmt.Errorf("describe key %s: %w", key.id, err)
		}
		if err := store.KeyWrite(context.Background(), jwk); err != nil {
			return nil, fmt.Errorf("add key %s: %w", key.id, err)
		}
	}
	return store, nil
}
