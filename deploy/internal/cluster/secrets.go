package cluster

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"bookstore/shared/token"
)

// Secrets are the keys that the programs share. They are made once and kept,
// so that sessions survive a restart.
type Secrets struct {
	ServiceKey string `json:"service_key"`
	TokenKey   string `json:"token_key"`
	SessionKey string `json:"session_key"`
	EventKey   string `json:"event_key"`
}

// LoadSecrets reads the secrets of a file, and makes the file if there is none.
func LoadSecrets(path string) (Secrets, error) {
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return makeSecrets(path)
	}
	if err != nil {
		return Secrets{}, fmt.Errorf("read secrets: %w", err)
	}
	var s Secrets
	if err := json.Unmarshal(data, &s); err != nil {
		return Secrets{}, fmt.Errorf("read secrets from %s: %w", path, err)
	}
	return s, nil
}

func makeSecrets(path string) (Secrets, error) {
	s := Secrets{
		ServiceKey: RandomKey(32),
		TokenKey:   token.NewSeed(),
		SessionKey: RandomKey(64),
		EventKey:   RandomKey(32),
	}
	data, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return Secrets{}, err
	}
	if err := os.WriteFile(path, data, 0o600); err != nil {
		return Secrets{}, fmt.Errorf("keep secrets: %w", err)
	}
	return s, nil
}

// RandomKey returns a secret: n random bytes in standard base64.
func RandomKey(n int) string {
	key := make([]byte, n)
	rand.Read(key)
	return base64.StdEncoding.EncodeToString(key)
}
