package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"bookstore/catalogsvc/internal/catalog"
	"bookstore/shared/sqldb"

	sq "github.com/Masterminds/squirrel"
)

// errRestocked says that a restock was done before.
var errRestocked = errors.New("restocked before")

// Restock implements catalog.Store.
func (s *Store) Restock(ctx context.Context, id, key string, lines []catalog.Return, at time.Time) error {
	lines = slices.SortedFunc(slices.Values(lines), func(a, b catalog.Return) int { return cmp.Compare(a.BookID, b.BookID) })
	err := s.db.Tx(ctx, func(ctx context.Context, tx *sqldb.Tx) error {
		if err := checkRestock(ctx, tx, id, key); err != nil {
			return err
		}
		return restock(ctx, tx, id, key, lines, at)
	})
	if errors.Is(err, catalog.ErrRestockTooLarge) {
		// The first call of this key may have won meanwhile, and taken its lines.
		if known, lookup := isRestocked(ctx, s.db.Writer(), id, key); lookup == nil && known {
			return nil
		}
	}
	if errors.Is(err, errRestocked) {
		return nil
	}
	return err
}

func checkRestock(ctx context.Context, tx *sqldb.Tx, id, key string) error {
	r, err := reservation(ctx, tx, id)
	switch {
	case err != nil:
		return err
	case r.State == catalog.Held:
		return catalog.ErrReservationHeld
	case r.State == catalog.Released:
		return catalog.ErrReservationReleased
	}
	known, err := isRestocked(ctx, tx, id, key)
	if err == nil && known {
		err = errRestocked
	}
	return err
}

func isRestocked(ctx context.Context, q sqldb.Querier, id, key string) (bool, error) {
	query := sq.Select("restock_key").From("restocks").Where(sq.Eq{"reservation_id": id, "restock_key": key})
	_, err := sqldb.QueryOne(ctx, q, query, scanText)
	if errors.Is(err, sqldb.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

func restock(ctx context.Context, tx *sqldb.Tx, id, key string, lines []catalog.Return, at time.Time) error {
	moves := make([]move, len(lines))
	for i, line := range lines {
		if err := takeBack(ctx, tx, id, line); err != nil {
			return err
		}
		if err := addStock(ctx, tx, line.BookID, line.Quantity); err != nil {
			return err
		}
		moves[i] = move{bookID: line.BookID, kind: catalog.MoveRestocked, stock: line.Quantity, sold: -line.Quantity}
	}
	insert := sq.Insert("restocks").
		Columns("reservation_id", "restock_key", "created_at").
		Values(id, key, sqldb.Micros(at))
	_, err := sqldb.Exec(ctx, tx, insert)
	if sqldb.IsDuplicate(err) {
		return errRestocked
	}
	if err != nil {
		return fmt.Errorf("remember the restock: %w", err)
	}
	return insertMoves(ctx, tx, origin{id, catalog.ActorShop, at}, moves...)
}

// takeBack counts copies of a sale as returned, no more than were sold.
func takeBack(ctx context.Context, tx *sqldb.Tx, id string, line catalog.Return) error {
	n, err := sqldb.Exec(ctx, tx, sq.Update("reservation_lines").
		Set("restocked", sq.Expr("restocked + ?", line.Quantity)).
		Where(sq.Eq{"reservation_id": id, "book_id": line.BookID}).
		Where("restocked <= quantity - ?", line.Quantity))
	if err != nil {
		return fmt.Errorf("take copies of book %d back: %w", line.BookID, err)
	}
	if n > 0 {
		return nil
	}
	query := sq.Select("quantity - restocked").From("reservation_lines").
		Where(sq.Eq{"reservation_id": id, "book_id": line.BookID})
	left, err := sqldb.QueryOne(ctx, tx, query, scanNumber)
	if err != nil && !errors.Is(err, sqldb.ErrNotFound) {
		return fmt.Errorf("read what was sold of book %d: %w", line.BookID, err)
	}
	return catalog.ErrRestockTooLarge.With("book_id", line.BookID, "available", left)
}
