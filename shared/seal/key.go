package seal

import (
	"encoding/base64"
	"errors"
	"fmt"
)

// MinKey is the fewest bytes of a key: as many as a seal has.
const MinKey = 32

// ErrKey says that a text is no key.
var ErrKey = errors.New("not a key")

// Key is the secret that seals events.
type Key []byte

// ParseKey returns the key that text holds in standard base64. It returns
// ErrKey for anything else and for fewer than MinKey bytes.
func ParseKey(text string) (Key, error) {
	key, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		// The decoder's own error would tell a part of the key.
		return nil, fmt.Errorf("%w: want standard base64", ErrKey)
	}
	if len(key) < MinKey {
		return nil, fmt.Errorf("%w: want at least %d bytes in base64, got %d", ErrKey, MinKey, len(key))
	}
	return key, nil
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
