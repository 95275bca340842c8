package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"bookstore/authsvc/internal/auth"
	"bookstore/shared/sqldb"

	sq "github.com/Masterminds/squirrel"
)

// Failures implements auth.Store.
func (s *Store) Failures(ctx context.Context, key string, since time.Time) (int, time.Time, error) {
	type window struct {
		failures int
		began    time.Time
	}
	query := sq.Select("failures", "began_at").From("login_failures").
		Where(sq.Eq{"address_hash": key}).
		Where(sq.Gt{"began_at": sqldb.Micros(since)})
	w, err := sqldb.QueryOne(ctx, s.db.Writer(), query, func(row sqldb.Row) (w window, err error) {
		var began int64
		err = row.Scan(&w.failures, &began)
		w.began = sqldb.FromMicros(began)
		return w, err
	})
	if errors.Is(err, sqldb.ErrNotFound) {
		return 0, time.Time{}, nil
	}
	return w.failures, w.began, err
}

// CountFailure implements auth.Store.
func (s *Store) CountFailure(ctx context.Context, key string, now, since time.Time) error {
	// The row may appear between the update and the insert, but then the update
	// finds it, unless it disappears again.
	for range 3 {
		n, err := sqldb.Exec(ctx, s.db.Writer(), addFailure(key, now, since))
		if n > 0 || err != nil {
			return err
		}
		_, err = sqldb.Exec(ctx, s.db.Writer(), sq.Insert("login_failures").
			Columns("address_hash", "failures", "began_at").
			Values(key, 1, sqldb.Micros(now)))
		if !sqldb.IsDuplicate(err) {
			return err
		}
	}
	return fmt.Errorf("count failure: the row of %s comes and goes", key)
}

// addFailure sets failures before began_at, whose old value it needs: MySQL
// assigns from left to right.
func addFailure(key string, now, since time.Time) sq.UpdateBuilder {
	limit := sqldb.Micros(since)
	return sq.Update("login_failures").
		Set("failures", sq.Expr("CASE WHEN began_at > ? THEN failures + 1 ELSE 1 END", limit)).
		Set("began_at", sq.Expr("CASE WHEN began_at > ? THEN began_at ELSE ? END", limit, sqldb.Micros(now))).
		Where(sq.Eq{"address_hash": key})
}

// ClearFailures implements auth.Store.
func (s *Store) ClearFailures(ctx context.Context, key string) error {
	_, err := sqldb.Exec(ctx, s.db.Writer(), sq.Delete("login_failures").Where(sq.Eq{"address_hash": key}))
	return err
}

// Sweep implements auth.Store.
func (s *Store) Sweep(ctx context.Context, l auth.SweepLimits) error {
	for _, old := range []struct {
		table, column string
		before        time.Time
	}{
		{"sessions", "last_used_at", l.Sessions},
		{"revocations", "revoked_at", l.Revocations},
		{"login_failures", "began_at", l.Failures},
		{"password_resets", "expires_at", l.Resets},
		{"idempotency_keys", "created_at", l.Keys},
	} {
		_, err := sqldb.Exec(ctx, s.db.Writer(), sq.Delete(old.table).Where(sq.Lt{old.column: sqldb.Micros(old.before)}))
		if err != nil {
			return fmt.Errorf("sweep %s: %w", old.table, err)
		}
	}
	return nil
}
