// Package idempotency lets whoever sends a request to create something send it
// again: a double click, a repetition after a lost answer and a form that is
// sent once more from the browser's history create one thing. The request
// carries a key in the header Idempotency-Key; its receiver keeps the key in the
// transaction that creates, with what was created.
package idempotency

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"bookstore/shared/apierr"
)

// Header is the HTTP header that carries the key.
const Header = "Idempotency-Key"

// Life is how long a key is remembered. After that, the same request creates
// once more.
const Life = 7 * 24 * time.Hour

// ErrReused says that something else was created under the key.
var ErrReused = apierr.New(apierr.KindInvalid, apierr.CodeIdempotencyKeyReused)

// Request is a request to create something, as its receiver remembers it.
type Request struct {
	UserID int64  // who sent it; 0 for guests
	Key    string // that its sender chose; without one, nothing is remembered
	Digest string // of what is to be created, in hex
}

// NewRequest returns the request of a user, 0 for a guest, to create what
// content says under a key, which may be empty. Secrets do not belong into
// content: a digest of it is kept.
func NewRequest(userID int64, key string, content any) (Request, error) {
	if key == "" {
		return Request{UserID: userID}, nil
	}
	data, err := json.Marshal(content)
	if err != nil {
		return Request{}, fmt.Errorf("digest of a request: %w", err)
	}
	digest := sha256.Sum256(data)
	return Request{UserID: userID, Key: key, Digest: hex.EncodeToString(digest[:])}, nil
}
