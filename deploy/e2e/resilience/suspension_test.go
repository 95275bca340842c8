package resilience

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"bookstore/deploy/internal/cluster"
	"bookstore/deploy/internal/shoptest"
	"bookstore/shared/apierr"
	"bookstore/shared/authapi"
	"bookstore/shared/catalogapi"
	"bookstore/shared/shopapi"
)

// suspension is a seller's book in a buyer's cart, and the admin who suspends
// the seller.
type suspension struct {
	*shoptest.Shop
	seller, buyer, admin shoptest.Account
	book                 catalogapi.Book
	key                  string // of the buyer's open checkout
	provider             int64
}

// suspendSeller wants a suspended seller's books to leave lists, pages, carts
// and open checkouts, and to come back with the seller, also if a service that
// has to be told is away when it happens.
func suspendSeller(t *testing.T, s *shoptest.Shop) {
	x := suspension{Shop: s, seller: s.RegisterSeller(t, "Short-lived Books"), buyer: s.Register(t, "Buyer"), admin: s.SignIn(t, shoptest.Admin), provider: s.NationalProvider(t).ID}
	x.book = s.List(t, x.seller, "Frankenstein", 1299, 5)
	cart, err := s.Orders.SetCartLine(x.buyer.As(t.Context()), x.book.ID, shopapi.SetCartLine{Quantity: 1})
	if err != nil {
		t.Fatal(err)
	}
	x.key = cart.CheckoutKey

	x.set(t, authapi.StatusSuspended)
	x.await(t, "is off the shop", false)
	x.wantPage(t, http.StatusGone)
	x.wantNoOrder(t)
	x.set(t, authapi.StatusActive)
	x.await(t, "is back", true)
	x.wantPage(t, http.StatusOK)

	for _, away := range []string{cluster.Catalog, cluster.Shop} {
		program := s.Processes(away)[0]
		if err := program.Kill(); err != nil {
			t.Fatal(err)
		}
		x.set(t, authapi.StatusSuspended)
		if err := program.Start(); err != nil {
			t.Fatal(err)
		}
		x.await(t, "is off the shop though "+away+" was away", false)
		x.wantNoOrder(t)
		x.set(t, authapi.StatusActive)
		x.await(t, "is back after "+away+" was away", true)
	}
	if _, err := s.Orders.PlaceOrder(x.buyer.As(t.Context()), x.key, shoptest.OrderOf(x.provider, x.book)); err != nil {
		t.Errorf("the checkout that was open all the time: %v", err)
	}
}

func (x *suspension) set(t *testing.T, status string) {
	t.Helper()
	if _, err := x.Auth.UpdateUser(x.admin.As(t.Context()), x.seller.ID, authapi.AdminUpdate{Status: &status}); err != nil {
		t.Fatal(err)
	}
}

// await waits until the list, the cart and shopsvc's own record agree on whether
// the book can be bought.
func (x *suspension) await(t *testing.T, what string, wanted bool) {
	t.Helper()
	began := time.Now()
	shoptest.Await(t, "the book "+what, func() bool {
		list, err := x.Catalog.Books(x.buyer.As(t.Context()), catalogapi.BookQuery{IDs: []int64{x.book.ID}})
		if err != nil || (len(list.Items) == 1) != wanted {
			return false
		}
		cart, err := x.Orders.Cart(x.buyer.As(t.Context()))
		if err != nil || len(cart.Lines) != 1 || (cart.Lines[0].Problem == "") != wanted {
			return false
		}
		known := x.Query(t, cluster.Shop, fmt.Sprintf("SELECT may_sell FROM sellers WHERE id = %d", x.seller.ID))
		return len(known) == 1 && (known[0] == "1") == wanted
	})
	fmt.Printf("  the book %s %d ms after the admin said so\n", what, time.Since(began).Milliseconds())
}

// wantNoOrder wants an open checkout to be told that the book is gone.
func (x *suspension) wantNoOrder(t *testing.T) {
	t.Helper()
	_, err := x.Orders.PlaceOrder(x.buyer.As(t.Context()), x.key, shoptest.OrderOf(x.provider, x.book))
	e, ok := apierr.As(err)
	if !ok || e.Code != shopapi.CodeLinesChanged || len(e.Fields) != 1 || e.Fields[0].Code != shopapi.CodeBookGone {
		t.Errorf("an open checkout: got %v, want to hear that the book is gone", err)
	}
}

// wantPage wants the book's page to answer so, once the frontend asks again.
func (x *suspension) wantPage(t *testing.T, status int) {
	t.Helper()
	shoptest.Await(t, fmt.Sprintf("the book's page to be a %d", status), func() bool {
		resp, err := http.Get(fmt.Sprintf("%s/books/%d", x.URL, x.book.ID))
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		return resp.StatusCode == status
	})
}
