package auth_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"

	"bookstore/authsvc/internal/auth"

	"github.com/alexedwards/argon2id"
)

// cheap makes hashing fast enough for tests.
var cheap = argon2id.Params{Memory: 64, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32}

func TestAPasswordMatchesItsHashOnly(t *testing.T) {
	hasher, err := auth.NewHasher(cheap, 1, 0)
	if err != nil {
		t.Fatal(err)
	}
	hash, err := hasher.Hash(t.Context(), "correct horse")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		password, hash string
		want           auth.Match
	}{
		{"correct horse", hash, auth.FullMatch},
		{"correct horse ", hash, auth.NoMatch},
		{"", hash, auth.NoMatch},
		{"correct horse", "", auth.NoMatch},
		{"nobody's password", "", auth.NoMatch}, // the decoy's
	} {
		got, err := hasher.Compare(t.Context(), c.password, c.hash, func() error { return nil })
		if err != nil || got != c.want {
			t.Errorf("%q against %q: got %v, %v, want %v", c.password, c.hash, got, err, c.want)
		}
	}
	if again, _ := hasher.Hash(t.Context(), "correct horse"); again == hash {
		t.Error("two hashes of a password are the same: no salt")
	}
}

func TestPasswordsAreHashedAsConfigured(t *testing.T) {
	hasher, err := auth.NewHasher(auth.PasswordCost, 1, 0)
	if err != nil {
		t.Fatal(err)
	}
	hash, err := hasher.Hash(t.Context(), "correct horse")
	if want := "$argon2id$v=19$m=19456,t=2,p=1$"; err != nil || !strings.HasPrefix(hash, want) {
		t.Errorf("got %q, %v, want %s…", hash, err, want)
	}
}

func TestAFullQueueOfPasswordsIsRefusedAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hasher, err := auth.NewHasher(cheap, 1, 1)
		if err != nil {
			t.Fatal(err)
		}
		release := hasher.Occupy()
		ctx, cancel := context.WithCancel(t.Context())
		waiting := make(chan error)
		go func() {
			_, err := hasher.Hash(ctx, "the second waits")
			waiting <- err
		}()
		synctest.Wait()
		if _, err := hasher.Hash(t.Context(), "the third does not"); !errors.Is(err, auth.ErrOverloaded) {
			t.Errorf("third: got %v, want %v", err, auth.ErrOverloaded)
		}
		cancel()
		if err := <-waiting; !errors.Is(err, context.Canceled) {
			t.Errorf("second, given up: got %v, want %v", err, context.Canceled)
		}
		release()
		if _, err := hasher.Hash(t.Context(), "free again"); err != nil {
			t.Errorf("afterwards: got %v", err)
		}
	})
}

func TestAPasswordMatchesHoweverItsLettersAreComposed(t *testing.T) {
	const composed, decomposed = "caf\u00e9 con leche", "cafe\u0301 con leche"
	hasher, err := auth.NewHasher(cheap, 1, 0)
	if err != nil {
		t.Fatal(err)
	}
	old, err := argon2id.CreateHash(decomposed, &cheap) // as bytes were once hashed
	if err != nil {
		t.Fatal(err)
	}
	for _, made := range []string{composed, decomposed} {
		hash, err := hasher.Hash(t.Context(), made)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			typed, hash string
			want        auth.Match
		}{
			{composed, hash, auth.FullMatch}, {decomposed, hash, auth.FullMatch},
			{decomposed, old, auth.StaleMatch}, {"cafe con leche", hash, auth.NoMatch},
		} {
			got, err := hasher.Compare(t.Context(), c.typed, c.hash, func() error { return nil })
			if err != nil || got != c.want {
				t.Errorf("%+q against %s: got %v, %v, want %v", c.typed, c.hash, got, err, c.want)
			}
		}
	}
}
