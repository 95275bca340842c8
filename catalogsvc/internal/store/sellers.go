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

// Seller implements catalog.Store.
func (s *Store) Seller(ctx context.Context, id int64) (catalog.SellerState, error) {
	return seller(ctx, s.db.Writer(), id)
}

func seller(ctx context.Context, q sqldb.Querier, id int64) (catalog.SellerState, error) {
	query := sq.Select("name", "version", "suspended_at").From("sellers").Where(sq.Eq{"id": id})
	state, err := sqldb.QueryOne(ctx, q, query, func(row sqldb.Row) (catalog.SellerState, error) {
		state := catalog.SellerState{Seller: catalog.Seller{ID: id}}
		var suspended *int64
		err := row.Scan(&state.Name, &state.Version, &suspended)
		state.MaySell = suspended == nil
		return state, err
	})
	if errors.Is(err, sqldb.ErrNotFound) {
		return catalog.SellerState{}, nil
	}
	return state, err
}

// PutSeller implements catalog.Store. It changes the seller's row first, as
// keepSeller does: a listing at the same time comes entirely before or after.
func (s *Store) PutSeller(ctx context.Context, state catalog.SellerState, at time.Time) error {
	return s.db.Tx(ctx, func(ctx context.Context, tx *sqldb.Tx) error {
		if err := s.insertSeller(ctx, tx, state.Seller, at); err != nil {
			return err
		}
		update := sq.Update("sellers").
			Set("name", state.Name).
			Set("version", state.Version).
			Set("suspended_at", nil).
			Set("updated_at", sqldb.Micros(at)).
			Where(sq.Eq{"id": state.ID}).
			Where(sq.Lt{"version": state.Version})
		if !state.MaySell {
			update = update.Set("suspended_at", sqldb.Micros(at))
		}
		n, err := sqldb.Exec(ctx, tx, update)
		if err != nil {
			return fmt.Errorf("update the seller: %w", err)
		}
		if n == 0 {
			return nil // a later word has come before
		}
		listings := listingsOf(state)
		if err := logChanges(ctx, tx, listings, at); err != nil {
			return err
		}
		update = sq.Update("books").Set("delisted_at", nil).Set("suspended_at", nil).Where(listings)
		if !state.MaySell {
			update = update.Set("delisted_at", sqldb.Micros(at)).Set("suspended_at", sqldb.Micros(at))
		}
		if _, err := sqldb.Exec(ctx, tx, update); err != nil {
			return fmt.Errorf("update the seller's listings: %w", err)
		}
		return nil
	})
}

// listingsOf selects a seller's listings that go off the shop, or those that
// went off it with the seller and come back. Their versions stay: nobody has
// edited them.
func listingsOf(state catalog.SellerState) sq.Sqlizer {
	if state.MaySell {
		return sq.And{sq.Eq{"seller_id": state.ID}, sq.NotEq{"suspended_at": nil}}
	}
	return sq.Eq{"seller_id": state.ID, "delisted_at": nil}
}

// keepSeller remembers the owner of a listing by the name that it has now,
// unless authsvc itself has told the name. It returns ErrSellerSuspended if
// the owner may not sell.
func (s *Store) keepSeller(ctx context.Context, tx *sqldb.Tx, owner catalog.Seller, at time.Time) error {
	if err := s.insertSeller(ctx, tx, owner, at); err != nil {
		return err
	}
	known, err := seller(ctx, tx, owner.ID)
	if err != nil {
		return fmt.Errorf("read seller %d: %w", owner.ID, err)
	}
	if !known.MaySell {
		return catalog.ErrSellerSuspended
	}
	if known.Version > 0 || known.Name == owner.Name {
		return nil
	}
	_, err = sqldb.Exec(ctx, tx, sq.Update("sellers").
		Set("name", owner.Name).
		Set("updated_at", sqldb.Micros(at)).
		Where(sq.Eq{"id": owner.ID, "version": 0}))
	if err != nil {
		return fmt.Errorf("rename seller %d: %w", owner.ID, err)
	}
	return nil
}

// insertSeller makes sure that a seller is known, and locks its row until the
// transaction ends.
func (s *Store) insertSeller(ctx context.Context, tx *sqldb.Tx, owner catalog.Seller, at time.Time) error {
	insert := sq.Insert("sellers").Columns("id", "name", "updated_at").Values(owner.ID, owner.Name, sqldb.Micros(at))
	if _, err := sqldb.Exec(ctx, tx, sqldb.Upsert(s.db.Dialect(), insert, []string{"id"}, nil)); err != nil {
		return fmt.Errorf("keep seller %d: %w", owner.ID, err)
	}
	return nil
}
