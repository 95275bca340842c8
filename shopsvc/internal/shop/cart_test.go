package shop_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"bookstore/shared/apierr"
	"bookstore/shared/shopapi"
	"bookstore/shopsvc/internal/shop"
	"bookstore/shopsvc/internal/shoptest"

	sq "github.com/Masterminds/squirrel"
)

const guestToken = "a-guests-random-token"

func TestACartKnowsPricesAndProblems(t *testing.T) {
	onBoth(t, func(t *testing.T, s *shopUnderTest) {
		guest := shop.Caller{CartToken: guestToken}
		for _, id := range []int64{emma, ulyss, dune} {
			if _, err := s.SetCartLine(t.Context(), guest, id, 2, false); err != nil {
				t.Fatal(err)
			}
		}
		s.catalog.List(shop.Book{ID: ulyss, Title: "Ulysses", SellerID: sam, Price: 2000, Stock: 1})
		s.catalog.Delist(dune)
		c, err := s.Cart(t.Context(), guest)
		if err != nil {
			t.Fatal(err)
		}
		if c.Count != 6 || c.Subtotal != 2000 || c.Key == "" {
			t.Errorf("got %d copies, subtotal %d, key %q", c.Count, c.Subtotal, c.Key)
		}
		for i, want := range []string{"", shopapi.CodeOutOfStock, shopapi.CodeBookGone} {
			if got := c.Priced[i].Problem; got != want {
				t.Errorf("line %d: got %q, want %q", i, got, want)
			}
		}
	})
}

func TestACartTakesOnlyWhatCanBeBought(t *testing.T) {
	onBoth(t, func(t *testing.T, s *shopUnderTest) {
		for name, c := range map[string]struct {
			owner          shop.Caller
			book, quantity int64
			want           *apierr.Error
		}{
			"too many":     {shop.Caller{UserID: ada}, emma, 6, shop.ErrOutOfStock},
			"own book":     {shop.Caller{UserID: sam}, emma, 1, shop.ErrOwnBook},
			"no such book": {shop.Caller{UserID: ada}, 999, 1, shop.ErrBookGone},
			"nobody":       {shop.Caller{}, emma, 1, shop.ErrCartToken},
			"none":         {shop.Caller{UserID: ada}, emma, 0, apierr.Invalid()},
			"below none":   {shop.Caller{UserID: ada}, emma, -1, apierr.Invalid()},
			"huge":         {shop.Caller{UserID: ada}, emma, 1 << 62, apierr.Invalid()},
		} {
			if _, err := s.SetCartLine(t.Context(), c.owner, c.book, c.quantity, false); !errors.Is(err, c.want) {
				t.Errorf("%s: got %v, want %v", name, err, c.want)
			}
		}
		s.catalog.List(shop.Book{ID: emma, Title: "Emma", SellerID: sam, Price: 1, Stock: 5000})
		if _, err := s.SetCartLine(t.Context(), shop.Caller{UserID: ada}, emma, 1000, true); err != nil {
			t.Fatal(err)
		}
		if _, err := s.SetCartLine(t.Context(), shop.Caller{UserID: ada}, emma, 1, true); !errors.Is(err, apierr.Invalid()) {
			t.Errorf("beyond the bound: got %v", err)
		}
	})
}

func TestReadingAndRefusingWriteNoCart(t *testing.T) {
	onBoth(t, func(t *testing.T, s *shopUnderTest) {
		guest, user := shop.Caller{CartToken: guestToken}, shop.Caller{UserID: ada}
		rows := sq.Select("COALESCE(SUM(version), 0)").From("carts")
		for what, do := range map[string]func(owner shop.Caller) error{
			"read": func(owner shop.Caller) error { _, err := s.Cart(t.Context(), owner); return err },
			"remove a line": func(owner shop.Caller) error {
				_, err := s.RemoveCartLine(t.Context(), owner, emma)
				return err
			},
			"add too many": func(owner shop.Caller) error {
				if _, err := s.SetCartLine(t.Context(), owner, emma, 999, false); !errors.Is(err, shop.ErrOutOfStock) {
					return fmt.Errorf("got %v, want a refusal", err)
				}
				return nil
			},
			"merge": func(owner shop.Caller) error { _, err := s.MergeCart(t.Context(), buyer, guestToken); return err },
		} {
			for _, owner := range []shop.Caller{guest, user} {
				if err := do(owner); err != nil {
					t.Errorf("%s: %v", what, err)
				}
				if n := s.count(t, rows); n != 0 {
					t.Fatalf("%s: wrote a cart", what)
				}
			}
		}
		for range 2 {
			if _, err := s.SetCartLine(t.Context(), guest, emma, 1, false); err != nil {
				t.Fatal(err)
			}
			if _, err := s.RemoveCartLine(t.Context(), guest, dune); err != nil {
				t.Fatal(err)
			}
			if n := s.count(t, rows); n != 1 {
				t.Errorf("changes that change nothing wrote the cart: its version is %d", n)
			}
		}
		for range 2 { // the first empties the cart, which a merge then leaves alone
			if _, err := s.RemoveCartLine(t.Context(), guest, emma); err != nil {
				t.Fatal(err)
			}
			if _, err := s.MergeCart(t.Context(), buyer, guestToken); err != nil {
				t.Fatal(err)
			}
			if n := s.count(t, rows); n != 2 {
				t.Errorf("an empty cart was written again or merged: got version %d", n)
			}
		}
	})
}

func TestACartIsFullSomeday(t *testing.T) {
	onBoth(t, func(t *testing.T, s *shopUnderTest) {
		owner := shop.Caller{UserID: ada}
		for i := range shop.MaxCartLines + 1 {
			s.catalog.List(shop.Book{ID: int64(1000 + i), SellerID: sam, Price: 1, Stock: 1})
			_, err := s.SetCartLine(t.Context(), owner, int64(1000+i), 1, false)
			if full := i == shop.MaxCartLines; full != errors.Is(err, shop.ErrCartFull) || !full && err != nil {
				t.Fatalf("book %d: got %v", i, err)
			}
		}
	})
}

func TestNothingPutIntoACartAtTheSameTimeIsLost(t *testing.T) {
	onBoth(t, func(t *testing.T, s *shopUnderTest) {
		s.catalog.List(shop.Book{ID: emma, Title: "Emma", SellerID: sam, Price: 1, Stock: 5000})
		owner, added := shop.Caller{UserID: ada}, int64(0)
		var mu sync.Mutex
		var group sync.WaitGroup
		for range 10 {
			group.Go(func() {
				_, err := s.SetCartLine(t.Context(), owner, emma, 1, true)
				if err != nil && !errors.Is(err, shop.ErrBusy) {
					t.Errorf("add: %v", err)
				}
				if err == nil {
					mu.Lock()
					defer mu.Unlock()
					added++
				}
			})
		}
		group.Wait()
		if n, err := s.CountCart(t.Context(), owner); err != nil || n != added || n == 0 {
			t.Errorf("got %d copies, %v; want %d", n, err, added)
		}
	})
}

func TestAGuestsCartMovesIntoTheUsersOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, s *shopUnderTest) {
		guest, owner := shop.Caller{CartToken: guestToken}, shop.Caller{UserID: ada}
		for who, id := range map[shop.Caller]int64{guest: dune, owner: emma} {
			if _, err := s.SetCartLine(t.Context(), who, id, 3, false); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := s.SetCartLine(t.Context(), guest, emma, 3, false); err != nil {
			t.Fatal(err)
		}
		for range 2 {
			c, err := s.MergeCart(t.Context(), buyer, guestToken)
			if err != nil || c.Count != 8 || c.Quantity(emma) != 5 || c.Quantity(dune) != 3 {
				t.Errorf("got %+v, %v; want 5 of emma (the stock) and 3 of dune", c.Lines, err)
			}
		}
		if n, err := s.CountCart(t.Context(), guest); err != nil || n != 0 {
			t.Errorf("the guest's cart has %d copies left, %v", n, err)
		}
		if _, err := s.MergeCart(t.Context(), shop.Caller{}, guestToken); !errors.Is(err, shop.ErrUnauthenticated) {
			t.Errorf("anonymous: got %v", err)
		}
	})
}

func TestACartIsCountedWithoutTheCatalog(t *testing.T) {
	onBoth(t, func(t *testing.T, s *shopUnderTest) {
		owner := shop.Caller{UserID: ada}
		if _, err := s.SetCartLine(t.Context(), owner, emma, 2, false); err != nil {
			t.Fatal(err)
		}
		s.faults.InjectAt(1, shoptest.Fail)
		if _, err := s.Cart(t.Context(), owner); !errors.Is(err, shoptest.ErrFault) {
			t.Errorf("cart: got %v, want the fault", err)
		}
		if n, err := s.CountCart(t.Context(), owner); err != nil || n != 2 {
			t.Errorf("count: got %d, %v; want 2", n, err)
		}
	})
}

func TestOldCartsOfGuestsAreSwept(t *testing.T) {
	onBoth(t, func(t *testing.T, s *shopUnderTest) {
		guest, owner := shop.Caller{CartToken: guestToken}, shop.Caller{UserID: ada}
		for _, who := range []shop.Caller{guest, owner} {
			if _, err := s.SetCartLine(t.Context(), who, emma, 1, false); err != nil {
				t.Fatal(err)
			}
		}
		s.clock.Advance(59 * 24 * time.Hour)
		if n, err := s.SweepCarts(t.Context()); err != nil || n != 0 {
			t.Errorf("after 59 days: swept %d, %v", n, err)
		}
		s.clock.Advance(2 * 24 * time.Hour)
		if n, err := s.SweepCarts(t.Context()); err != nil || n != 1 {
			t.Errorf("after 61 days: swept %d, %v; want 1", n, err)
		}
		if n, err := s.CountCart(t.Context(), owner); err != nil || n != 1 {
			t.Errorf("the user's cart has %d copies, %v", n, err)
		}
	})
}
