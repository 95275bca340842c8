package api_test

import (
	"fmt"
	"slices"
	"testing"

	"bookstore/shared/apierr"
	"bookstore/shared/authapi"
	"bookstore/shared/sqldb/sqldbtest"
	"bookstore/shared/token"
)

func TestAdminsPageThroughTheAccounts(t *testing.T) {
	run(t, func(t *testing.T, s *server) {
		admin := s.admin(t)
		var want []string
		for i := range 7 {
			email := fmt.Sprintf("user%d@example.org", i)
			s.register(t, email)
			want = append(want, email)
		}
		slices.Reverse(want)

		var got []string
		q := authapi.UserQuery{Q: " USER", Limit: 3}
		for pages := 1; ; pages++ {
			users, err := s.Users(as(t, admin), q)
			must(t, err)
			for _, u := range users.Items {
				got = append(got, u.Email)
			}
			if q.Cursor = users.NextCursor; q.Cursor == "" {
				if pages != 3 {
					t.Errorf("got %d pages, want 3", pages)
				}
				break
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("got %v, want %v", got, want)
		}

		for _, c := range []struct {
			q    authapi.UserQuery
			want string
		}{
			{authapi.UserQuery{Cursor: "nonsense"}, "cursor " + apierr.CodeBadFormat},
			{authapi.UserQuery{Limit: 101}, "limit " + apierr.CodeTooLarge},
			{authapi.UserQuery{Role: "king"}, "role " + apierr.CodeNotAllowed},
		} {
			_, err := s.Users(as(t, admin), c.q)
			wantCode(t, fmt.Sprint(c.q), err, c.want)
		}
		users, err := s.Users(as(t, admin), authapi.UserQuery{Q: fmt.Sprint(" #", admin.User.ID)})
		if err != nil || len(users.Items) != 1 || users.Items[0].Email != adminEmail {
			t.Errorf("by number: got %+v, %v", users, err)
		}
		users, err = s.Users(as(t, admin), authapi.UserQuery{Role: "admin"})
		if err != nil || len(users.Items) != 1 || users.Items[0].Email != adminEmail {
			t.Errorf("admins: got %+v, %v", users, err)
		}
	})
}

func TestASuspendedAccountIsOutAtOnce(t *testing.T) {
	run(t, func(t *testing.T, s *server) {
		admin, ann := s.admin(t), s.register(t, "ann@example.org")
		set := func(status string) {
			t.Helper()
			user, err := s.UpdateUser(as(t, admin), ann.User.ID, authapi.AdminUpdate{Status: &status})
			if err != nil || user.Status != status {
				t.Fatalf("set %s: got %+v, %v", status, user, err)
			}
		}
		set(authapi.StatusSuspended)
		_, err := s.Me(as(t, ann))
		wantCode(t, "access token", err, authapi.CodeSessionEnded)
		_, err = s.Refresh(t.Context(), ann.RefreshToken)
		wantCode(t, "refresh token", err, authapi.CodeSessionEnded)
		_, err = s.Login(t.Context(), authapi.Login{Email: "ann@example.org", Password: password})
		wantCode(t, "the right password", err, authapi.CodeSuspended)
		_, err = s.Login(t.Context(), authapi.Login{Email: "ann@example.org", Password: "wrong"})
		wantCode(t, "a wrong password", err, authapi.CodeBadCredentials)
		if revoked, err := s.Revocations(t.Context()); err != nil || len(revoked.SessionIDs) != 1 {
			t.Errorf("revocations: got %v, %v, want one", revoked, err)
		}

		set(authapi.StatusActive)
		s.login(t, "ann@example.org")
	})
}

func TestANewRoleNeedsANewLogin(t *testing.T) {
	run(t, func(t *testing.T, s *server) {
		admin, ann := s.admin(t), s.register(t, "ann@example.org")
		role := token.Admin
		_, err := s.UpdateUser(as(t, admin), ann.User.ID, authapi.AdminUpdate{Role: &role})
		must(t, err)
		_, err = s.Users(as(t, ann), authapi.UserQuery{})
		wantCode(t, "the old token", err, authapi.CodeSessionEnded)
		second := s.login(t, "ann@example.org")
		_, err = s.Users(as(t, second), authapi.UserQuery{})
		wantCode(t, "the new token", err, "")

		role = token.Seller
		user, err := s.UpdateUser(as(t, second), admin.User.ID, authapi.AdminUpdate{Role: &role})
		if err != nil || user.Role != token.Seller || user.SellerName == "" {
			t.Errorf("demoted to a seller: got %+v, %v, want a name to sell under", user, err)
		}
	})
}

func TestServicesLookUpContacts(t *testing.T) {
	run(t, func(t *testing.T, s *server) {
		ann, eve := s.register(t, "ann@example.org").User, s.seller(t, "eve@example.org").User
		got, err := s.Contacts(t.Context(), []int64{eve.ID, ann.ID, 1 << 40})
		want := []authapi.Contact{
			{ID: ann.ID, Email: ann.Email, Name: ann.Name},
			{ID: eve.ID, Email: eve.Email, Name: eve.Name, SellerName: eve.SellerName},
		}
		if err != nil || !slices.Equal(got.Items, want) {
			t.Errorf("got %+v, %v, want %+v", got, err, want)
		}
		if got, err = s.Contacts(t.Context(), nil); err != nil || len(got.Items) != 0 {
			t.Errorf("of nobody: got %+v, %v", got, err)
		}

		if got, err = s.ContactsByEmail(t.Context(), " ANN@ＥXAMPLE.org"); err != nil || !slices.Equal(got.Items, want[:1]) {
			t.Errorf("by address: got %+v, %v, want %+v", got, err, want[:1])
		}

		stranger := s.client("")
		_, err = stranger.Contacts(as(t, s.admin(t)), []int64{ann.ID})
		wantCode(t, "without the service key", err, apierr.CodeForbidden)
		_, err = stranger.Revocations(t.Context())
		wantCode(t, "without the service key", err, apierr.CodeForbidden)
	})
}

func TestAPageOfAccountsCostsTheSameHoweverManyAreOnIt(t *testing.T) {
	run(t, func(t *testing.T, s *server) {
		admin := as(t, s.admin(t))
		cost := func(want int) int {
			return sqldbtest.CountReads(t, func() {
				users, err := s.Users(admin, authapi.UserQuery{})
				must(t, err)
				if len(users.Items) != want {
					t.Errorf("got %d accounts, want %d", len(users.Items), want)
				}
			})
		}
		cheap := cost(1)
		s.register(t, "ann@example.org")
		s.register(t, "bob@example.org")
		if dear := cost(3); cheap == 0 || dear != cheap {
			t.Errorf("1 account costs %d queries, 3 cost %d", cheap, dear)
		}
	})
}
