package sqldb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"github.com/Masterminds/squirrel"
)

// Row is one row of an answer.
type Row interface {
	Scan(dest ...any) error
}

// Exec runs b and returns how many rows it matched, whether or not it changed
// them: 0 from a guarded update means that its guard refused.
func Exec(ctx context.Context, q Querier, b squirrel.Sqlizer) (int64, error) {
	result, err := exec(ctx, q, b)
	if err != nil {
		return 0, err
	}
	n, err := result.RowsAffected()
	if err != nil {
		return 0, fmt.Errorf("count affected rows: %w", err)
	}
	return n, nil
}

// InsertID runs b, the insert of one row, and returns the number that the
// database gave it.
func InsertID(ctx context.Context, q Querier, b squirrel.Sqlizer) (int64, error) {
	result, err := exec(ctx, q, b)
	if err != nil {
		return 0, err
	}
	id, err := result.LastInsertId()
	if err != nil {
		return 0, fmt.Errorf("read the new row's id: %w", err)
	}
	return id, nil
}

func exec(ctx context.Context, q Querier, b squirrel.Sqlizer) (sql.Result, error) {
	query, args, err := b.ToSql()
	if err != nil {
		return nil, fmt.Errorf("build statement: %w", err)
	}
	ctx, cancel := bounded(ctx)
	defer cancel()
	result, err := q.ExecContext(ctx, query, args...)
	if err != nil {
		return nil, markUnavailable(fmt.Errorf("execute statement: %w", err))
	}
	return result, nil
}

// QueryAll runs b and returns what scan makes of each row; no rows give an
// empty slice and no error.
func QueryAll[T any](ctx context.Context, q Querier, b squirrel.Sqlizer, scan func(Row) (T, error)) ([]T, error) {
	query, args, err := b.ToSql()
	if err != nil {
		return nil, fmt.Errorf("build query: %w", err)
	}
	ctx, cancel := bounded(ctx)
	defer cancel()
	var all []T
	err = read(ctx, q, func(ctx context.Context, q Querier) (handedOut bool, err error) {
		all, err = queryAll(ctx, q, query, args, scan)
		return len(all) > 0, err
	})
	if err != nil {
		return nil, markUnavailable(err)
	}
	return all, nil
}

// queryAll returns the rows so far together with an error.
func queryAll[T any](ctx context.Context, q Querier, query string, args []any, scan func(Row) (T, error)) ([]T, error) {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, fmt.Errorf("run query: %w", err)
	}
	defer rows.Close()

	all := []T{}
	for rows.Next() {
		item, err := scan(rows)
		if err != nil {
			return all, fmt.Errorf("scan row: %w", err)
		}
		all = append(all, item)
	}
	if err := rows.Err(); err != nil {
		return all, fmt.Errorf("read rows: %w", err)
	}
	return all, nil
}

// QueryOne runs b and returns what scan makes of its first row. It returns
// ErrNotFound if there is none.
func QueryOne[T any](ctx context.Context, q Querier, b squirrel.Sqlizer, scan func(Row) (T, error)) (T, error) {
	var none T
	query, args, err := b.ToSql()
	if err != nil {
		return none, fmt.Errorf("build query: %w", err)
	}
	ctx, cancel := bounded(ctx)
	defer cancel()
	var item T
	err = read(ctx, q, func(ctx context.Context, q Querier) (handedOut bool, err error) {
		item, err = scan(q.QueryRowContext(ctx, query, args...))
		return err == nil, err
	})
	if errors.Is(err, sql.ErrNoRows) {
		return none, ErrNotFound
	}
	if err != nil {
		return none, markUnavailable(fmt.Errorf("query row: %w", err))
	}
	return item, nil
}
