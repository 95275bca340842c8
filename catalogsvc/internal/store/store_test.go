package store_test

import (
	"fmt"
	"testing"
	"time"

	"bookstore/catalogsvc/internal/catalog"
	"bookstore/catalogsvc/internal/store"
	"bookstore/shared/idempotency"
	"bookstore/shared/sqldb"
	"bookstore/shared/sqldb/sqldbtest"
)

// noon is when everything happens in these tests.
var noon = time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)

func onBoth(t *testing.T, test func(t *testing.T, s *store.Store, db *sqldb.DB)) {
	sqldbtest.Run(t, store.Migrations, func(t *testing.T, db *sqldb.DB) { test(t, store.New(db), db) })
}

// emma is a listing that breaks no rule.
func emma() catalog.Book {
	return catalog.Book{
		SellerID:   7,
		SellerName: "Corner Books",
		Listing: catalog.Listing{
			Title:       "Emma",
			Authors:     []string{"Jane Austen"},
			ISBN:        "9780141439587",
			Description: "Handsome, clever & <rich>.\nSecond line.",
			Category:    "classics",
			Language:    "en",
			Publisher:   "Penguin",
			Year:        1815,
			Condition:   "good",
			Price:       1299,
			SKU:         "A-1",
		},
		Stock:     5,
		CreatedAt: noon,
		UpdatedAt: noon,
	}
}

func add(t testing.TB, s *store.Store, b catalog.Book) int64 {
	t.Helper()
	id, err := s.AddBook(t.Context(), idempotency.Request{}, b)
	if err != nil {
		t.Fatalf("add %q: %v", b.Title, err)
	}
	return id
}

func addStock(t testing.TB, s *store.Store, stock int64) int64 {
	t.Helper()
	b := emma()
	b.Stock = stock
	return add(t, s, b)
}

func current(t testing.TB, s *store.Store, id int64) catalog.Book {
	t.Helper()
	b, err := s.CurrentBook(t.Context(), id)
	if err != nil {
		t.Fatalf("book %d: %v", id, err)
	}
	return b
}

func wantStock(t testing.TB, s *store.Store, id, want int64) {
	t.Helper()
	if got := current(t, s, id).Stock; got != want {
		t.Errorf("stock of book %d: got %d, want %d", id, got, want)
	}
}

// hold is a reservation of copies at emma's price.
func hold(id string, copies ...catalog.Line) catalog.Reservation {
	for i := range copies {
		if copies[i].Price == 0 {
			copies[i].Price = emma().Price
		}
	}
	return catalog.Reservation{ID: id, ExpiresAt: noon.Add(15 * time.Minute), Lines: copies}
}

func of(book, quantity int64) catalog.Line { return catalog.Line{BookID: book, Quantity: quantity} }

// wantLedger fails unless each book's stock, holds and sales are what the
// ledger says, in plain SQL as the migration promises it.
func wantLedger(t testing.TB, db *sqldb.DB) {
	t.Helper()
	const quantity = `COALESCE((SELECT SUM(%s) FROM reservation_lines l JOIN reservations r ON r.id = l.reservation_id
		WHERE l.book_id = b.id AND r.state = '%s'), 0)`
	const moved = "COALESCE((SELECT SUM(%s) FROM stock_moves m WHERE m.book_id = b.id), 0)"
	query := "SELECT b.id, b.stock, " + fmt.Sprintf(moved, "stock_delta") + ", " +
		fmt.Sprintf(quantity, "l.quantity", "held") + ", " + fmt.Sprintf(moved, "held_delta") + ", " +
		fmt.Sprintf(quantity, "l.quantity - l.restocked", "committed") + ", " + fmt.Sprintf(moved, "sold_delta") + `,
		COALESCE((SELECT SUM(stock_delta) FROM stock_moves m WHERE m.book_id = b.id
			AND m.kind IN ('listed', 'adjusted', 'delisted')), 0) FROM books b`
	rows, err := db.Writer().QueryContext(t.Context(), query)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var id, stock, stockMoved, held, heldMoved, sold, soldMoved, adjusted int64
		if err := rows.Scan(&id, &stock, &stockMoved, &held, &heldMoved, &sold, &soldMoved, &adjusted); err != nil {
			t.Fatal(err)
		}
		if stock < 0 || stock != stockMoved || held != heldMoved || sold != soldMoved || stock+held+sold != adjusted {
			t.Errorf("book %d: stock %d (ledger %d), held %d (%d), sold %d (%d), adjustments %d",
				id, stock, stockMoved, held, heldMoved, sold, soldMoved, adjusted)
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
}

func TestMigrationsAreTwins(t *testing.T) {
	sqldbtest.CheckTwins(t, store.Migrations)
}
