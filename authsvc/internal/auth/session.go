package auth

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"strings"
	"time"

	"bookstore/shared/text"
	"bookstore/shared/token"
)

const (
	// SessionLife is how long a session lasts after it was last used.
	SessionLife = 30 * 24 * time.Hour
	// RevocationLife is how long an ended session is published as revoked: a
	// little longer than any access token of it can live.
	RevocationLife = token.Lifetime + time.Minute

	// DeviceLife is how long a device stays known after it was last signed in from.
	DeviceLife = 400 * 24 * time.Hour

	touchInterval = time.Minute
	maxUserAgent  = 255 // characters
)

// Session is one place where an account is signed in.
type Session struct {
	ID          string
	UserID      int64
	RefreshHash string // of the refresh token, which only its holder knows
	UserAgent   string
	DeviceHash  string // that it was opened from, when it is new; "" if it is not known
	CreatedAt   time.Time
	LastUsedAt  time.Time
}

// newSession returns a session without a user, and its refresh token.
func newSession(userAgent string, from Origin, now time.Time) (Session, string) {
	refresh := newSecret()
	return Session{
		ID:          rand.Text(),
		RefreshHash: digest(refresh),
		UserAgent:   cutUserAgent(userAgent),
		DeviceHash:  deviceHash(from.Device),
		CreatedAt:   now,
		LastUsedAt:  now,
	}, refresh
}

// newSecret returns what nobody can guess: 32 random bytes as base64url.
func newSecret() string {
	secret := make([]byte, 32)
	rand.Read(secret) // never fails
	return base64.RawURLEncoding.EncodeToString(secret)
}

// digest returns what stands for a secret or personal text in the database. A
// plain hash is enough for what can't be guessed.
func digest(s string) string {
	sum := sha256.Sum256([]byte(s))
	return base64.RawURLEncoding.EncodeToString(sum[:])
}

func cutUserAgent(s string) string {
	runes := []rune(text.Line(strings.ToValidUTF8(s, "?")))
	return string(runes[:min(len(runes), maxUserAgent)])
}

// endedBefore is the last use that is too long ago at now.
func endedBefore(now time.Time) time.Time { return now.Add(-SessionLife) }
