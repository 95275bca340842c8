package shop_test

import (
	"context"
	"strings"
	"testing"

	"bookstore/shared/sqldb"
	"bookstore/shared/sqldb/sqldbtest"
	"bookstore/shopsvc/internal/sandbox"
	"bookstore/shopsvc/internal/shop"
	"bookstore/shopsvc/internal/store"
)

// bound is how much a checkout may ask of a group of tables.
type bound struct{ statements, commits int }

// A checkout of two sellers' books, from the empty cart to the captured payment.
// Who needs more says why.
func TestACheckoutAsksLittleOfTheDatabase(t *testing.T) {
	groups := map[string][]string{
		"order":   {"orders", "shipments", "order_lines", "payments", "refunds", "order_events"},
		"cart":    {"carts", "cart_lines"},
		"sandbox": {"sandbox_charges", "sandbox_refunds"},
		"mails":   {"outbox"},
		"ledger":  {"postings", "ledger_entries"},
	}
	bounds := map[string]bound{
		"order":   {25, 6},
		"cart":    {11, 4},
		"sandbox": {3, 2},
		"mails":   {1, 1},
		"ledger":  {2, 1},
		"other":   {3, 0}, // providers, sellers and, once a minute, commission rules
	}
	statements := sqldbtest.NewStatements(t)
	sqldbtest.Run(t, store.Migrations, func(t *testing.T, db *sqldb.DB) {
		s := newShop(t, db, 0)
		in := s.wants(t, emma, dune)
		got := statements.During(t.Context(), groups, func(ctx context.Context) { s.checkOut(ctx, t, in) })
		for group, c := range got {
			if b := bounds[group]; len(c.SQL) > b.statements || c.Commits > b.commits {
				t.Errorf("%s: %d statements and %d commits, want at most %d and %d:\n%s", group, len(c.SQL), c.Commits,
					b.statements, b.commits, strings.Join(c.SQL, "\n"))
			}
		}
		s.check(t)
	})
}

// checkOut buys through the cart, as the pages do.
func (s *shopUnderTest) checkOut(ctx context.Context, t *testing.T, in shop.PlaceOrder) {
	t.Helper()
	var cart shop.PricedCart
	for _, l := range in.Lines {
		var err error
		if cart, err = s.SetCartLine(ctx, buyer, l.BookID, l.Quantity, false); err != nil {
			t.Fatal(err)
		}
	}
	o, err := s.PlaceOrder(ctx, buyer, cart.Key, in)
	if err != nil {
		t.Fatal(err)
	}
	if o, err = s.Pay(ctx, buyer, o.ID, card(sandbox.CardPays)); err != nil {
		t.Fatal(err)
	}
	wantState(t, o, shop.Paid)
}
