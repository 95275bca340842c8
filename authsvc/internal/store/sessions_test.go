package store_test

import (
	"errors"
	"reflect"
	"slices"
	"sync"
	"testing"
	"time"

	"bookstore/authsvc/internal/auth"
	"bookstore/authsvc/internal/store"
	"bookstore/shared/token"
)

func TestASessionIsFoundUntilItEnds(t *testing.T) {
	run(t, func(t *testing.T, s *store.Store) {
		ann, bob := add(t, s, account("ann@example.org")), add(t, s, account("bob@example.org"))
		want := open(t, s, ann, 2)[0]
		since := now.Add(-time.Second)

		session, user, err := s.SessionByRefresh(t.Context(), want.RefreshHash, since)
		if err != nil || session != want || user != ann.User {
			t.Errorf("by refresh token: got %+v, %+v, %v", session, user, err)
		}
		account, err := s.SessionAccount(t.Context(), auth.Caller{UserID: ann.ID, SessionID: want.ID}, since)
		if err != nil || !reflect.DeepEqual(account, ann) {
			t.Errorf("by id: got %+v, %v", account, err)
		}
		if _, err := s.SessionAccount(t.Context(), auth.Caller{UserID: bob.ID, SessionID: want.ID}, since); !errors.Is(err, auth.ErrSessionEnded) {
			t.Errorf("somebody else's: got %v, want %v", err, auth.ErrSessionEnded)
		}
		if _, _, err := s.SessionByRefresh(t.Context(), want.RefreshHash, now); !errors.Is(err, auth.ErrSessionEnded) {
			t.Errorf("unused for too long: got %v, want %v", err, auth.ErrSessionEnded)
		}

		if err := s.EndSession(t.Context(), auth.Caller{UserID: bob.ID, SessionID: want.ID}, now); !errors.Is(err, auth.ErrSessionNotFound) {
			t.Errorf("ended by somebody else: got %v, want %v", err, auth.ErrSessionNotFound)
		}
		if err := s.EndSession(t.Context(), auth.Caller{UserID: ann.ID, SessionID: want.ID}, now); err != nil {
			t.Fatalf("end: %v", err)
		}
		if _, _, err := s.SessionByRefresh(t.Context(), want.RefreshHash, since); !errors.Is(err, auth.ErrSessionEnded) {
			t.Errorf("ended: got %v, want %v", err, auth.ErrSessionEnded)
		}
		if got := revoked(t, s); !slices.Equal(got, []string{want.ID}) {
			t.Errorf("revoked: got %v, want %v", got, want.ID)
		}
	})
}

func TestAUseIsNotedOnceInAWhile(t *testing.T) {
	run(t, func(t *testing.T, s *store.Store) {
		ann := add(t, s, account("ann@example.org"))
		id := open(t, s, ann, 1)[0].ID
		for _, c := range []struct{ after, want time.Duration }{
			{30 * time.Second, 0},
			{90 * time.Second, 90 * time.Second},
			{100 * time.Second, 90 * time.Second},
		} {
			at := now.Add(c.after)
			if err := s.TouchSession(t.Context(), id, at, at.Add(-time.Minute)); err != nil {
				t.Fatal(err)
			}
			got, err := s.Sessions(t.Context(), ann.ID, now.Add(-time.Hour))
			if err != nil || len(got) != 1 || !got[0].LastUsedAt.Equal(now.Add(c.want)) {
				t.Errorf("after %v: got %+v, %v, want a use after %v", c.after, got, err, c.want)
			}
		}
	})
}

func TestALoginThatWasOvertakenOpensNoSession(t *testing.T) {
	run(t, func(t *testing.T, s *store.Store) {
		ann, bob := add(t, s, account("ann@example.org")), add(t, s, account("bob@example.org"))
		change := auth.PasswordChange{Caller: auth.Caller{UserID: ann.ID}, OldHash: ann.PasswordHash, NewHash: "new"}
		if err := s.ChangePassword(t.Context(), change, now); err != nil {
			t.Fatal(err)
		}
		suspended := auth.Suspended
		if _, err := s.UpdateAccess(t.Context(), bob.ID, auth.AccessChange{Status: &suspended}, now); err != nil {
			t.Fatal(err)
		}
		for _, a := range []auth.Account{ann, bob} {
			if err := s.OpenSession(t.Context(), session(a.ID, 0), a.PasswordHash, ""); !errors.Is(err, auth.ErrBadCredentials) {
				t.Errorf("%s: got %v, want %v", a.Email, err, auth.ErrBadCredentials)
			}
			if got := sessionIDs(t, s, a.ID); len(got) != 0 {
				t.Errorf("%s: got sessions %v", a.Email, got)
			}
		}
		if err := s.ChangePassword(t.Context(), change, now); !errors.Is(err, auth.ErrBadCredentials) {
			t.Errorf("changed from an old password: got %v, want %v", err, auth.ErrBadCredentials)
		}
	})
}

func TestANewPasswordKeepsOnlyTheCallersSession(t *testing.T) {
	run(t, func(t *testing.T, s *store.Store) {
		ann, bob := add(t, s, account("ann@example.org")), add(t, s, account("bob@example.org"))
		sessions := open(t, s, ann, 3)
		others := open(t, s, bob, 1)
		change := auth.PasswordChange{
			Caller:  auth.Caller{UserID: ann.ID, SessionID: sessions[1].ID},
			OldHash: ann.PasswordHash, NewHash: "new",
		}
		if err := s.ChangePassword(t.Context(), change, now); err != nil {
			t.Fatal(err)
		}
		if got, want := sessionIDs(t, s, ann.ID), []string{sessions[1].ID}; !slices.Equal(got, want) {
			t.Errorf("left: got %v, want %v", got, want)
		}
		if got, want := revoked(t, s), []string{sessions[0].ID, sessions[2].ID}; !slices.Equal(got, want) {
			t.Errorf("revoked: got %v, want %v", got, want)
		}
		if got := sessionIDs(t, s, bob.ID); !slices.Equal(got, []string{others[0].ID}) {
			t.Errorf("somebody else's: got %v", got)
		}
	})
}

func TestAChangeOfAccessEndsEverySession(t *testing.T) {
	run(t, func(t *testing.T, s *store.Store) {
		ann := add(t, s, account("ann@example.org"))
		open(t, s, ann, 2)
		buyer, seller, active := token.Buyer, token.Seller, auth.Active

		same := auth.AccessChange{Role: &buyer, Status: &active}
		user, err := s.UpdateAccess(t.Context(), ann.ID, same, now)
		if err != nil || user != ann.User || len(revoked(t, s)) != 0 {
			t.Errorf("a change to the same: got %+v, %v, revoked %v", user, err, revoked(t, s))
		}
		user, err = s.UpdateAccess(t.Context(), ann.ID, auth.AccessChange{Role: &seller}, now)
		if err != nil || user.Role != token.Seller || user.SellerName != ann.Name {
			t.Errorf("made a seller: got %+v, %v", user, err)
		}
		if len(revoked(t, s)) != 2 || len(sessionIDs(t, s, ann.ID)) != 0 {
			t.Errorf("got revoked %v, left %v, want both revoked", revoked(t, s), sessionIDs(t, s, ann.ID))
		}
		if _, err := s.UpdateAccess(t.Context(), ann.ID+1, same, now); !errors.Is(err, auth.ErrUserNotFound) {
			t.Errorf("nobody: got %v, want %v", err, auth.ErrUserNotFound)
		}
	})
}

func TestEverySessionEndsRevokedHoweverManyEndIt(t *testing.T) {
	run(t, func(t *testing.T, s *store.Store) {
		ann := add(t, s, account("ann@example.org"))
		sessions := open(t, s, ann, 6)
		suspended := auth.Suspended
		var wg sync.WaitGroup
		for i, session := range sessions {
			wg.Go(func() {
				err := s.EndSession(t.Context(), auth.Caller{UserID: ann.ID, SessionID: session.ID}, now)
				if err != nil && !errors.Is(err, auth.ErrSessionNotFound) {
					t.Errorf("logout %d: %v", i, err)
				}
			})
		}
		wg.Go(func() {
			if _, err := s.UpdateAccess(t.Context(), ann.ID, auth.AccessChange{Status: &suspended}, now); err != nil {
				t.Errorf("suspend: %v", err)
			}
		})
		wg.Wait()
		if got := revoked(t, s); len(got) != len(sessions) {
			t.Errorf("revoked: got %v, want all %d", got, len(sessions))
		}
		if got := sessionIDs(t, s, ann.ID); len(got) != 0 {
			t.Errorf("left: got %v", got)
		}
	})
}
