package audit

import (
	"strings"
	"testing"

	"bookstore/deploy/internal/cluster"
	"bookstore/deploy/internal/demo"
	"bookstore/deploy/internal/reset"
	"bookstore/deploy/internal/shoptest"
	"bookstore/shared/authapi"
	"bookstore/shared/catalogapi"
	"bookstore/shared/httpclient"
	"bookstore/shared/shopapi"
)

func TestAShopIsPutBackOnlyIfItAllowsIt(t *testing.T) {
	s := shoptest.Open(t, cluster.Options{Frontends: 2, Env: []string{"LOG_LEVEL=warn"}})
	admin := s.SignIn(t, shoptest.Admin)
	to := func(state string) error {
		return reset.Run(t.Context(), reset.Options{
			Target: s.URL, State: state, Books: 20, Buyers: 2, Admin: authapi.Login{Email: admin.Email, Password: admin.Password},
		})
	}
	stray := s.List(t, s.RegisterSeller(t, "Lantern Books"), "A stray book", 1299, 1)
	if err := to(reset.Empty); err == nil || !strings.Contains(err.Error(), "ALLOW_RESET") {
		t.Errorf("got %v, want the setting to be named", err)
	}
	if s.Stock(t, stray.ID) != 1 {
		t.Error("a refused reset took the book off")
	}

	catalog := s.Processes(cluster.Catalog)[0]
	catalog.Set("ALLOW_RESET=true")
	if err := catalog.Restart(t.Context()); err != nil {
		t.Fatal(err)
	}
	wantBooks(t, s, to(reset.Load), 20)

	buyer := s.SignIn(t, shoptest.Account{Email: "load-buyer-1@example.com", Password: demo.Password})
	ctx := buyer.As(t.Context())
	books, err := s.Catalog.Books(ctx, catalogapi.BookQuery{Limit: 1})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.BuyAtOnce(ctx, books.Items[0], s.NationalProvider(t).ID); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Orders.SetCartLine(ctx, books.Items[0].ID, shopapi.SetCartLine{Quantity: 2}); err != nil {
		t.Fatal(err)
	}
	suspended := authapi.StatusSuspended
	if _, err := s.Auth.UpdateUser(admin.As(t.Context()), buyer.ID, authapi.AdminUpdate{Status: &suspended}); err != nil {
		t.Fatal(err)
	}

	wantBooks(t, s, to(reset.Load), 20)
	ctx = s.SignIn(t, buyer).As(t.Context())
	if cart, err := s.Orders.Cart(ctx); err != nil || len(cart.Lines) > 0 {
		t.Errorf("the cart holds %d lines, %v; want none", len(cart.Lines), err)
	}
	if orders, err := s.Orders.Orders(ctx, shopapi.OrderQuery{}); err != nil || len(orders.Items) != 1 {
		t.Errorf("got %d orders, %v; want the one that was paid", len(orders.Items), err)
	}
	all, err := demo.Books()
	if err != nil {
		t.Fatal(err)
	}
	wantBooks(t, s, to(reset.Demo), len(all))
	wantBooks(t, s, to(reset.Empty), 0)
	s.WantBooksBalanced(t, 0)
}

// wantBooks wants a reset to have left so many books on offer, none of which was
// ever sold.
func wantBooks(t *testing.T, s *shoptest.Shop, err error, want int) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	books, err := s.Catalog.Books(httpclient.WithFresh(t.Context()), catalogapi.BookQuery{Limit: 100})
	if err != nil || books.Total != want {
		t.Errorf("%d books are on offer, %v; want %d", books.Total, err, want)
	}
	for _, b := range books.Items {
		if strings.HasPrefix(b.SKU, "load-") && b.Stock != 10_000 {
			t.Errorf("%d copies of %s", b.Stock, b.Title)
		}
	}
}
