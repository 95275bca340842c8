package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"bookstore/catalogsvc/internal/catalog"
	"bookstore/shared/sqldb"

	sq "github.com/Masterminds/squirrel"
)

// Commit implements catalog.Store.
func (s *Store) Commit(ctx context.Context, id string, at time.Time) (r catalog.Reservation, err error) {
	err = s.end(ctx, func(ctx context.Context, tx *sqldb.Tx) error {
		done, err := endHold(ctx, tx, id, catalog.Committed, at, nil)
		if err != nil {
			return err
		}
		if r, err = reservation(ctx, tx, id); err != nil {
			return err
		}
		switch {
		case r.State == catalog.Released:
			return catalog.ErrReservationReleased
		case r.State == catalog.Held:
			return errTaken
		case !done:
			return nil
		}
		moves := movesOf(r.Lines, func(l catalog.Line) move {
			return move{kind: catalog.MoveCommitted, held: -l.Quantity, sold: l.Quantity}
		})
		return insertMoves(ctx, tx, origin{id, catalog.ActorShop, at}, moves...)
	})
	return r, err
}

// Release implements catalog.Store.
func (s *Store) Release(ctx context.Context, id string, at time.Time) error {
	return s.end(ctx, func(ctx context.Context, tx *sqldb.Tx) error {
		by := origin{id, catalog.ActorShop, at}
		if done, err := releaseHold(ctx, tx, by, nil); done || err != nil {
			return err
		}
		r, err := reservation(ctx, tx, id)
		switch {
		case errors.Is(err, catalog.ErrReservationNotFound):
			return insertReservation(ctx, tx, catalog.Reservation{ID: id, State: catalog.Released, ExpiresAt: at}, at)
		case err != nil:
			return err
		case r.State == catalog.Committed:
			return catalog.ErrReservationCommitted
		case r.State == catalog.Held:
			return errTaken
		}
		return nil
	})
}

// end runs a transaction that ends a reservation. It runs it again if it
// returns errTaken: the reservation was made, or released, between its looks.
func (s *Store) end(ctx context.Context, end func(context.Context, *sqldb.Tx) error) error {
	err := s.db.Tx(ctx, end)
	if errors.Is(err, errTaken) {
		err = s.db.Tx(ctx, end)
	}
	return err
}

// OverdueHolds implements catalog.Store.
func (s *Store) OverdueHolds(ctx context.Context, before time.Time, limit int) ([]string, error) {
	query := sq.Select("id").From("reservations").
		Where(overdue(before)).Where(sq.Eq{"state": catalog.Held}).
		OrderBy("expires_at").Limit(uint64(limit))
	return sqldb.QueryAll(ctx, s.db.Writer(), query, scanText)
}

// ReleaseOverdue implements catalog.Store.
func (s *Store) ReleaseOverdue(ctx context.Context, id string, before, at time.Time) (done bool, err error) {
	err = s.db.Tx(ctx, func(ctx context.Context, tx *sqldb.Tx) (err error) {
		done, err = releaseHold(ctx, tx, origin{id, catalog.ActorSweep, at}, overdue(before))
		return err
	})
	return done && err == nil, err
}

func overdue(before time.Time) sq.Sqlizer { return sq.Lt{"expires_at": sqldb.Micros(before)} }

// releaseHold puts the copies of a hold that also meets the condition back on
// the shelf. It reports false if there is no such hold.
func releaseHold(ctx context.Context, tx *sqldb.Tx, by origin, condition sq.Sqlizer) (done bool, err error) {
	done, err = endHold(ctx, tx, by.reservationID, catalog.Released, by.at, condition)
	if !done || err != nil {
		return false, err
	}
	r, err := reservation(ctx, tx, by.reservationID)
	if err != nil {
		return false, err
	}
	for _, line := range r.Lines {
		if err := addStock(ctx, tx, line.BookID, line.Quantity); err != nil {
			return false, err
		}
	}
	moves := movesOf(r.Lines, func(l catalog.Line) move {
		return move{kind: catalog.MoveReleased, stock: l.Quantity, held: -l.Quantity}
	})
	return true, insertMoves(ctx, tx, by, moves...)
}

// endHold moves a held reservation that also meets the condition (nil: any) to
// its final state. It reports false if there is none.
func endHold(ctx context.Context, tx *sqldb.Tx, id string, state catalog.State, at time.Time, condition sq.Sqlizer) (bool, error) {
	update := sq.Update("reservations").
		Set("state", state).
		Set("updated_at", sqldb.Micros(at)).
		Where(sq.Eq{"id": id, "state": catalog.Held})
	if condition != nil {
		update = update.Where(condition)
	}
	n, err := sqldb.Exec(ctx, tx, update)
	if err != nil {
		return false, fmt.Errorf("end the hold: %w", err)
	}
	return n > 0, nil
}

// addStock puts copies of a book back. A delisted one takes them too: nobody can
// buy them, but they are accounted for.
func addStock(ctx context.Context, tx *sqldb.Tx, bookID, quantity int64) error {
	n, err := sqldb.Exec(ctx, tx, sq.Update("books").
		Set("stock", sq.Expr("stock + ?", quantity)).
		Where(sq.Eq{"id": bookID}))
	if err != nil {
		return fmt.Errorf("put copies of book %d back: %w", bookID, err)
	}
	if n == 0 {
		return fmt.Errorf("put copies of book %d back: there is no such book", bookID)
	}
	return nil
}
