package store_test

import (
	"errors"
	"reflect"
	"strings"
	"sync"
	"testing"

	"bookstore/authsvc/internal/auth"
	"bookstore/authsvc/internal/store"
	"bookstore/shared/apierr"
	"bookstore/shared/authapi"
	"bookstore/shared/idempotency"
	"bookstore/shared/sqldb"
	"bookstore/shared/sqldb/sqldbtest"
	"bookstore/shared/token"
)

func emailTaken(err error) bool {
	e, ok := apierr.As(err)
	return ok && len(e.Fields) == 1 && e.Fields[0].Field == "email" && e.Fields[0].Code == authapi.CodeEmailTaken
}

func TestAnAccountIsFoundAsItWasStored(t *testing.T) {
	run(t, func(t *testing.T, s *store.Store) {
		want := add(t, s, account("Ann.O'Neil@Example.org"))
		got, err := s.AccountByEmail(t.Context(), "ann.o'neil@example.org")
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("by address: got %+v, %v, want %+v", got, err, want)
		}
		user, err := s.User(t.Context(), want.ID)
		if err != nil || user != want.User {
			t.Errorf("by id: got %+v, %v, want %+v", user, err, want.User)
		}
		if _, err := s.AccountByEmail(t.Context(), "nobody@example.org"); !errors.Is(err, auth.ErrUserNotFound) {
			t.Errorf("unknown address: got %v, want %v", err, auth.ErrUserNotFound)
		}
		if _, err := s.User(t.Context(), want.ID+1); !errors.Is(err, auth.ErrUserNotFound) {
			t.Errorf("unknown id: got %v, want %v", err, auth.ErrUserNotFound)
		}
	})
}

func TestAnAddressHasOneAccount(t *testing.T) {
	run(t, func(t *testing.T, s *store.Store) {
		ann, bob := add(t, s, account("ann@example.org")), add(t, s, account("bob@example.org"))
		if _, err := s.CreateAccount(t.Context(), account("ANN@example.org")); !emailTaken(err) {
			t.Errorf("another spelling: got %v, want email_taken", err)
		}
		taken := "Ann@Example.org"
		if err := s.UpdateProfile(t.Context(), bob.User, auth.ProfileChange{Email: &taken}, now); !emailTaken(err) {
			t.Errorf("a change to it: got %v, want email_taken", err)
		}
		if err := s.UpdateProfile(t.Context(), ann.User, auth.ProfileChange{Email: &taken}, now); err != nil {
			t.Errorf("its owner's other spelling: got %v", err)
		}
		add(t, s, account("änn@example.org")) // is not the same
	})
}

func TestSimultaneousRegistrationsMakeOneAccount(t *testing.T) {
	run(t, func(t *testing.T, s *store.Store) {
		const tries = 10
		errs := make([]error, tries)
		var wg sync.WaitGroup
		for i := range tries {
			wg.Go(func() {
				_, _, errs[i] = s.Register(t.Context(), idempotency.Request{}, account("ann@example.org"), session(0, i))
			})
		}
		wg.Wait()
		made := 0
		for _, err := range errs {
			if err == nil {
				made++
			} else if !emailTaken(err) {
				t.Errorf("got %v, want email_taken", err)
			}
		}
		ann, err := s.AccountByEmail(t.Context(), "ann@example.org")
		if err != nil || made != 1 || len(sessionIDs(t, s, ann.ID)) != 1 {
			t.Errorf("got %d accounts, %v, sessions %v, want one each", made, err, sessionIDs(t, s, ann.ID))
		}
	})
}

func TestUsersAreFoundByPartsOfAddressAndName(t *testing.T) {
	run(t, func(t *testing.T, s *store.Store) {
		for _, u := range []struct {
			email, name string
			role        token.Role
		}{
			{"Ann@example.org", "Ann Ångström", token.Buyer},
			{"bob_99@example.org", "Bob 100%", token.Seller},
			{"bobX99@example.org", "Eve!", token.Admin},
		} {
			a := account(u.email)
			a.Name, a.Role = u.name, u.role
			add(t, s, a)
		}
		for _, c := range []struct {
			filter auth.UserFilter
			want   string
		}{
			{auth.UserFilter{}, "bobX99 bob_99 Ann"},
			{auth.UserFilter{Text: "ann@"}, "Ann"},
			{auth.UserFilter{Text: "ångström"}, "Ann"},
			{auth.UserFilter{Text: "angstrom"}, ""},
			{auth.UserFilter{Text: "bob_"}, "bob_99"},
			{auth.UserFilter{Text: "0%"}, "bob_99"},
			{auth.UserFilter{Text: "eve!"}, "bobX99"},
			{auth.UserFilter{Text: `\`}, ""},
			{auth.UserFilter{Text: "'; --"}, ""},
			{auth.UserFilter{Role: token.Seller}, "bob_99"},
			{auth.UserFilter{Text: "bob", Role: token.Admin}, "bobX99"},
			{auth.UserFilter{Limit: 1}, "bobX99"},
			{auth.UserFilter{Before: 3, Limit: 1}, "bob_99"},
		} {
			if c.filter.Limit == 0 {
				c.filter.Limit = 10
			}
			users, err := s.Users(t.Context(), c.filter)
			if err != nil {
				t.Fatalf("%+v: %v", c.filter, err)
			}
			names := []string{}
			for _, u := range users {
				name, _, _ := strings.Cut(u.Email, "@")
				names = append(names, name)
			}
			if got := strings.Join(names, " "); got != c.want {
				t.Errorf("%+v: got %q, want %q", c.filter, got, c.want)
			}
		}
	})
}

func TestUnknownIDsAreLeftOut(t *testing.T) {
	run(t, func(t *testing.T, s *store.Store) {
		ann, bob := add(t, s, account("ann@example.org")), add(t, s, account("bob@example.org"))
		for _, c := range []struct {
			ids  []int64
			want []auth.User
		}{
			{[]int64{bob.ID, 1e15, ann.ID, -1}, []auth.User{ann.User, bob.User}},
			{nil, []auth.User{}},
		} {
			got, err := s.UsersByID(t.Context(), c.ids)
			if err != nil || !reflect.DeepEqual(got, c.want) {
				t.Errorf("%v: got %+v, %v, want %+v", c.ids, got, err, c.want)
			}
		}
	})
}

func TestStartingToSellNeedsTheRoleThatWasSeen(t *testing.T) {
	run(t, func(t *testing.T, s *store.Store) {
		ann := add(t, s, account("ann@example.org"))
		for _, c := range []struct {
			from token.Role
			name string
			want string
		}{
			{token.Admin, "Nobody", ""},
			{token.Buyer, "Ann's Books", "Ann's Books"},
			{token.Buyer, "Too late", "Ann's Books"},
		} {
			if err := s.StartSelling(t.Context(), ann.ID, c.from, token.Seller, c.name, now); err != nil {
				t.Fatal(err)
			}
			got, err := s.User(t.Context(), ann.ID)
			if err != nil || got.SellerName != c.want {
				t.Errorf("%+v: got %q, %v, want %q", c, got.SellerName, err, c.want)
			}
		}
	})
}

func TestTheListOfUsersLagsOnlyForWhoeverWroteNothing(t *testing.T) {
	db, _ := sqldbtest.NewLagging(t, store.Migrations)
	s := store.New(db, nil)
	ann := add(t, s, account("ann@example.org"))
	if users, err := s.Users(t.Context(), auth.UserFilter{Limit: 10}); err != nil || len(users) != 0 {
		t.Errorf("whoever wrote nothing: got %v (%v), want what the replica knows", users, err)
	}
	if users, err := s.Users(sqldb.WithFresh(t.Context()), auth.UserFilter{Limit: 10}); err != nil || len(users) != 1 {
		t.Errorf("whoever wrote: got %v (%v), want the one there is", users, err)
	}
	if _, err := s.User(t.Context(), ann.ID); err != nil {
		t.Errorf("one's own account: %v", err)
	}
}
