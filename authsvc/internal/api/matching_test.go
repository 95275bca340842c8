package api_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"bookstore/shared/apierr"
	"bookstore/shared/authapi"
	"bookstore/shared/token"
)

const lantern = "Lantern & Fox Books"

func TestAMailboxHasOneAccountHoweverItIsSpelled(t *testing.T) {
	run(t, func(t *testing.T, s *server) {
		ann := s.register(t, "ann@bücher.example")
		if ann.User.Email != "ann@bücher.example" {
			t.Errorf("the address became %q", ann.User.Email)
		}
		bob := s.register(t, "bob@example.org")
		for _, email := range []string{
			"ANN@Bücher.example", "ann@bu\u0308cher.example", "ann@xn--bcher-kva.example", "ann@XN--BCHER-KVA.example", "\u200eann@bücher.example\u200b",
		} {
			_, err := s.Register(t.Context(), authapi.Register{Email: email, Password: password, Name: "Ann"})
			wantCode(t, "register "+email, err, "email "+authapi.CodeEmailTaken)
			_, err = s.UpdateMe(as(t, bob), authapi.Profile{Email: &email})
			wantCode(t, "change to "+email, err, "email "+authapi.CodeEmailTaken)
			if grant := s.login(t, email); grant.User.ID != ann.User.ID {
				t.Errorf("%q signs in to another account", email)
			}
		}
		ascii := "ann@xn--bcher-kva.example"
		_, err := s.UpdateMe(as(t, ann), authapi.Profile{Email: &ascii})
		wantCode(t, "its owner's other spelling", err, "")
		s.login(t, "ann@bücher.example")
		s.register(t, "ann@bucher.example")
	})
}

func TestOfTwoRegistrationsAtOnceOneWins(t *testing.T) {
	run(t, func(t *testing.T, s *server) {
		sellers := []authapi.Grant{s.register(t, "eve@example.org"), s.register(t, "max@example.org")}
		errs := make([]error, 4)
		var wg sync.WaitGroup
		for i, email := range []string{"ann@bücher.example", "ann@xn--bcher-kva.example"} {
			wg.Go(func() {
				_, errs[i] = s.Register(t.Context(), authapi.Register{Email: email, Password: password, Name: "Ann"})
			})
		}
		for i, name := range []string{lantern, "LANTERN and Fox Books"} {
			wg.Go(func() {
				_, errs[2+i] = s.StartSelling(as(t, sellers[i]), authapi.StartSelling{SellerName: name})
			})
		}
		wg.Wait()
		got := fmt.Sprintf("%s|%s", codeOf(errs[0])+codeOf(errs[1]), codeOf(errs[2])+codeOf(errs[3]))
		if got != "email email_taken|seller_name seller_name_taken" {
			t.Errorf("got %q", got)
		}
	})
}

func TestNoTwoSellersHaveNamesThatLookTheSame(t *testing.T) {
	run(t, func(t *testing.T, s *server) {
		first, second, buyer := s.register(t, "lena@example.org"), s.seller(t, "mal@example.org"), s.register(t, "eve@example.org")
		_, err := s.StartSelling(as(t, first), authapi.StartSelling{SellerName: lantern})
		must(t, err)
		for _, name := range []string{lantern, "lantern and fox books", "Lantеrn & Fox Books" /* Cyrillic */, "Lantern\u200b & Fox Books.", "Iantern & F0x Books"} {
			_, err := s.UpdateMe(as(t, second), authapi.Profile{SellerName: &name})
			wantCode(t, "rename to "+name, err, "seller_name "+authapi.CodeSellerNameTaken)
			_, err = s.StartSelling(as(t, buyer), authapi.StartSelling{SellerName: name})
			wantCode(t, "start as "+name, err, "seller_name "+authapi.CodeSellerNameTaken)
		}
		own := "LANTERN & FOX BOOKS"
		_, err = s.UpdateMe(as(t, first), authapi.Profile{SellerName: &own})
		wantCode(t, "the own name in capitals", err, "")

		// Who is made a seller by an admin sells under a name of its own, too.
		fox, err := s.Register(t.Context(), authapi.Register{Email: "fox@example.org", Password: password, Name: "Lantern + Fox Books"})
		must(t, err)
		role := token.Seller
		user, err := s.UpdateUser(as(t, s.admin(t)), fox.User.ID, authapi.AdminUpdate{Role: &role})
		if want := fmt.Sprintf("Lantern + Fox Books %d", fox.User.ID); err != nil || user.SellerName != want {
			t.Errorf("made a seller: got %q, %v, want %q", user.SellerName, err, want)
		}
	})
}

func TestNamesAndAddressesThatNobodyCanSeeOrReachAreRefused(t *testing.T) {
	run(t, func(t *testing.T, s *server) {
		for _, c := range []struct{ email, name, want string }{
			{"ana@example.org", "\u200b\u3164", "name " + apierr.CodeRequired},
			{"ana@example.org", strings.Repeat("\u0958", 60), "name " + apierr.CodeTooLong}, // two characters each, once composed
			{"ana@x", "Ana", "email " + apierr.CodeBadFormat},
			{"ana@localhost", "Ana", "email " + apierr.CodeBadFormat},
			{"ana@127.0.0.1", "Ana", "email " + apierr.CodeBadFormat},
			{"ana@-x-.org", "Ana", "email " + apierr.CodeBadFormat},
		} {
			_, err := s.Register(t.Context(), authapi.Register{Email: c.email, Password: password, Name: c.name})
			wantCode(t, c.email+" "+c.name, err, c.want)
		}
		grant, err := s.Register(t.Context(), authapi.Register{Email: "ana@example.org", Password: password, Name: "\u202eAna\u202c"})
		if err != nil || grant.User.Name != "Ana" {
			t.Errorf("a name that turns the line around: got %q, %v", grant.User.Name, err)
		}
		must(t, s.service.EnsureAdmin(t.Context(), "admin@localhost", password)) // the operator's own
		admin := s.login(t, "Admin@localhost")
		email, name := "admin@localhost", "Root"
		_, err = s.UpdateMe(as(t, admin), authapi.Profile{Email: &email, Name: &name})
		wantCode(t, "an old address that stays", err, "")
	})
}

// oldAccount writes an account as the release before did, without keys.
func (s *server) oldAccount(t *testing.T, from authapi.Grant, email, sellerName string) int64 {
	t.Helper()
	result, err := s.db.Writer().ExecContext(t.Context(), `INSERT INTO users (email, email_key, name, name_key, seller_name, role, status, password_hash, created_at, last_login_at)
		SELECT ?, ?, name, name_key, ?, 'seller', status, password_hash, created_at, last_login_at FROM users WHERE id = ?`,
		email, strings.ToLower(email), sellerName, from.User.ID)
	must(t, err)
	id, err := result.LastInsertId()
	must(t, err)
	return id
}

// match runs a whole round of the matcher.
func (s *server) match(t *testing.T) {
	t.Helper()
	matcher := s.service.NewMatcher()
	for {
		more, err := matcher.Match(t.Context())
		must(t, err)
		if !more {
			return
		}
	}
}

// clashes returns the marks that admins see, as "address: same address, same name".
func (s *server) clashes(t *testing.T) string {
	t.Helper()
	users, err := s.Users(as(t, s.admin(t)), authapi.UserQuery{Limit: 100})
	must(t, err)
	var marks []string
	for _, u := range users.Items {
		if u.SameEmailAs != 0 || u.SameSellerNameAs != 0 {
			marks = append(marks, fmt.Sprintf("%s: %d, %d", u.Email, u.SameEmailAs, u.SameSellerNameAs))
		}
	}
	return strings.Join(marks, "; ")
}

func TestAccountsFromBeforeThatClashStayAndAreMarked(t *testing.T) {
	run(t, func(t *testing.T, s *server) {
		eve := s.register(t, "eve@example.org")
		first := s.oldAccount(t, eve, "ann@bücher.example", lantern)
		second := s.oldAccount(t, eve, "ann@xn--bcher-kva.example", "Lantern and Fox Books")
		s.match(t)
		s.match(t) // nothing more to do

		for email, id := range map[string]int64{"ann@bücher.example": first, "ANN@xn--bcher-kva.example": second, "ann@bu\u0308cher.example": first} {
			if grant := s.login(t, email); grant.User.ID != id {
				t.Errorf("%q signs in to account %d, want %d", email, grant.User.ID, id)
			}
		}
		if got, want := s.clashes(t), fmt.Sprintf("ann@xn--bcher-kva.example: %d, %d", first, first); got != want {
			t.Errorf("marked: got %q, want %q", got, want)
		}
		if me, err := s.Me(as(t, s.login(t, "ann@xn--bcher-kva.example"))); err != nil || me.SameEmailAs != 0 {
			t.Errorf("the owner sees whose address it is: %+v, %v", me, err)
		}
		_, err := s.Register(t.Context(), authapi.Register{Email: "Ann@bu\u0308cher.example", Password: password, Name: "Ann"})
		wantCode(t, "a third", err, "email "+authapi.CodeEmailTaken)
		_, err = s.StartSelling(as(t, eve), authapi.StartSelling{SellerName: "Lantern & Fox, Books"})
		wantCode(t, "a third of the name", err, "seller_name "+authapi.CodeSellerNameTaken)

		// The mark goes with its cause.
		email, name := "ann@example.org", "Ann's Attic"
		_, err = s.UpdateMe(as(t, s.login(t, "ann@bücher.example")), authapi.Profile{Email: &email, SellerName: &name})
		must(t, err)
		s.match(t)
		if got := s.clashes(t); got != "" {
			t.Errorf("still marked: %q", got)
		}
		if grant := s.login(t, "ann@bücher.example"); grant.User.ID != second {
			t.Errorf("the other spelling signs in to account %d, want %d", grant.User.ID, second)
		}
	})
}

func TestWhatTheReleaseBeforeChangesIsMatchedAgain(t *testing.T) {
	run(t, func(t *testing.T, s *server) {
		ann, eve := s.seller(t, "ann@bücher.example"), s.register(t, "eve@example.org")
		_, err := s.db.Writer().ExecContext(t.Context(), `UPDATE users SET email = 'ann@example.org', email_key = 'ann@example.org', seller_name = 'Attic' WHERE id = ?`, ann.User.ID)
		must(t, err)
		_, err = s.Login(t.Context(), authapi.Login{Email: "ann@xn--bcher-kva.example", Password: password})
		wantCode(t, "the old address", err, authapi.CodeBadCredentials)
		s.login(t, "ann@example.org")
		s.match(t)
		s.register(t, "ann@xn--bcher-kva.example")
		_, err = s.StartSelling(as(t, eve), authapi.StartSelling{SellerName: "ATTIC"})
		wantCode(t, "the new name", err, "seller_name "+authapi.CodeSellerNameTaken)
		_, err = s.StartSelling(as(t, eve), authapi.StartSelling{SellerName: "Books of ann@bücher.example"})
		wantCode(t, "the old name", err, "")
	})
}
