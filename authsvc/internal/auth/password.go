package auth

import (
	"context"
	"fmt"
	"time"
	"unicode/utf8"

	"bookstore/shared/apierr"
	"bookstore/shared/authapi"
	"bookstore/shared/text"

	"github.com/alexedwards/argon2id"
)

// The length of a password, in characters.
const (
	MinPassword = authapi.MinPassword
	MaxPassword = authapi.MaxPassword
)

// PasswordCost is what hashing a password costs: 19 MiB of memory, two passes.
var PasswordCost = argon2id.Params{Memory: 19 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}

// CheckPassword returns an error on field if password may not be chosen for the
// account with this address.
func CheckPassword(field, password, email string) error {
	switch n := utf8.RuneCountInString(password); {
	case n < MinPassword:
		return apierr.Field(field, apierr.CodeTooShort, "min", MinPassword)
	case n > MaxPassword:
		return apierr.Field(field, apierr.CodeTooLong, "max", MaxPassword)
	case text.EmailKey(password) == text.EmailKey(email):
		return apierr.Field(field, authapi.CodePasswordIsEmail)
	}
	return nil
}

// hashPatience is how long a caller waits for its turn at most.
const hashPatience = 3 * time.Second

// Hasher hashes and compares passwords, a few at a time, since each takes a
// core and much memory. It is safe for concurrent use.
type Hasher struct {
	cost    argon2id.Params
	running chan struct{}
	admit   chan struct{} // running and waiting
	decoy   string
}

// NewHasher returns a hasher that runs parallel hashes at a time and lets
// queue more callers wait.
func NewHasher(cost argon2id.Params, parallel, queue int) (*Hasher, error) {
	decoy, err := argon2id.CreateHash("nobody's password", &cost)
	if err != nil {
		return nil, fmt.Errorf("hash a password: %w", err)
	}
	return &Hasher{
		cost:    cost,
		running: make(chan struct{}, parallel),
		admit:   make(chan struct{}, parallel+queue),
		decoy:   decoy,
	}, nil
}

// Waiting returns how many callers wait for their turn.
func (h *Hasher) Waiting() int { return max(len(h.admit)-len(h.running), 0) }

// Hash returns the salted hash of password. It returns ErrOverloaded if too many
// callers wait already, or its turn does not come.
func (h *Hasher) Hash(ctx context.Context, password string) (hash string, err error) {
	err = h.inTurn(ctx, func() error {
		hash, err = argon2id.CreateHash(password, &h.cost)
		return err
	})
	if err != nil {
		return "", fmt.Errorf("hash a password: %w", err)
	}
	return hash, nil
}

// Matches reports whether hash was made of password. An empty hash matches none,
// after the same time. It returns ErrOverloaded if too many callers wait already,
// or its turn does not come, and what proceed returns when it has come.
func (h *Hasher) Matches(ctx context.Context, password, hash string, proceed func() error) (matches bool, err error) {
	known := hash != ""
	if !known {
		hash = h.decoy
	}
	err = h.inTurn(ctx, func() error {
		if err := proceed(); err != nil {
			return err
		}
		matches, err = argon2id.ComparePasswordAndHash(password, hash)
		return err
	})
	if err != nil {
		return false, fmt.Errorf("compare a password: %w", err)
	}
	return matches && known, nil
}

func (h *Hasher) inTurn(ctx context.Context, work func() error) error {
	select {
	case h.admit <- struct{}{}:
		defer func() { <-h.admit }()
	default:
		return ErrOverloaded
	}
	timer := time.NewTimer(hashPatience)
	defer timer.Stop()
	select {
	case h.running <- struct{}{}:
		defer func() { <-h.running }()
	case <-timer.C:
		return ErrOverloaded
	case <-ctx.Done():
		return context.Cause(ctx)
	}
	return work()
}
