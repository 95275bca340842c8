package seal

import (
	"errors"
	"fmt"
)

// MinKey is how many characters a key has at least.
const MinKey = 32

// ErrKey says that a text is too short for a key.
var ErrKey = errors.New("not a key")

// Key is the secret that seals events: a setting's characters as they are.
type Key []byte

// ParseKey returns the key that a setting is. It returns ErrKey for one of
// fewer than MinKey characters.
func ParseKey(text string) (Key, error) {
	if len(text) < MinKey {
		return nil, fmt.Errorf("%w: must have at least %d characters", ErrKey, MinKey)
	}
	return Key(text), nil
}

// UnmarshalText is ParseKey for packages that read settings.
func (k *Key) UnmarshalText(text []byte) error {
	key, err := ParseKey(string(text))
	if err != nil {
		return err
	}
	*k = key
	return nil
}

// String hides the key from logs.
func (Key) String() string { return "key" }

// GoString hides the key from logs.
func (Key) GoString() string { return "key" }
