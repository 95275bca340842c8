package shop

import (
	"crypto/rand"

	"github.com/google/uuid"
)

// newID returns a UUID that sorts by the time it was made.
func newID() string { return uuid.Must(uuid.NewV7()).String() }

// newNumber returns an order's number: eight characters that are hard to
// mistake for each other, in two groups.
func newNumber() string {
	const alphabet = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ" // 32 of them
	random := make([]byte, 8)
	_, _ = rand.Read(random) // never fails
	for i, b := range random {
		random[i] = alphabet[b%32]
	}
	return string(random[:4]) + "-" + string(random[4:])
}
