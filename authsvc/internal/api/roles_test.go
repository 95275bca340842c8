package api_test

import (
	"context"
	"fmt"
	"testing"

	"bookstore/shared/apierr"
	"bookstore/shared/authapi"
	"bookstore/shared/token"
)

// TestEachRoleMayDoWhatItMay walks role × call × ownership. Every cell is the
// code of the answer, "" for success.
func TestEachRoleMayDoWhatItMay(t *testing.T) {
	// call gets the caller's own user and session, and somebody else's.
	type objects struct {
		ownUser, otherUser       int64
		ownSession, otherSession string
	}
	suspended, seller := authapi.StatusSuspended, token.Seller
	const anonymous = apierr.CodeUnauthenticated
	table := []struct {
		name string
		call func(ctx context.Context, s *server, o objects) error
		want map[string]string // by role
	}{
		{"see the own account", func(ctx context.Context, s *server, _ objects) error {
			_, err := s.Me(ctx)
			return err
		}, map[string]string{"anonymous": anonymous}},
		{"change the own account", func(ctx context.Context, s *server, _ objects) error {
			_, err := s.UpdateMe(ctx, authapi.Profile{})
			return err
		}, map[string]string{"anonymous": anonymous}},
		{"change the own seller's name", func(ctx context.Context, s *server, o objects) error {
			name := fmt.Sprint("Renamed ", o.ownUser)
			_, err := s.UpdateMe(ctx, authapi.Profile{SellerName: &name})
			return err
		}, map[string]string{"anonymous": anonymous, "buyer": "seller_name " + authapi.CodeNotASeller, "admin": "seller_name " + authapi.CodeNotASeller}},
		{"change the own password", func(ctx context.Context, s *server, _ objects) error {
			return s.ChangePassword(ctx, authapi.ChangePassword{CurrentPassword: password, NewPassword: "battery staple"})
		}, map[string]string{"anonymous": anonymous}},
		{"start selling", func(ctx context.Context, s *server, o objects) error {
			_, err := s.StartSelling(ctx, authapi.StartSelling{SellerName: fmt.Sprint("Begun ", o.ownUser)})
			return err
		}, map[string]string{"anonymous": anonymous}},
		{"list the own sessions", func(ctx context.Context, s *server, _ objects) error {
			_, err := s.Sessions(ctx)
			return err
		}, map[string]string{"anonymous": anonymous}},
		{"end another's session", func(ctx context.Context, s *server, o objects) error {
			return s.EndSession(ctx, o.otherSession)
		}, map[string]string{"anonymous": anonymous, "buyer": authapi.CodeSessionNotFound, "seller": authapi.CodeSessionNotFound, "admin": authapi.CodeSessionNotFound}},
		{"end the own other sessions", func(ctx context.Context, s *server, _ objects) error {
			return s.EndOtherSessions(ctx)
		}, map[string]string{"anonymous": anonymous}},
		{"list accounts", func(ctx context.Context, s *server, _ objects) error {
			_, err := s.Users(ctx, authapi.UserQuery{})
			return err
		}, map[string]string{"anonymous": anonymous, "buyer": apierr.CodeForbidden, "seller": apierr.CodeForbidden}},
		{"change another's role", func(ctx context.Context, s *server, o objects) error {
			_, err := s.UpdateUser(ctx, o.otherUser, authapi.AdminUpdate{Role: &seller})
			return err
		}, map[string]string{"anonymous": anonymous, "buyer": apierr.CodeForbidden, "seller": apierr.CodeForbidden}},
		{"change nobody's role", func(ctx context.Context, s *server, _ objects) error {
			_, err := s.UpdateUser(ctx, 1<<40, authapi.AdminUpdate{Role: &seller})
			return err
		}, map[string]string{"anonymous": anonymous, "buyer": apierr.CodeForbidden, "seller": apierr.CodeForbidden, "admin": authapi.CodeUserNotFound}},
		{"change the own role", func(ctx context.Context, s *server, o objects) error {
			_, err := s.UpdateUser(ctx, o.ownUser, authapi.AdminUpdate{Role: &seller})
			return err
		}, map[string]string{"anonymous": anonymous, "buyer": apierr.CodeForbidden, "seller": apierr.CodeForbidden, "admin": authapi.CodeOwnAccount}},
		{"suspend oneself", func(ctx context.Context, s *server, o objects) error {
			_, err := s.UpdateUser(ctx, o.ownUser, authapi.AdminUpdate{Status: &suspended})
			return err
		}, map[string]string{"anonymous": anonymous, "buyer": apierr.CodeForbidden, "seller": apierr.CodeForbidden, "admin": authapi.CodeOwnAccount}},
		{"end the own session", func(ctx context.Context, s *server, o objects) error {
			return s.EndSession(ctx, o.ownSession)
		}, map[string]string{"anonymous": anonymous}},
		{"sign out", func(ctx context.Context, s *server, _ objects) error {
			return s.Logout(ctx)
		}, map[string]string{"anonymous": anonymous}},
	}

	run(t, func(t *testing.T, s *server) {
		other := s.register(t, "other@example.org")
		otherSession := onlySession(t, s, other)
		callers := map[string]authapi.Grant{
			"buyer":  s.register(t, "buyer@example.org"),
			"seller": s.seller(t, "seller@example.org"),
			"admin":  s.admin(t),
		}
		for _, role := range []string{"anonymous", "buyer", "seller", "admin"} { // the mightiest last
			grant := callers[role]
			o := objects{ownUser: grant.User.ID, otherUser: other.User.ID, otherSession: otherSession}
			ctx := t.Context()
			if role == "anonymous" {
				o.ownUser, o.ownSession = other.User.ID, otherSession
			} else {
				ctx, o.ownSession = as(t, grant), onlySession(t, s, grant)
			}
			for _, row := range table {
				if got := codeOf(row.call(ctx, s, o)); got != row.want[role] {
					t.Errorf("%s, %s: got %q, want %q", role, row.name, got, row.want[role])
				}
			}
		}
	})
}

func onlySession(t *testing.T, s *server, g authapi.Grant) string {
	t.Helper()
	list, err := s.Sessions(as(t, g))
	if err != nil || len(list.Items) != 1 {
		t.Fatalf("sessions of %s: got %+v, %v, want one", g.User.Email, list, err)
	}
	return list.Items[0].ID
}
