package store

import (
	"context"
	"fmt"

	"bookstore/shared/sqldb"
	"bookstore/shopsvc/internal/shop"

	sq "github.com/Masterminds/squirrel"
)

// OrdersUnderWay returns how many orders are in each state but the last ones:
// what workers and buyers still have to do something for.
func (s *Store) OrdersUnderWay(ctx context.Context) (map[string]float64, error) {
	return s.countBy(ctx, "state", "orders", sq.NotEq{"state": []shop.State{shop.Paid, shop.Cancelled, shop.Expired}})
}

// MailsWaiting returns how many mails are still to be sent, by kind.
func (s *Store) MailsWaiting(ctx context.Context) (map[string]float64, error) {
	return s.countBy(ctx, "kind", "outbox", sq.NotEq{"next_at": nil})
}

// countBy counts the rows of a table that satisfy where, by a column's values.
func (s *Store) countBy(ctx context.Context, column, table string, where sq.Sqlizer) (map[string]float64, error) {
	counts := map[string]float64{}
	_, err := sqldb.QueryAll(ctx, s.db.Writer(),
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
