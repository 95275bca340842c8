package store_test

import (
	"context"
	"testing"
	"time"

	"bookstore/shared/sqldb"
	"bookstore/shared/sqldb/sqldbtest"
	"bookstore/shopsvc/internal/shop"
	"bookstore/shopsvc/internal/store"

	sq "github.com/Masterminds/squirrel"
)

const (
	buyer, seller int64 = 1, 11
	soldOrder           = "01900000-0000-7000-8000-000000000001"
)

// sell inserts an order that is paid.
func sell(t *testing.T, db *sqldb.DB) {
	t.Helper()
	at := time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)
	o := &shop.Order{
		ID: soldOrder, Number: "A-1", BuyerID: buyer, Key: "key", State: shop.Paid, Currency: "USD", PlacedAt: at,
		Shipments: []*shop.Shipment{{
			ID: "01900000-0000-7000-8000-000000000002", SellerID: seller, State: shop.ShipmentNew,
			Lines: []shop.Line{{BookID: 101, Title: "Emma", Authors: []string{"Jane Austen"}, Price: 1000, Quantity: 1}},
		}},
	}
	if err := store.New(db, nil).InsertOrder(t.Context(), o, nil, ""); err != nil {
		t.Fatal(err)
	}
	if _, err := sqldb.Exec(t.Context(), db.Writer(), sq.Update("shipments").Set("paid_at", sqldb.Micros(at))); err != nil {
		t.Fatal(err)
	}
}

func TestListsOfAdminsAndSellersLagOnlyForWhoeverWroteNothing(t *testing.T) {
	db, _ := sqldbtest.NewLagging(t, store.Migrations)
	s := store.New(db, nil)
	sell(t, db)
	lists := map[string]func(context.Context) ([]*shop.Order, error){
		"all orders": func(ctx context.Context) ([]*shop.Order, error) {
			return s.Orders(ctx, shop.OrderFilter{Limit: 10})
		},
		"sales": func(ctx context.Context) ([]*shop.Order, error) {
			return s.Sales(ctx, shop.SaleFilter{SellerID: seller, Limit: 10})
		},
	}
	for name, list := range lists {
		if behind, err := list(t.Context()); err != nil || len(behind) != 0 {
			t.Errorf("%s of whoever wrote nothing: got %d (%v), want what the replica knows", name, len(behind), err)
		}
		if fresh, err := list(sqldb.WithFresh(t.Context())); err != nil || len(fresh) != 1 {
			t.Errorf("%s of whoever wrote: got %d (%v), want 1", name, len(fresh), err)
		}
	}
	own, err := s.Orders(t.Context(), shop.OrderFilter{BuyerID: buyer, Fresh: true, Limit: 10})
	if err != nil || len(own) != 1 || len(own[0].Shipments) != 1 {
		t.Errorf("a buyer's own orders: got %v (%v), want the one there is", own, err)
	}
}

func TestSalesAreWholeAlthoughTheReplicasLagBehindEachOther(t *testing.T) {
	db, replica := sqldbtest.NewLagging(t, store.Migrations)
	sell(t, db)
	sell(t, replica)
	for _, statement := range []string{ // as if another replica had been asked for the order
		"ALTER TABLE shipments DROP FOREIGN KEY shipments_of", "ALTER TABLE order_lines DROP FOREIGN KEY order_lines_of", "DELETE FROM orders",
	} {
		if _, err := replica.Writer().ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	sales, err := store.New(db, nil).Sales(t.Context(), shop.SaleFilter{SellerID: seller, Limit: 10})
	if err != nil || len(sales) != 1 || len(sales[0].Shipments) != 1 || len(sales[0].Shipments[0].Lines) != 1 {
		t.Errorf("got %v (%v), want the whole sale", sales, err)
	}
}
