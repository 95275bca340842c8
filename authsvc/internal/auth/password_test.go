package auth_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"

	"bookstore/authsvc/internal/auth"
	"bookstore/shared/apierr"
	"bookstore/shared/authapi"

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
		want           bool
	}{
		{"correct horse", hash, true},
		{"correct horse ", hash, false},
		{"", hash, false},
		{"correct horse", "", false},
		{"nobody's password", "", false}, // the decoy's
	} {
		got, err := hasher.Matches(t.Context(), c.password, c.hash, func() error { return nil })
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

func TestPasswordsThatAreEasilyGuessedAreRefused(t *testing.T) {
	for _, c := range []struct{ password, want string }{
		{"1234567", apierr.CodeTooShort},
		{"ñññññññ", apierr.CodeTooShort},
		{"ññññññññ", ""},
		{strings.Repeat("ñ", 128), ""},
		{strings.Repeat("x", 129), apierr.CodeTooLong},
		{"Ann@Example.org", authapi.CodePasswordIsEmail},
	} {
		got := ""
		if e, ok := apierr.As(auth.CheckPassword("password", c.password, "ann@example.org")); ok {
			got = e.Fields[0].Code
		}
		if got != c.want {
			t.Errorf("%q: got %q, want %q", c.password, got, c.want)
		}
	}
}
