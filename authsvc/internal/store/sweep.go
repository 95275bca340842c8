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

// sweepAtOnce is how many rows of a table are deleted together: more would hold
// up whoever writes beside them.
const sweepAtOnce = 1000

// Sweep implements auth.Store.
func (s *Store) Sweep(ctx context.Context, l auth.SweepLimits) (more bool, err error) {
	for _, old := range []struct {
		table, column string
		before        time.Time
	}{
		{"sessions", "last_used_at", l.Sessions},
		{"revocations", "revoked_at", l.Revocations},
		{"tallies", "empty_at", l.Tallies},
		{"login_failures", "began_at", l.Tallies}, // of the release before
		{"devices", "used_at", l.Devices},
		{"password_resets", "expires_at", l.Resets},
		{"idempotency_keys", "created_at", l.Keys},
	} {
		left, err := s.sweepTable(ctx, old.table, old.column, sqldb.Micros(old.before))
		if err != nil {
			return false, fmt.Errorf("sweep %s: %w", old.table, err)
		}
		more = more || left
	}
	return more, nil
}

// sweepTable deletes the oldest rows of a table, and reports whether there may be
// more that are too old.
func (s *Store) sweepTable(ctx context.Context, table, column string, before int64) (more bool, err error) {
	old := sq.Lt{column: before}
	nth := sq.Select(column).From(table).Where(old).OrderBy(column).Limit(1).Offset(sweepAtOnce - 1)
	newest, err := sqldb.QueryOne(ctx, s.db.Writer(), nth, scanID)
	if err != nil && !errors.Is(err, sqldb.ErrNotFound) {
		return false, err
	}
	if more = err == nil; more {
		old = sq.Lt{column: newest + 1}
	}
	_, err = sqldb.Exec(ctx, s.db.Writer(), sq.Delete(table).Where(old))
	return more, err
}
