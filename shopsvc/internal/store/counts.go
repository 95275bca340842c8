package store

import (
	"context"
	"fmt"
	"slices"

	"bookstore/shared/sqldb"
	"bookstore/shopsvc/internal/shop"

	sq "github.com/Masterminds/squirrel"
)

// OrdersUnderWay returns how many orders are in each state but the last ones:
// what workers and buyers still have to do something for.
func (s *Store) OrdersUnderWay(ctx context.Context) (map[string]float64, error) {
	ended := []shop.State{shop.Paid, shop.Cancelled, shop.Expired}
	none := map[string]float64{}
	for state := range shop.Transitions {
		if !slices.Contains(ended, state) {
			none[string(state)] = 0
		}
	}
	return s.countBy(ctx, none, "state", "orders", sq.NotEq{"state": ended})
}

// countBy adds the rows of a table that satisfy where to counts, by a column's
// values.
func (s *Store) countBy(ctx context.Context, counts map[string]float64, column, table string, where sq.Sqlizer) (map[string]float64, error) {
	_, err := sqldb.QueryAll(ctx, s.db.Reader(ctx),
		sq.Select(column, "COUNT(*)").From(table).Where(where).GroupBy(column),
		func(row sqldb.Row) (struct{}, error) {
			var value string
			var rows int64
			err := row.Scan(&value, &rows)
			counts[value] = float64(rows)
			return struct{}{}, err
		})
	if err != nil {
		return nil, fmt.Errorf("count %s by %s: %w", table, column, err)
	}
	return counts, nil
}
