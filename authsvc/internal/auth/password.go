package auth

import (
	"context"
	"fmt"
	"time"

	"github.com/alexedwards/argon2id"
	"golang.org/x/text/unicode/norm"
)

// PasswordCost is what hashing a password costs: 19 MiB of memory, two passes.
var PasswordCost = argon2id.Params{Memory: 19 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32}

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

// Hash returns the salted hash of password, however its letters are composed. It
// returns ErrOverloaded if too many callers wait already, or its turn does not
// come.
func (h *Hasher) Hash(ctx context.Context, password string) (hash string, err error) {
	err = h.inTurn(ctx, func() error {
		hash, err = argon2id.CreateHash(norm.NFC.String(password), &h.cost)
		return err
	})
	if err != nil {
		return "", fmt.Errorf("hash a password: %w", err)
	}
	return hash, nil
}

// Match is what comparing a password with a hash has found.
type Match int

const (
	// NoMatch: the hash was made of another password.
	NoMatch Match = iota
	// StaleMatch: it was made of the password's bytes, as they were once hashed,
	// and should be made again.
	StaleMatch
	// FullMatch: it was made of the password by Hash.
	FullMatch
)

// Compare says whether hash was made of password. An empty hash matches none, after
// the same time. It returns ErrOverloaded if too many callers wait already, or its
// turn does not come, and what proceed returns when it has come.
func (h *Hasher) Compare(ctx context.Context, password, hash string, proceed func() error) (match Match, err error) {
	known := hash != ""
	if !known {
		hash = h.decoy
	}
	err = h.inTurn(ctx, func() error {
		if err := proceed(); err != nil {
			return err
		}
		match, err = compare(password, hash)
		return err
	})
	if err != nil {
		return NoMatch, fmt.Errorf("compare a password: %w", err)
	}
	if !known {
		return NoMatch, nil
	}
	return match, nil
}

func compare(password, hash string) (Match, error) {
	composed := norm.NFC.String(password)
	if matches, err := argon2id.ComparePasswordAndHash(composed, hash); matches || err != nil {
		return FullMatch, err
	}
	if composed == password {
		return NoMatch, nil
	}
	if matches, err := argon2id.ComparePasswordAndHash(password, hash); matches || err != nil {
		return StaleMatch, err
	}
	return NoMatch, nil
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
