package store

import (
	"context"
	"fmt"
	"math/bits"

	"bookstore/catalogsvc/internal/catalog"
	"bookstore/shared/sqldb"

	sq "github.com/Masterminds/squirrel"
)

// Ranges implements catalog.Store.
func (s *Store) Ranges(ctx context.Context, from, count int64) ([]catalog.Range, error) {
	const onOffer = "SUM(CASE WHEN delisted_at IS NULL THEN 1 ELSE 0 END)"
	number := fmt.Sprintf("id >> %d", bits.Len(catalog.RangeIDs-1))
	query := sq.Select(number, onOffer, "MAX(updated_at)").From("books").
		Where(idsOf(from, count)).GroupBy(number).Having(onOffer + " > 0").OrderBy(number)
	return sqldb.QueryAll(ctx, s.db.Reader(ctx), query, func(row sqldb.Row) (catalog.Range, error) {
		var r catalog.Range
		var updated int64
		err := row.Scan(&r.Number, &r.Books, &updated)
		r.UpdatedAt = sqldb.FromMicros(updated)
		return r, err
	})
}

// Marks implements catalog.Store.
func (s *Store) Marks(ctx context.Context, number int64) ([]catalog.Mark, error) {
	query := sq.Select("id", "updated_at").From("books").
		Where(idsOf(number, 1)).Where(sq.Eq{"delisted_at": nil}).OrderBy("id")
	return sqldb.QueryAll(ctx, s.db.Reader(ctx), query, func(row sqldb.Row) (catalog.Mark, error) {
		var m catalog.Mark
		var updated int64
		err := row.Scan(&m.ID, &updated)
		m.UpdatedAt = sqldb.FromMicros(updated)
		return m, err
	})
}

// idsOf selects the books of count of catalog's ranges.
func idsOf(from, count int64) sq.Sqlizer {
	return sq.And{sq.GtOrEq{"id": from * catalog.RangeIDs}, sq.Lt{"id": (from + count) * catalog.RangeIDs}}
}
