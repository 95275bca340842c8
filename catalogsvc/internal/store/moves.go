package store

import (
	"context"
	"fmt"
	"time"

	"bookstore/shared/sqldb"

	sq "github.com/Masterminds/squirrel"
)

// move is one row of the stock ledger: by how much a book's copies on the
// shelf, on hold and sold change.
type move struct {
	bookID            int64
	kind              string
	stock, held, sold int64
}

// origin is why stock moves: on whose account, and for which reservation.
type origin struct {
	reservationID string // empty: none
	actor         string
	at            time.Time
}

// BestSold implements catalog.Store. It looks at the end of the ledger alone,
// however long that is.
func (s *Store) BestSold(ctx context.Context, moves, limit int) ([]int64, error) {
	latest := sq.Select("book_id", "sold_delta").From("stock_moves").OrderBy("id DESC").Limit(uint64(moves))
	query := sq.Select("book_id").FromSelect(latest, "latest").
		GroupBy("book_id").Having("SUM(sold_delta) > 0").OrderBy("SUM(sold_delta) DESC", "book_id DESC").Limit(uint64(limit))
	return sqldb.QueryAll(ctx, s.db.Reader(ctx), query, scanNumber)
}

func insertMoves(ctx context.Context, tx *sqldb.Tx, by origin, moves ...move) error {
	insert := sq.Insert("stock_moves").
		Columns("book_id", "kind", "stock_delta", "held_delta", "sold_delta", "reservation_id", "actor", "created_at")
	for _, m := range moves {
		insert = insert.Values(m.bookID, m.kind, m.stock, m.held, m.sold, by.reservationID, by.actor, sqldb.Micros(by.at))
	}
	if _, err := sqldb.Exec(ctx, tx, insert); err != nil {
		return fmt.Errorf("write the stock ledger: %w", err)
	}
	return nil
}
