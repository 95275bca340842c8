package store

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"bookstore/shared/audit"
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
	return sqldb.QueryAll(ctx, q, selectProviders().OrderBy("name"), scanProvider)
}

func selectProviders() sq.SelectBuilder {
	return sq.Select("id", "name", "coverage", "cost", "active", "tracking_url").From("delivery_providers")
}

func scanProvider(row sqldb.Row) (shop.Provider, error) {
	var p shop.Provider
	err := row.Scan(&p.ID, &p.Name, &p.Coverage, &p.Cost, &p.Active, &p.TrackingURL)
	return p, err
}

// InsertProvider implements shop.ProviderStore.
func (s *Store) InsertProvider(ctx context.Context, by shop.Actor, request idempotency.Request, p shop.Provider, at time.Time) (int64, error) {
	id, _, err := keystore.Once(ctx, s.db, request, at, func(ctx context.Context, tx *sqldb.Tx) (int64, error) {
		id, err := sqldb.InsertID(ctx, tx, sq.Insert("delivery_providers").
			Columns("name", "coverage", "cost", "active", "tracking_url").Values(p.Name, p.Coverage, p.Cost, p.Active, p.TrackingURL))
		if err != nil {
			return 0, err
		}
		return id, s.logProvider(ctx, tx, by, audit.Added, id, nil, valuesOfProvider(p), at)
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
func (s *Store) UpdateProvider(ctx context.Context, by shop.Actor, p shop.Provider, at time.Time) error {
	err := s.db.Tx(ctx, func(ctx context.Context, tx *sqldb.Tx) error {
		before, err := lockProvider(ctx, tx, p.ID)
		if err != nil {
			return err
		}
		_, err = sqldb.Exec(ctx, tx, sq.Update("delivery_providers").
			Set("name", p.Name).Set("coverage", p.Coverage).Set("cost", p.Cost).Set("active", p.Active).
			Set("tracking_url", p.TrackingURL).
			Where(sq.Eq{"id": p.ID}))
		if err != nil {
			return err
		}
		return s.logProvider(ctx, tx, by, audit.Changed, p.ID, valuesOfProvider(before), valuesOfProvider(p), at)
	})
	if sqldb.IsDuplicate(err) {
		return shop.ErrTaken
	}
	return err
}

// lockProvider returns a provider as it is until the transaction changes it:
// nobody else can do so meanwhile. It returns shop.ErrNotFound.
func lockProvider(ctx context.Context, tx *sqldb.Tx, id int64) (shop.Provider, error) {
	where := sq.Eq{"id": id}
	lock := sq.Update("delivery_providers").Set("active", sq.Expr("active")).Where(where)
	if err := guarded(ctx, tx, lock, shop.ErrNotFound); err != nil {
		return shop.Provider{}, err
	}
	return sqldb.QueryOne(ctx, tx, selectProviders().Where(where), scanProvider)
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
func (s *Store) DeleteProvider(ctx context.Context, by shop.Actor, id int64, at time.Time) error {
	return s.db.Tx(ctx, func(ctx context.Context, tx *sqldb.Tx) error {
		before, err := lockProvider(ctx, tx, id)
		if err != nil {
			return err
		}
		if _, err := sqldb.Exec(ctx, tx, sq.Delete("delivery_providers").Where(sq.Eq{"id": id})); err != nil {
			return fmt.Errorf("delete provider %d: %w", id, err)
		}
		return s.logProvider(ctx, tx, by, audit.Removed, id, valuesOfProvider(before), nil, at)
	})
}

// logProvider writes into the audit log what was done to a provider.
func (s *Store) logProvider(ctx context.Context, tx *sqldb.Tx, by shop.Actor, action string, id int64, before, after audit.Values, at time.Time) error {
	return s.log.Append(ctx, tx, at, audit.Change{
		Actor: audit.Actor(by), Object: audit.DeliveryProvider, ObjectID: strconv.FormatInt(id, 10), Action: action,
		Before: before, After: after,
	})
}

func valuesOfProvider(p shop.Provider) audit.Values {
	return audit.Values{
		"name": p.Name, "coverage": string(p.Coverage), "cost": strconv.FormatInt(p.Cost, 10),
		"active": strconv.FormatBool(p.Active), "tracking_url": p.TrackingURL,
	}
}
