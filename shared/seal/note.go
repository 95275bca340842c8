package seal

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
)

// ErrNote says that a note is not the one that was sealed.
var ErrNote = errors.New("the note was altered")

// NewSalt returns a salt for a note: 32 hex digits. It is kept beside the note
// and erased with it, so that nobody can find out by guessing what the note
// was.
func NewSalt() string {
	salt := make([]byte, 16)
	_, _ = rand.Read(salt) // never fails
	return hex.EncodeToString(salt)
}

// NoteDigest returns what is sealed in place of a note, in hex: the HMAC-SHA256
// of the note under its salt.
func NoteDigest(salt, note string) string {
	mac := hmac.New(sha256.New, []byte(salt))
	mac.Write([]byte(note))
	return hex.EncodeToString(mac.Sum(nil))
}

// CheckNote returns ErrNote unless a note is the one whose digest was sealed,
// or was erased together with its salt.
func CheckNote(digest, salt, note string) error {
	if note == "" && salt == "" || digest != "" && hmac.Equal([]byte(digest), []byte(NoteDigest(salt, note))) {
		return nil
	}
	return ErrNote
}
