package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"bookstore/catalogsvc/internal/catalog"
	"bookstore/shared/sqldb"

	sq "github.com/Masterminds/squirrel"
)

// logs are the tables of the logs.
var logs = [catalog.Logs]string{catalog.LogChanges: "book_changes", catalog.LogMoves: "stock_moves"}

// logChange notes that a book is not as it was.
func logChange(ctx context.Context, tx *sqldb.Tx, bookID int64, at time.Time) error {
	insert := sq.Insert("book_changes").Columns("book_id", "created_at").Values(bookID, sqldb.Micros(at))
	if _, err := sqldb.Exec(ctx, tx, insert); err != nil {
		return fmt.Errorf("log the change of book %d: %w", bookID, err)
	}
	return nil
}

// logChanges notes it of all the books that meet a condition.
func logChanges(ctx context.Context, tx *sqldb.Tx, condition sq.Sqlizer, at time.Time) error {
	changed := sq.Select("id").Column("?", sqldb.Micros(at)).From("books").Where(condition)
	if _, err := sqldb.Exec(ctx, tx, sq.Insert("book_changes").Columns("book_id", "created_at").Select(changed)); err != nil {
		return fmt.Errorf("log changes of books: %w", err)
	}
	return nil
}

// Changes returns the next entries of all logs after the given ones, at most
// limit of each, by log and number. A sale of held copies changes no book.
func (s *Store) Changes(ctx context.Context, after catalog.Positions, limit int) ([]catalog.Change, error) {
	query := "SELECT * FROM (SELECT 0 AS log, id, book_id FROM book_changes WHERE id > ? ORDER BY id LIMIT ?) AS changes" +
		" UNION ALL SELECT * FROM (SELECT 1 AS log, id, CASE WHEN kind = 'committed' THEN 0 ELSE book_id END AS book_id FROM stock_moves WHERE id > ? ORDER BY id LIMIT ?) AS moves"
	args := []any{after[catalog.LogChanges], limit, after[catalog.LogMoves], limit}
	return sqldb.QueryAll(ctx, s.db.Writer(), sq.Expr(query, args...), func(row sqldb.Row) (c catalog.Change, err error) {
		err = row.Scan(&c.Log, &c.ID, &c.BookID)
		return c, err
	})
}

// Settled returns the last entry of each log that is from before an instant, as
// IndexedAfter sees them.
func (s *Store) Settled(ctx context.Context, before time.Time) (at catalog.Positions, err error) {
	for log, table := range logs {
		query := sq.Select("id").From(table).Where(sq.Lt{"created_at": sqldb.Micros(before)}).OrderBy("id DESC").Limit(1)
		last, err := sqldb.QueryAll(ctx, s.db.Reader(ctx), query, scanNumber)
		if err != nil {
			return at, fmt.Errorf("read the end of %s: %w", table, err)
		}
		if len(last) > 0 {
			at[log] = last[0]
		}
	}
	return at, nil
}

// ForgetChanges implements catalog.Store.
func (s *Store) ForgetChanges(ctx context.Context, before time.Time, limit int) (int64, error) {
	type entry struct{ id, at int64 }
	query := sq.Select("id", "created_at").From("book_changes").OrderBy("id").Limit(uint64(limit))
	oldest, err := sqldb.QueryAll(ctx, s.db.Writer(), query, func(row sqldb.Row) (e entry, err error) {
		err = row.Scan(&e.id, &e.at)
		return e, err
	})
	if err != nil {
		return 0, fmt.Errorf("read the oldest changes: %w", err)
	}
	last := int64(0)
	for _, e := range oldest {
		if e.at >= sqldb.Micros(before) {
			break
		}
		last = e.id
	}
	if last == 0 {
		return 0, nil
	}
	return sqldb.Exec(ctx, s.db.Writer(), sq.Delete("book_changes").Where(sq.LtOrEq{"id": last}))
}

// indexedColumns are what scanIndexed reads.
var indexedColumns = []string{
	"id", "version", "seller_id", "title", "authors", "isbn", "category", "language", "copy_condition", "price",
	"CASE WHEN stock > 0 THEN 1 ELSE 0 END", "created_at", "CASE WHEN delisted_at IS NULL THEN 0 ELSE 1 END",
}

func scanIndexed(row sqldb.Row) (catalog.Indexed, error) {
	var (
		b       catalog.Indexed
		authors []byte
		created int64
	)
	err := row.Scan(&b.ID, &b.Version, &b.SellerID, &b.Title, &authors, &b.ISBN, &b.Category, &b.Language, &b.Condition, &b.Price,
		&b.InStock, &created, &b.Gone)
	if err != nil {
		return b, err
	}
	b.CreatedAt = sqldb.FromMicros(created)
	if err := json.Unmarshal(authors, &b.Authors); err != nil {
		return b, fmt.Errorf("decode the authors of book %d: %w", b.ID, err)
	}
	return b, nil
}

// IndexedAfter returns the next limit books on offer after an id, perhaps as
// they were a moment ago.
func (s *Store) IndexedAfter(ctx context.Context, after int64, limit int) ([]catalog.Indexed, error) {
	query := sq.Select(indexedColumns...).From("books").
		Where(sq.Gt{"id": after}).Where(sq.Eq{"delisted_at": nil}).OrderBy("id").Limit(uint64(limit))
	return sqldb.QueryAll(ctx, s.db.Reader(ctx), query, scanIndexed)
}

// IndexedNow returns those books of ids that exist as they are now, delisted
// ones as well.
func (s *Store) IndexedNow(ctx context.Context, ids []int64) ([]catalog.Indexed, error) {
	query := sq.Select(indexedColumns...).From("books").Where(sq.Eq{"id": ids})
	return sqldb.QueryAll(ctx, s.db.Writer(), query, scanIndexed)
}

// IndexedRange returns the books on offer of a range of ids as they are now.
func (s *Store) IndexedRange(ctx context.Context, number int64) ([]catalog.Indexed, error) {
	query := sq.Select(indexedColumns...).From("books").Where(ranges(number, 1)).Where(sq.Eq{"delisted_at": nil})
	return sqldb.QueryAll(ctx, s.db.Writer(), query, scanIndexed)
}

// RangeSums sums up count ranges of ids from one on, as they are now. Ranges
// without books on offer are left out.
func (s *Store) RangeSums(ctx context.Context, from, count int64) (map[int64]catalog.RangeSum, error) {
	stamp := fmt.Sprintf("COALESCE(SUM((created_at + version * %d + price * %d + CASE WHEN stock > 0 THEN %d ELSE 0 END) %% %d), 0)",
		catalog.StampVersion, catalog.StampPrice, catalog.StampStock, catalog.StampModulus)
	number := fmt.Sprintf("id >> %d", catalog.RangeBits)
	query := sq.Select(number, "COUNT(*)", stamp).From("books").
		Where(ranges(from, count)).Where(sq.Eq{"delisted_at": nil}).GroupBy(number)
	sums := map[int64]catalog.RangeSum{}
	_, err := sqldb.QueryAll(ctx, s.db.Writer(), query, func(row sqldb.Row) (n int64, err error) {
		var sum catalog.RangeSum
		err = row.Scan(&n, &sum.Books, &sum.Stamps)
		sums[n] = sum
		return n, err
	})
	return sums, err
}

// LastBook returns the greatest id of a book so far.
func (s *Store) LastBook(ctx context.Context) (int64, error) {
	return sqldb.QueryOne(ctx, s.db.Writer(), sq.Select("COALESCE(MAX(id), 0)").From("books"), scanNumber)
}

// ranges selects the books of count ranges of ids.
func ranges(from, count int64) sq.Sqlizer {
	return sq.And{sq.GtOrEq{"id": from << catalog.RangeBits}, sq.Lt{"id": (from + count) << catalog.RangeBits}}
}
