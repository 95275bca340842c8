package verify

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"bookstore/shared/seal"
	"bookstore/shared/sqldb"
	"bookstore/shared/sqldb/sqldbtest"
)

// start is the time at which everything happens.
var start = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

var eventKey = seal.Key("a key of at least thirty-two bytes")

// bookstore plays catalogsvc and shopsvc: it writes rows as they do, into
// databases with their schemas.
type bookstore struct {
	t             *testing.T
	urls          Databases
	catalog, shop *sqldb.DB
	auth          *sqldb.DB // on SQLite; its audit log is like the shop's
}

// onBoth runs a test on both databases, each time with an empty bookstore.
func onBoth(t *testing.T, test func(t *testing.T, b *bookstore)) {
	sqldbtest.RunURL(t, func(t *testing.T, url string) {
		other := "sqlite:" + filepath.Join(t.TempDir(), "other.db")
		if strings.HasPrefix(url, "mysql:") {
			other = sqldbtest.NewMySQL(t)
		}
		b := &bookstore{t: t, urls: Databases{
			Catalog: url, Shop: other, EventKey: eventKey, Sandbox: true,
			Auth:   "sqlite:" + filepath.Join(t.TempDir(), "auth.db"),
			Settle: time.Millisecond, Now: start.Add(time.Minute),
		}}
		b.catalog = migrated(t, url, "catalogsvc")
		b.shop = migrated(t, other, "shopsvc")
		b.auth = migrated(t, b.urls.Auth, "authsvc")
		test(t, b)
	})
}

// migrated opens a database with the schema of a service, of which only the
// files can be reached from here.
func migrated(t *testing.T, url, service string) *sqldb.DB {
	t.Helper()
	files := os.DirFS(filepath.Join("..", "..", "..", service, "internal", "store", "migrations"))
	db, err := sqldb.Open(t.Context(), sqldb.Config{URL: url}, files)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

// id returns the id of the n-th thing of a kind.
func id(kind string, n int) string {
	return fmt.Sprintf("0198c0de-0000-7000-8%03d-%012d", strings.Index("order shipment payment refund", kind), n)
}

// step is a transaction.
type step struct {
	t   *testing.T
	ctx context.Context
	tx  *sqldb.Tx
	o   *sale // nil in the catalog
}

func (s *step) run(query string, args ...any) {
	s.t.Helper()
	if _, err := s.tx.ExecContext(s.ctx, query, args...); err != nil {
		s.t.Fatalf("%s: %v", query, err)
	}
}

func (b *bookstore) do(db *sqldb.DB, o *sale, do func(s *step)) {
	b.t.Helper()
	err := db.Tx(b.t.Context(), func(ctx context.Context, tx *sqldb.Tx) error {
		do(&step{b.t, ctx, tx, o})
		return nil
	})
	if err != nil {
		b.t.Fatal(err)
	}
}

// list puts a book with copies on sale.
func (b *bookstore) list(book, stock int64) {
	b.t.Helper()
	b.do(b.catalog, nil, func(s *step) {
		s.run(`INSERT INTO books (id, seller_id, title, sort_title, authors, isbn, description, category, language,
			publisher, published_year, copy_condition, price, sku, stock, created_at, updated_at)
			VALUES (?, 1, 'Title', 'title', '[]', '', '', 'fiction', 'en', '', 2000, 'good', 100, '', ?, 0, 0)`, book, stock)
		s.moveStock(book, "listed", stock, 0, 0, "")
	})
}

func (s *step) moveStock(book int64, kind string, stock, held, sold int64, reservation string) {
	s.t.Helper()
	s.run(`INSERT INTO stock_moves (book_id, kind, stock_delta, held_delta, sold_delta, reservation_id, actor, created_at)
		VALUES (?, ?, ?, ?, ?, ?, 'shop', 0)`, book, kind, stock, held, sold, reservation)
}

// reserve, commit, release and restock are the catalog's part of an order.
func (b *bookstore) reserve(o *sale) {
	b.t.Helper()
	b.do(b.catalog, nil, func(s *step) {
		s.run("INSERT INTO reservations (id, state, expires_at, created_at, updated_at) VALUES (?, 'held', ?, 0, 0)",
			o.id, sqldb.Micros(start.Add(15*time.Minute)))
		for _, l := range o.lines {
			s.run("UPDATE books SET stock = stock - ? WHERE id = ?", l.quantity, l.book)
			s.run("INSERT INTO reservation_lines (reservation_id, book_id, quantity, price) VALUES (?, ?, ?, ?)",
				o.id, l.book, l.quantity, l.price)
			s.moveStock(l.book, "reserved", -l.quantity, l.quantity, 0, o.id)
		}
	})
}

func (b *bookstore) commit(o *sale) {
	b.t.Helper()
	b.do(b.catalog, nil, func(s *step) {
		s.run("UPDATE reservations SET state = 'committed' WHERE id = ?", o.id)
		for _, l := range o.lines {
			s.moveStock(l.book, "committed", 0, -l.quantity, l.quantity, o.id)
		}
	})
}

func (b *bookstore) release(o *sale) {
	b.t.Helper()
	b.do(b.catalog, nil, func(s *step) {
		s.run("UPDATE reservations SET state = 'released' WHERE id = ?", o.id)
		for _, l := range o.lines {
			s.run("UPDATE books SET stock = stock + ? WHERE id = ?", l.quantity, l.book)
			s.moveStock(l.book, "released", l.quantity, -l.quantity, 0, o.id)
		}
	})
}

// leaveTombstone releases what never was reserved.
func (b *bookstore) leaveTombstone(o *sale) {
	b.t.Helper()
	b.do(b.catalog, nil, func(s *step) {
		s.run("INSERT INTO reservations (id, state, expires_at, created_at, updated_at) VALUES (?, 'released', 0, 0, 0)", o.id)
	})
}

func (b *bookstore) restock(o *sale, lines ...line) {
	b.t.Helper()
	b.do(b.catalog, nil, func(s *step) {
		for _, l := range lines {
			s.run("UPDATE reservation_lines SET restocked = quantity WHERE reservation_id = ? AND book_id = ?", o.id, l.book)
			s.run("UPDATE books SET stock = stock + ? WHERE id = ?", l.quantity, l.book)
			s.moveStock(l.book, "restocked", l.quantity, 0, -l.quantity, o.id)
		}
	})
}
