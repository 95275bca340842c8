package api_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"bookstore/authsvc/internal/store"
	"bookstore/shared/apierr"
	"bookstore/shared/authapi"
	"bookstore/shared/httpclient"
	"bookstore/shared/sqldb"
	"bookstore/shared/sqldb/sqldbtest"
)

const wrongPassword = "wrong horse"

// from returns the context of a call of the web shop for a client at an address.
func from(t *testing.T, address string) context.Context {
	return httpclient.WithHeader(t.Context(), "Client-Address", address)
}

// device returns a browser that the shop sees for the first time.
func (s *server) device(id string) authapi.Device { return authapi.Device{ID: id, Since: s.time()} }

// try tries a password and returns the answer's code, and how many seconds to wait.
func (s *server) try(ctx context.Context, email, password string) (code string, wait int) {
	_, err := s.Login(ctx, authapi.Login{Email: email, Password: password})
	if e, ok := apierr.As(err); ok && e.Kind == apierr.KindRateLimited {
		seconds, _ := e.Params["retry_after"].(float64)
		wait = int(seconds)
	}
	return codeOf(err), wait
}

// attack tries wrong passwords from ever other networks until the waits for the
// account are the longest.
func (s *server) attack(t *testing.T, email string) {
	t.Helper()
	for i := range 20 {
		if code, _ := s.try(from(t, fmt.Sprintf("198.51.%d.7", i)), email, wrongPassword); code != authapi.CodeBadCredentials {
			t.Fatalf("stranger %d: got %q, want %q", i, code, authapi.CodeBadCredentials)
		}
	}
}

func TestWaitsGrowWithWrongPasswordsAndPassWithTimeWhoeverHasTheAddress(t *testing.T) {
	for _, email := range []string{"ann@example.org", "nobody@example.org"} {
		run(t, func(t *testing.T, s *server) {
			s.register(t, "ann@example.org")
			stranger := from(t, "203.0.113.7")
			var waits []int
			for range 14 {
				code, wait := s.try(stranger, email, wrongPassword)
				if code == authapi.CodeTooManyAttempts {
					waits = append(waits, wait)
					s.pass(time.Duration(wait) * time.Second)
					code, _ = s.try(stranger, email, wrongPassword)
				}
				if code != authapi.CodeBadCredentials {
					t.Fatalf("got %q, want %q", code, authapi.CodeBadCredentials)
				}
			}
			if got, want := fmt.Sprint(waits), "[1 2 4 8 16 30 30 30 30]"; got != want {
				t.Errorf("%s: waits of %s seconds, want %s", email, got, want)
			}
			s.pass(time.Hour)
			for i := range 5 {
				if code, _ := s.try(stranger, email, wrongPassword); code != authapi.CodeBadCredentials {
					t.Errorf("an hour later, try %d: got %q", i+1, code)
				}
			}
		})
	}
}

func TestNoStrangerKeepsTheOwnerOut(t *testing.T) {
	run(t, func(t *testing.T, s *server) {
		const ann = "ann@example.org"
		known := authapi.WithDevice(from(t, "192.0.2.7"), s.device("known"))
		_, err := s.Register(known, authapi.Register{Email: ann, Password: password, Name: "Ann"})
		must(t, err)
		s.attack(t, ann)

		if code, _ := s.try(known, ann, password); code != "" {
			t.Errorf("from a device that the owner signed in from: got %q", code)
		}
		fresh := authapi.WithDevice(from(t, "198.51.0.7"), s.device("new"))
		if code, wait := s.try(fresh, ann, password); code != authapi.CodeTooManyAttempts || wait != 30 {
			t.Errorf("from a new device beside a stranger: got %q, wait %d s, want %q and 30", code, wait, authapi.CodeTooManyAttempts)
		}
		for range 30 { // the stranger goes on, from the same address
			s.pass(time.Second)
			s.try(from(t, "198.51.0.7"), ann, wrongPassword)
		}
		if code, _ := s.try(fresh, ann, password); code != "" {
			t.Errorf("after the wait that was said: got %q", code)
		}
	})
}

func TestAKnownDeviceIsNoWayToGuess(t *testing.T) {
	run(t, func(t *testing.T, s *server) {
		ctx := authapi.WithDevice(t.Context(), s.device("shared"))
		for _, email := range []string{"ann@example.org", "bob@example.org"} {
			_, err := s.Register(ctx, authapi.Register{Email: email, Password: password, Name: "Ann"})
			must(t, err)
		}
		for range 10 {
			s.try(ctx, "ann@example.org", wrongPassword)
		}
		if code, wait := s.try(ctx, "ann@example.org", password); code != authapi.CodeTooManyAttempts || wait != 1 {
			t.Errorf("after ten wrong passwords: got %q, wait %d s", code, wait)
		}
		if code, _ := s.try(ctx, "bob@example.org", password); code != "" {
			t.Errorf("another owner of the device: got %q", code)
		}
	})
}

func TestWrongPasswordsForManyAccountsCountForTheirNetwork(t *testing.T) {
	run(t, func(t *testing.T, s *server) {
		code := ""
		for i := 0; code != authapi.CodeTooManyAttempts; i++ {
			if code, _ = s.try(from(t, fmt.Sprintf("203.0.113.%d", i%250)), fmt.Sprintf("user%d@example.org", i), wrongPassword); i > 100 {
				t.Fatalf("%d accounts were tried from one network", i)
			}
		}
		if code, _ := s.try(from(t, "203.0.114.1"), "user@example.org", wrongPassword); code != authapi.CodeBadCredentials {
			t.Errorf("the next network: got %q", code)
		}
	})
}

func TestInstancesShareWhatTheyCount(t *testing.T) {
	sqldbtest.Run(t, store.Migrations, func(t *testing.T, db *sqldb.DB) {
		one, other := start(t, db), start(t, db)
		for i := range 5 {
			s := []*server{one, other}[i%2]
			if code, _ := s.try(t.Context(), "ann@example.org", wrongPassword); code != authapi.CodeBadCredentials {
				t.Fatalf("try %d: got %q", i+1, code)
			}
		}
		for _, s := range []*server{one, other} {
			if code, _ := s.try(t.Context(), "ann@example.org", wrongPassword); code != authapi.CodeTooManyAttempts {
				t.Errorf("the sixth: got %q, want %q", code, authapi.CodeTooManyAttempts)
			}
		}
	})
}

func TestARightPasswordForgetsWrongOnes(t *testing.T) {
	run(t, func(t *testing.T, s *server) {
		s.register(t, "ann@example.org")
		for range 3 {
			for range 4 {
				if code, _ := s.try(t.Context(), "ann@example.org", wrongPassword); code != authapi.CodeBadCredentials {
					t.Errorf("got %q", code)
				}
			}
			s.login(t, "ann@example.org")
		}
	})
}

func TestWhoeverIsSignedInMayGuessNoPasswordAndIsHeldUpByNoStranger(t *testing.T) {
	run(t, func(t *testing.T, s *server) {
		grant := s.register(t, "ann@example.org")
		s.attack(t, "ann@example.org")
		change := authapi.ChangePassword{CurrentPassword: wrongPassword, NewPassword: "a third password"}
		for range 10 {
			wantCode(t, "wrong", s.ChangePassword(as(t, grant), change), "current_password "+authapi.CodeWrongPassword)
		}
		wantCode(t, "the eleventh", s.ChangePassword(as(t, grant), change), authapi.CodeTooManyAttempts)
	})
}

func TestANetworkAsksForSoManyAccountsAndMails(t *testing.T) {
	run(t, func(t *testing.T, s *server) {
		ask := map[string]func(ctx context.Context, email string) error{
			"register": func(ctx context.Context, email string) error {
				_, err := s.Register(ctx, authapi.Register{Email: email, Name: "Ann"}) // is told if the address is taken
				if codeOf(err) == "password "+apierr.CodeTooShort {
					return nil
				}
				return err
			},
			"reset": func(ctx context.Context, email string) error {
				return s.RequestReset(ctx, authapi.RequestReset{Email: email})
			},
		}
		for what, limit := range map[string]struct {
			most  int
			pause float64
		}{"register": {500, 10}, "reset": {30, 120}} {
			for i := range limit.most {
				wantCode(t, what, ask[what](from(t, "2001:db8::1"), fmt.Sprintf("user%d@example.org", i)), "")
			}
			err := ask[what](from(t, "2001:db8::2"), "another@example.org")
			if e, ok := apierr.As(err); !ok || e.Code != authapi.CodeTooManyAttempts || e.Params["retry_after"] != limit.pause {
				t.Errorf("%s, once more from the same network: got %v", what, err)
			}
			wantCode(t, what+" from another network", ask[what](from(t, "203.0.113.7"), "a.third@example.org"), "")
		}
	})
}

func TestWhoeverResetsThePasswordAloneIsKnown(t *testing.T) {
	run(t, func(t *testing.T, s *server) {
		before := authapi.WithDevice(from(t, "192.0.2.7"), s.device("old"))
		_, err := s.Register(before, authapi.Register{Email: "ann@example.org", Password: password, Name: "Ann"})
		must(t, err)
		ctx := authapi.WithDevice(from(t, "192.0.2.7"), s.device("new"))
		must(t, s.ResetPassword(ctx, authapi.ResetPassword{Token: s.forgottenBy(t, "ann@example.org"), NewPassword: newPassword}))
		s.attack(t, "ann@example.org")
		if code, _ := s.try(ctx, "ann@example.org", newPassword); code != "" {
			t.Errorf("got %q", code)
		}
		if code, _ := s.try(before, "ann@example.org", newPassword); code != authapi.CodeTooManyAttempts {
			t.Errorf("the device of before: got %q, want %q", code, authapi.CodeTooManyAttempts)
		}
	})
}
