package api_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"bookstore/authsvc/internal/auth"
	"bookstore/authsvc/internal/store"
	"bookstore/shared/authapi"
	"bookstore/shared/sqldb"
	"bookstore/shared/token"

	sq "github.com/Masterminds/squirrel"
)

// receiver is a service that is told of sellers, and may be away.
type receiver struct {
	mu   sync.Mutex
	away bool
	told []auth.Seller
}

func (r *receiver) put(_ context.Context, s auth.Seller) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.away {
		return errors.New("away")
	}
	r.told = append(r.told, s)
	return nil
}

// latest returns what the receiver knows of a seller now.
func (r *receiver) latest(id int64) (latest auth.Seller) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, s := range r.told {
		if s.UserID == id && s.Version > latest.Version {
			latest = s
		}
	}
	return latest
}

func (s *server) announcer(r *receiver, name string) *auth.Announcer {
	return auth.NewAnnouncer(store.New(s.db, nil), name, r.put, s.time)
}

func deliver(t *testing.T, announcers ...*auth.Announcer) {
	t.Helper()
	for _, a := range announcers {
		if _, err := a.Deliver(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
}

func TestOtherServicesAreToldWhoSellsAndUnderWhichName(t *testing.T) {
	run(t, func(t *testing.T, s *server) {
		var catalog, shop receiver
		toCatalog, toShop := s.announcer(&catalog, auth.CatalogReceiver), s.announcer(&shop, auth.ShopReceiver)
		s.service.WakeOnChange(toCatalog)
		admin := as(t, s.admin(t))
		seller := s.seller(t, "ann@example.org")
		id := seller.User.ID
		select {
		case <-toCatalog.Woken():
		default:
			t.Error("the announcer sleeps on")
		}
		name, sameName, role, suspended, active := "Ann & Sons", " Ann & Sons ", token.Buyer, authapi.StatusSuspended, authapi.StatusActive
		version := int64(0)
		for _, c := range []struct {
			what    string
			change  func() error
			name    string
			maySell bool
		}{
			{"starts selling", func() error { return nil }, seller.User.SellerName, true},
			{"is renamed", func() error {
				_, err := s.UpdateMe(as(t, seller), authapi.Profile{SellerName: &name})
				return err
			}, name, true},
			{"is suspended", func() error {
				if _, err := s.UpdateMe(as(t, seller), authapi.Profile{SellerName: &sameName}); err != nil { // is no news
					return err
				}
				_, err := s.UpdateUser(admin, id, authapi.AdminUpdate{Status: &suspended})
				return err
			}, name, false},
			{"is back", func() error {
				_, err := s.UpdateUser(admin, id, authapi.AdminUpdate{Status: &active})
				return err
			}, name, true},
			{"becomes a buyer", func() error {
				_, err := s.UpdateUser(admin, id, authapi.AdminUpdate{Role: &role})
				return err
			}, name, false},
		} {
			must(t, c.change())
			version++
			deliver(t, toCatalog, toShop)
			for name, r := range map[string]*receiver{"catalogsvc": &catalog, "shopsvc": &shop} {
				want := auth.Seller{UserID: id, Name: c.name, MaySell: c.maySell, Version: version}
				if got := r.latest(id); got != want {
					t.Errorf("a seller %s: %s knows %+v, want %+v", c.what, name, got, want)
				}
			}
		}
		before := len(catalog.told)
		deliver(t, toCatalog, toShop)
		if len(catalog.told) != before {
			t.Errorf("what was taken is sent again: %+v", catalog.told[before:])
		}
	})
}

func TestAServiceThatWasAwayIsToldWhatIsTrueThen(t *testing.T) {
	run(t, func(t *testing.T, s *server) {
		catalog, shop := receiver{away: true}, receiver{}
		toCatalog, toShop := s.announcer(&catalog, auth.CatalogReceiver), s.announcer(&shop, auth.ShopReceiver)
		seller := s.seller(t, "ann@example.org")
		for range 5 {
			deliver(t, toCatalog, toShop)
			s.pass(5 * time.Second)
		}
		if len(shop.told) != 1 {
			t.Errorf("the other service was told %d times, want once", len(shop.told))
		}
		name := "Ann & Sons"
		_, err := s.UpdateMe(as(t, s.login(t, "ann@example.org")), authapi.Profile{SellerName: &name})
		must(t, err)
		catalog.away = false
		deliver(t, s.announcer(&catalog, auth.CatalogReceiver)) // another instance
		want := []auth.Seller{{UserID: seller.User.ID, Name: name, MaySell: true, Version: 2}}
		if !slices.Equal(catalog.told, want) {
			t.Errorf("told %+v, want %+v", catalog.told, want)
		}
	})
}

func TestInstancesShareTheAnnouncements(t *testing.T) {
	run(t, func(t *testing.T, s *server) {
		var catalog receiver
		for _, email := range []string{"ann@example.org", "bob@example.org", "eve@example.org"} {
			s.seller(t, email)
		}
		var instances sync.WaitGroup
		for range 4 {
			a := s.announcer(&catalog, auth.CatalogReceiver)
			instances.Go(func() {
				if _, err := a.Deliver(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		instances.Wait()
		if len(catalog.told) != 3 {
			t.Errorf("three changes were told %d times: %+v", len(catalog.told), catalog.told)
		}
	})
}

func TestWhoIsMadeASellerIsAnnouncedUnderTheNameThatIsGiven(t *testing.T) {
	run(t, func(t *testing.T, s *server) {
		var catalog receiver
		toCatalog := s.announcer(&catalog, auth.CatalogReceiver)
		id, role := s.register(t, "ann@example.org").User.ID, token.Seller
		user, err := s.UpdateUser(as(t, s.admin(t)), id, authapi.AdminUpdate{Role: &role})
		must(t, err)
		deliver(t, toCatalog)
		if got, want := catalog.latest(id), (auth.Seller{UserID: id, Name: user.SellerName, MaySell: true, Version: 1}); got != want {
			t.Errorf("catalogsvc knows %+v, want %+v", got, want)
		}
	})
}

func TestAChangeByAReleaseWithoutAnnouncementsIsFound(t *testing.T) {
	run(t, func(t *testing.T, s *server) {
		var catalog receiver
		toCatalog := s.announcer(&catalog, auth.CatalogReceiver)
		seller := s.seller(t, "ann@example.org").User
		id := seller.ID
		deliver(t, toCatalog)
		_, err := sqldb.Exec(t.Context(), s.db.Writer(), sq.Update("users").Set("status", authapi.StatusSuspended).Where(sq.Eq{"id": id}))
		must(t, err)
		for more := true; more; {
			more, err = s.service.FindUntold(t.Context())
			must(t, err)
		}
		deliver(t, toCatalog)
		if got, want := catalog.latest(id), (auth.Seller{UserID: id, Name: seller.SellerName, Version: 2}); got != want {
			t.Errorf("catalogsvc knows %+v, want %+v", got, want)
		}
	})
}
