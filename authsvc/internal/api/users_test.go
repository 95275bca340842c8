package api_test

import (
	"errors"
	"strings"
	"sync"
	"testing"

	"bookstore/authsvc/internal/auth"
	"bookstore/shared/apierr"
	"bookstore/shared/authapi"
	"bookstore/shared/httpclient"
	"bookstore/shared/token"
)

func TestRegisteringSignsIn(t *testing.T) {
	run(t, func(t *testing.T, s *server) {
		grant, err := s.Register(t.Context(), authapi.Register{
			Email: " Ann.O'Neil@Example.org ", Password: password, Name: " Ann\tO'Neil\u0000 🦉",
		})
		must(t, err)
		want := authapi.User{
			ID: grant.User.ID, Email: "Ann.O'Neil@Example.org", Name: "Ann O'Neil 🦉",
			Role: token.Buyer, Status: authapi.StatusActive, CreatedAt: grant.User.CreatedAt,
		}
		if grant.User != want || grant.RefreshToken == "" {
			t.Errorf("got %+v, want %+v and a refresh token", grant, want)
		}
		if me, err := s.Me(as(t, grant)); err != nil || me != want {
			t.Errorf("me: got %+v, %v, want %+v", me, err, want)
		}
	})
}

func TestARegistrationNamesEveryFieldThatIsWrong(t *testing.T) {
	run(t, func(t *testing.T, s *server) {
		s.register(t, "ann@example.org")
		for _, c := range []struct {
			in   authapi.Register
			want string
		}{
			{authapi.Register{Email: "ANN@example.org", Password: password, Name: "Ann"}, "email " + authapi.CodeEmailTaken},
			{authapi.Register{Email: "Bob <bob@example.org>", Password: password, Name: " "}, "email bad_format, name required"},
			{authapi.Register{Email: "bob@example.org", Password: "Bob@example.org", Name: "Bob"}, "password " + authapi.CodePasswordIsEmail},
			{authapi.Register{Email: "bob", Password: password, Name: "Bob"}, "email " + apierr.CodeBadFormat},
			{authapi.Register{Email: "bob@example.org", Password: "short", Name: ""}, "name required, password too_short"},
			{authapi.Register{Email: "ann@example.org", Password: "short", Name: " "}, "email email_taken, name required, password too_short"},
			{authapi.Register{}, "email required, name required, password too_short"},
			{authapi.Register{Email: "bob@example.org", Password: strings.Repeat("x", 129), Name: strings.Repeat("x", 101)}, "name too_long, password too_long"},
		} {
			_, err := s.Register(t.Context(), c.in)
			wantCode(t, c.in.Email+" "+c.in.Name, err, c.want)
		}
	})
}

func TestAnOwnerChangesTheirAccount(t *testing.T) {
	run(t, func(t *testing.T, s *server) {
		s.register(t, "bob@example.org")
		buyer, seller := s.register(t, "ann@example.org"), s.seller(t, "eve@example.org")
		text := func(s string) *string { return &s }
		for _, c := range []struct {
			who    authapi.Grant
			change authapi.Profile
			want   string
		}{
			{buyer, authapi.Profile{}, ""},
			{buyer, authapi.Profile{Name: text("  Ann  B. ")}, ""},
			{buyer, authapi.Profile{Email: text("Ann@Example.org")}, ""},
			{buyer, authapi.Profile{Email: text("bob@example.org")}, "email " + authapi.CodeEmailTaken},
			{buyer, authapi.Profile{Email: text("a@b c"), Name: text(" ")}, "email bad_format, name required"},
			{buyer, authapi.Profile{Email: text("A <a@b.c>"), Name: text(" ")}, "email bad_format, name required"},
			{buyer, authapi.Profile{SellerName: text("Books")}, "seller_name " + authapi.CodeNotASeller},
			{seller, authapi.Profile{SellerName: text("Eve's")}, ""},
		} {
			_, err := s.UpdateMe(as(t, c.who), c.change)
			wantCode(t, c.who.User.Email, err, c.want)
		}
		me, err := s.Me(as(t, buyer))
		if err != nil || me.Name != "Ann B." || me.Email != "Ann@Example.org" || me.SellerName != "" {
			t.Errorf("buyer: got %+v, %v", me, err)
		}
		if me, err = s.Me(as(t, seller)); err != nil || me.SellerName != "Eve's" || me.Email != "eve@example.org" {
			t.Errorf("seller: got %+v, %v", me, err)
		}
	})
}

func TestANewPasswordEndsTheOtherSessions(t *testing.T) {
	run(t, func(t *testing.T, s *server) {
		grant, other := s.register(t, "ann@example.org"), s.login(t, "ann@example.org")
		change := func(current, replacement, want string) {
			t.Helper()
			err := s.ChangePassword(as(t, grant), authapi.ChangePassword{CurrentPassword: current, NewPassword: replacement})
			wantCode(t, current+" to "+replacement, err, want)
		}
		change("wrong", "battery staple", "current_password "+authapi.CodeWrongPassword)
		change(password, "Ann@example.org", "new_password "+authapi.CodePasswordIsEmail)
		change(password, "short", "new_password "+apierr.CodeTooShort)
		change("wrong", "short", "current_password wrong_password, new_password too_short")
		if _, err := s.Me(as(t, other)); err != nil {
			t.Fatalf("other session after refused changes: %v", err)
		}
		change(password, "battery staple", "")

		_, err := s.Me(as(t, other))
		wantCode(t, "other session", err, authapi.CodeSessionEnded)
		_, err = s.Me(as(t, grant))
		wantCode(t, "this session", err, "")
		_, err = s.Login(t.Context(), authapi.Login{Email: "ann@example.org", Password: password})
		wantCode(t, "the old password", err, authapi.CodeBadCredentials)
		_, err = s.Login(t.Context(), authapi.Login{Email: "ann@example.org", Password: "battery staple"})
		wantCode(t, "the new password", err, "")
	})
}

func TestABuyerStartsSellingOnce(t *testing.T) {
	run(t, func(t *testing.T, s *server) {
		buyer := s.register(t, "ann@example.org")
		for _, name := range []string{" Ann's  Books ", "Another name"} {
			grant, err := s.StartSelling(as(t, buyer), authapi.StartSelling{SellerName: name})
			if err != nil || grant.User.Role != token.Seller || grant.User.SellerName != "Ann's Books" || grant.RefreshToken != "" {
				t.Errorf("%s: got %+v, %v", name, grant, err)
			}
			_, err = s.Me(as(t, grant))
			wantCode(t, "the new token", err, "")
		}
		_, err := s.StartSelling(as(t, s.register(t, "bob@example.org")), authapi.StartSelling{SellerName: " "})
		wantCode(t, "no name", err, "seller_name "+apierr.CodeRequired)

		grant, err := s.StartSelling(as(t, s.admin(t)), authapi.StartSelling{SellerName: "The house"})
		if err != nil || grant.User.Role != token.Admin || grant.User.SellerName != "The house" {
			t.Errorf("admin: got %+v, %v", grant, err)
		}
	})
}

func TestTheFirstAdminIsMadeOnce(t *testing.T) {
	run(t, func(t *testing.T, s *server) {
		var wg sync.WaitGroup
		for range 5 {
			wg.Go(func() {
				if err := s.service.EnsureAdmin(t.Context(), adminEmail, password); err != nil {
					t.Errorf("start of an instance: %v", err)
				}
			})
		}
		wg.Wait()
		must(t, s.service.EnsureAdmin(t.Context(), "ADMIN@example.org", "another password"))
		if got := s.login(t, adminEmail); got.User.Role != token.Admin {
			t.Errorf("got %+v, want an admin with the first password", got.User)
		}

		s.register(t, "ann@example.org")
		must(t, s.service.EnsureAdmin(t.Context(), "ann@example.org", "another password"))
		if got := s.login(t, "ann@example.org"); got.User.Role != token.Buyer {
			t.Errorf("got %+v, want the account as it was", got.User)
		}
	})
}

func TestAnAccountKeepsTheLanguageOfItsOwner(t *testing.T) {
	run(t, func(t *testing.T, s *server) {
		wantLanguage := func(when, want string) {
			t.Helper()
			contacts, err := s.Contacts(t.Context(), []int64{1})
			if err != nil || len(contacts.Items) != 1 || contacts.Items[0].Language != want {
				t.Errorf("%s: got %+v, %v, want the language %q", when, contacts.Items, err, want)
			}
		}
		ana := authapi.Register{Email: "ana@example.org", Password: password, Name: "Ana", Language: "es-CO"}
		grant, err := s.Register(t.Context(), ana)
		must(t, err)
		if grant.User.Language != "es" {
			t.Errorf("registering: got the language %q, want es", grant.User.Language)
		}
		wantLanguage("registered", "es")
		again, err := s.Login(t.Context(), authapi.Login{Email: ana.Email, Password: password, Language: "en"})
		must(t, err)
		if again.User.Language != "en" {
			t.Errorf("signing in: got the language %q, want en", again.User.Language)
		}
		wantLanguage("signed in", "en")
		s.login(t, ana.Email) // by a program that says nothing of languages
		wantLanguage("signed in without a language", "en")
		spanish, unknown := "es", "xx"
		if _, err := s.UpdateMe(as(t, grant), authapi.Profile{Language: &spanish}); err != nil {
			t.Error(err)
		}
		wantLanguage("chosen", "es")
		_, err = s.UpdateMe(as(t, grant), authapi.Profile{Language: &unknown})
		wantCode(t, "an unknown language", err, "language "+apierr.CodeNotAllowed)
	})
}

func TestARegistrationSentAgainSignsInToTheAccountItMade(t *testing.T) {
	run(t, func(t *testing.T, s *server) {
		once := httpclient.WithKey(t.Context(), "key-of-the-form")
		ann := authapi.Register{Email: "ann@example.org", Password: password, Name: "Ann"}
		first, err := s.Register(once, ann)
		must(t, err)
		again, err := s.Register(once, ann)
		must(t, err)
		if again.User.ID != first.User.ID || again.RefreshToken == first.RefreshToken {
			t.Errorf("registered %+v, and again %+v", first.User, again.User)
		}
		ann.Password = "a guess of somebody else"
		if _, err := s.Register(once, ann); !errors.Is(err, auth.ErrBadCredentials) {
			t.Errorf("another password under the key: got %v", err)
		}
	})
}
