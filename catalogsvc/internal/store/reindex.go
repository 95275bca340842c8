package store

import (
	"context"
	"fmt"

	"bookstore/catalogsvc/internal/search"
	"bookstore/shared/sqldb"

	sq "github.com/Masterminds/squirrel"
)

// indexed are the columns that say what the tokens of a book were made of.
func indexed(version int64) map[string]any {
	return map[string]any{"search_format": search.Format, "search_version": version}
}

// outdated selects books whose tokens are of an older format, or of a version
// that the release before has edited since. A newer release's stay.
var outdated = fmt.Sprintf("(search_format IS NULL OR search_format < %d OR search_version <> version)", search.Format)

// Reindex implements catalog.Store.
func (s *Store) Reindex(ctx context.Context, after int64, limit int) (last int64, err error) {
	type row struct {
		id       int64
		outdated bool
	}
	query := sq.Select("id").Column("CASE WHEN " + outdated + " THEN 1 ELSE 0 END").From("books").
		Where(sq.Gt{"id": after}).Where(sq.Eq{"delisted_at": nil}).OrderBy("id").Limit(uint64(limit))
	rows, err := sqldb.QueryAll(ctx, s.db.Writer(), query, func(r sqldb.Row) (b row, err error) {
		err = r.Scan(&b.id, &b.outdated)
		return b, err
	})
	if err != nil {
		return after, err
	}
	for _, r := range rows {
		if !r.outdated {
			continue
		}
		if err := s.reindex(ctx, r.id); err != nil {
			return after, fmt.Errorf("book %d: %w", r.id, err)
		}
	}
	if len(rows) < limit {
		return 0, nil
	}
	return rows[len(rows)-1].id, nil
}

// reindex makes the tokens of one book anew, unless that is done or the book
// is delisted.
func (s *Store) reindex(ctx context.Context, id int64) error {
	return s.db.Tx(ctx, func(ctx context.Context, tx *sqldb.Tx) error {
		// From here on the row is ours, so nobody edits the book meanwhile.
		n, err := sqldb.Exec(ctx, tx, sq.Update("books").
			Set("search_format", search.Format).
			Set("search_version", sq.Expr("version")).
			Where(sq.Eq{"id": id, "delisted_at": nil}).Where(outdated))
		if err != nil || n == 0 {
			return err
		}
		b, err := book(ctx, tx, id)
		if err != nil {
			return err
		}
		if _, err := sqldb.Exec(ctx, tx, sq.Update("books").Set("sort_title", b.SortTitle()).Where(sq.Eq{"id": id})); err != nil {
			return err
		}
		return updateIndex(ctx, tx, id, b.Listing)
	})
}
