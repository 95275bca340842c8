package verify

import (
	"time"

	"bookstore/shared/catalogapi"
	"bookstore/shared/sqldb"

	sq "github.com/Masterminds/squirrel"
)

// sweepAfter is how long after its time catalogsvc lets a forgotten hold go,
// with a margin for the sweep to come round.
const sweepAfter = 10*time.Minute + 2*time.Minute

const (
	// ledgers sums the moves of each book.
	ledgers = `(SELECT book_id, SUM(stock_delta) AS stock, SUM(held_delta) AS held, SUM(sold_delta) AS sold,
		SUM(CASE WHEN kind IN ('listed', 'adjusted', 'delisted') THEN stock_delta ELSE 0 END) AS adjusted
		FROM stock_moves GROUP BY book_id) ledger ON ledger.book_id = b.id`
	// takings sums the reservations of each book.
	takings = `(SELECT l.book_id,
		SUM(CASE WHEN r.state = 'held' THEN l.quantity ELSE 0 END) AS held,
		SUM(CASE WHEN r.state = 'committed' THEN l.quantity - l.restocked ELSE 0 END) AS sold
		FROM reservation_lines l JOIN reservations r ON r.id = l.reservation_id
		GROUP BY l.book_id) taken ON taken.book_id = b.id`
)

// bookRules are the catalog's.
func bookRules(now time.Time) []rule {
	books := sq.Select("COUNT(*)").From("books")
	lines := sq.Select("COUNT(*)").From("reservation_lines")
	return []rule{
		{
			name: "no stock below zero", things: "books", count: books,
			broken: sq.Select("id", "stock").From("books").Where("stock < 0").OrderBy("id"),
			says:   "book %s: stock %s",
		},
		{
			name: "stock + held + sold = listed and adjusted", things: "books", count: books,
			broken: sq.Select("b.id", "b.stock", "COALESCE(taken.held, 0)", "COALESCE(taken.sold, 0)", "COALESCE(ledger.adjusted, 0)").
				From("books b").LeftJoin(ledgers).LeftJoin(takings).
				Where("b.stock + COALESCE(taken.held, 0) + COALESCE(taken.sold, 0) <> COALESCE(ledger.adjusted, 0)").
				OrderBy("b.id"),
			says: "book %s: stock %s + held %s + sold %s, but %s listed and adjusted",
		},
		{
			name: "stock = sum of its moves", things: "books", count: books,
			broken: sq.Select("b.id", "b.stock", "COALESCE(ledger.stock, 0)").
				From("books b").LeftJoin(ledgers).
				Where("b.stock <> COALESCE(ledger.stock, 0)").OrderBy("b.id"),
			says: "book %s: stock %s, its moves say %s",
		},
		{
			name: "held copies = sum of their moves", things: "books", count: books,
			broken: sq.Select("b.id", "COALESCE(taken.held, 0)", "COALESCE(ledger.held, 0)").
				From("books b").LeftJoin(ledgers).LeftJoin(takings).
				Where("COALESCE(taken.held, 0) <> COALESCE(ledger.held, 0)").OrderBy("b.id"),
			says: "book %s: %s copies held, its moves say %s",
		},
		{
			name: "sold copies = sum of their moves", things: "books", count: books,
			broken: sq.Select("b.id", "COALESCE(taken.sold, 0)", "COALESCE(ledger.sold, 0)").
				From("books b").LeftJoin(ledgers).LeftJoin(takings).
				Where("COALESCE(taken.sold, 0) <> COALESCE(ledger.sold, 0)").OrderBy("b.id"),
			says: "book %s: %s copies sold, its moves say %s",
		},
		{
			name: "moves are of known books", things: "moves", count: sq.Select("COUNT(*)").From("stock_moves"),
			broken: sq.Select("m.id", "m.book_id").From("stock_moves m").
				LeftJoin("books b ON b.id = m.book_id").Where("b.id IS NULL").OrderBy("m.id"),
			says: "move %s: there is no book %s",
		},
		{
			name: "reserved lines are of known books and reservations", things: "lines", count: lines,
			broken: sq.Select("l.reservation_id", "l.book_id").From("reservation_lines l").
				LeftJoin("books b ON b.id = l.book_id").
				LeftJoin("reservations r ON r.id = l.reservation_id").
				Where("(b.id IS NULL OR r.id IS NULL)").OrderBy("l.reservation_id", "l.book_id"),
			says: "reservation %s, book %s: one of them does not exist",
		},
		{
			name: "no more restocked than sold", things: "lines", count: lines,
			broken: sq.Select("l.reservation_id", "l.book_id", "l.restocked", "l.quantity", "r.state").
				From("reservation_lines l").LeftJoin("reservations r ON r.id = l.reservation_id").
				Where("(l.restocked < 0 OR l.restocked > l.quantity OR l.restocked > 0 AND r.state <> 'committed')").
				OrderBy("l.reservation_id", "l.book_id"),
			says: "reservation %s, book %s: %s restocked of %s copies that are %s",
		},
		{
			name: "no hold older than its time", things: "holds",
			count: sq.Select("COUNT(*)").From("reservations").Where(sq.Eq{"state": catalogapi.ReservationHeld}),
			broken: sq.Select("id", "expires_at").From("reservations").Where(sq.Eq{"state": catalogapi.ReservationHeld}).
				Where(sq.Lt{"expires_at": sqldb.Micros(now.Add(-sweepAfter))}).OrderBy("id"),
			says: "reservation %s: held, but its time ended at %s",
		},
	}
}
