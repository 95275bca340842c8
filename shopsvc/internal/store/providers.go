package store

import (
	"context"
	"fmt"
	"slices"
	"time"

	"bookstore/shared/idempotency"
	"bookstore/shared/idempotency/keystore"
	"bookstore/shared/sqldb"
	"bookstore/shopsvc/internal/shop"

	sq "github.com/Masterminds/squirrel"
)

// Providers implements shop.ProviderStore.
func (s *Store) Providers(ctx context.Context) ([]shop.Provider, error) {
	return providers(ctx, s.db.Writer())
}

func providers(ctx context.Context, q sqldb.Querier) ([]shop.Provider, error) {
	return sqldb.QueryAll(ctx, q,
		sq.Select("id", "name", "coverage", "cost", "active", "tracking_url").From("delivery_providers").OrderBy("name"),
		func(row sqldb.Row) (shop.Provider, error) {
			var p shop.Provider
			err := row.Scan(&p.ID, &p.Name, &p.Coverage, &p.Cost, &p.Active, &p.TrackingURL)
			return p, err
		})
}

// InsertProvider implements shop.ProviderStore.
func (s *Store) InsertProvider(ctx context.Context, request idempotency.Request, p shop.Provider, at time.Time) (int64, error) {
	id, _, err := keystore.Once(ctx, s.db, request, at, func(ctx context.Context, tx *sqldb.Tx) (int64, error) {
		return sqldb.InsertID(ctx, tx, sq.Insert("delivery_providers").
			Columns("name", "coverage", "cost", "active", "tracking_url").Values(p.Name, p.Coverage, p.Cost, p.Active, p.TrackingURL))
	})
	if sqldb.IsDuplicate(err) {
		return 0, shop.ErrTaken
	}
	return id, err
}

// SweepKeys implements shop.ProviderStore.
func (s *Store) SweepKeys(ctx context.Context, before time.Time) error {
	return keystore.Sweep(ctx, s.db, before)
}

// UpdateProvider implements shop.ProviderStore.
func (s *Store) UpdateProvider(ctx context.Context, p shop.Provider) error {
	err := guarded(ctx, s.db.Writer(), sq.Update("delivery_providers").
		Set("name", p.Name).Set("coverage", p.Coverage).Set("cost", p.Cost).Set("active", p.Active).
		Set("tracking_url", p.TrackingURL).
		Where(sq.Eq{"id": p.ID}), shop.ErrNotFound)
	if sqldb.IsDuplicate(err) {
		return shop.ErrTaken
	}
	return err
}

// SetFirstCosts implements shop.ProviderStore. Each update is guarded by what was
// read, so that instances which start at once, and an admin, meet in the rows.
func (s *Store) SetFirstCosts(ctx context.Context, before, after []shop.Provider) error {
	return s.db.Tx(ctx, func(ctx context.Context, tx *sqldb.Tx) error {
		now, err := providers(ctx, tx)
		if err != nil || !slices.EqualFunc(now, before, sameTerms) {
			return err
		}
		orders, err := sqldb.QueryAll(ctx, tx, sq.Select("id").From("orders").Limit(1), scanText)
		if err != nil || len(orders) > 0 {
			return err
		}
		for i, p := range before {
			_, err := sqldb.Exec(ctx, tx, sq.Update("delivery_providers").Set("cost", after[i].Cost).
				Where(sq.Eq{"name": p.Name, "coverage": p.Coverage, "cost": p.Cost, "active": p.Active}))
			if err != nil {
				return fmt.Errorf("set the cost of %s: %w", p.Name, err)
			}
		}
		return nil
	})
}

func sameTerms(a, b shop.Provider) bool {
	return a.Name == b.Name && a.Coverage == b.Coverage && a.Cost == b.Cost && a.Active == b.Active
}

// DeleteProvider implements shop.ProviderStore.
func (s *Store) DeleteProvider(ctx context.Context, id int64) error {
	n, err := sqldb.Exec(ctx, s.db.Writer(), sq.Delete("delivery_providers").Where(sq.Eq{"id": id}))
	if err != nil {
		return fmt.Errorf("delete provider %d: %w", id, err)
	}
	if n == 0 {
		return shop.ErrNotFound
	}
	return nil
}
