package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"bookstore/authsvc/internal/auth"
	"bookstore/shared/sqldb"

	sq "github.com/Masterminds/squirrel"
)

// Counts implements auth.Store.
func (s *Store) Counts(ctx context.Context, keys []string) (map[string]auth.Count, error) {
	query := sq.Select("tally_key", "empty_at", "last_at").From("tallies").Where(sq.Eq{"tally_key": keys})
	counts := map[string]auth.Count{}
	_, err := sqldb.QueryAll(ctx, s.db.Writer(), query, func(row sqldb.Row) (string, error) {
		var key string
		var empty, last int64
		err := row.Scan(&key, &empty, &last)
		counts[key] = auth.Count{EmptyAt: sqldb.FromMicros(empty), LastAt: sqldb.FromMicros(last)}
		return key, err
	})
	return counts, err
}

// CountAll implements auth.Store.
func (s *Store) CountAll(ctx context.Context, tallies []auth.Tally, now time.Time) error {
	return s.db.Tx(ctx, func(ctx context.Context, tx *sqldb.Tx) error {
		return s.eachTally(ctx, tx, tallies, now, func(t auth.Tally) error {
			_, err := sqldb.Exec(ctx, tx, countOne(t, now))
			return err
		})
	})
}

// errFull undoes what a Take has counted.
var errFull = errors.New("a tally is full")

// Take implements auth.Store.
func (s *Store) Take(ctx context.Context, tallies []auth.Tally, now time.Time) (time.Duration, error) {
	var wait time.Duration
	err := s.db.Tx(ctx, func(ctx context.Context, tx *sqldb.Tx) error {
		return s.eachTally(ctx, tx, tallies, now, func(t auth.Tally) error {
			room := now.Add(time.Duration(t.Most-1) * t.Each)
			n, err := sqldb.Exec(ctx, tx, countOne(t, now).Where(sq.LtOrEq{"empty_at": sqldb.Micros(room)}))
			if err != nil || n > 0 {
				return err
			}
			empty, err := sqldb.QueryOne(ctx, tx, sq.Select("empty_at").From("tallies").Where(sq.Eq{"tally_key": t.Key}), scanID)
			if err != nil {
				return err
			}
			wait = sqldb.FromMicros(empty).Sub(room)
			return errFull
		})
	})
	if errors.Is(err, errFull) {
		return wait, nil
	}
	return 0, err
}

// eachTally makes rows for those tallies that have none, and calls count for each,
// always in the same order: two that count the same never wait crosswise.
func (s *Store) eachTally(ctx context.Context, tx *sqldb.Tx, tallies []auth.Tally, now time.Time, count func(auth.Tally) error) error {
	tallies = slices.SortedFunc(slices.Values(tallies), func(a, b auth.Tally) int { return cmp.Compare(a.Key, b.Key) })
	insert := sq.Insert("tallies").Columns("tally_key", "empty_at", "last_at")
	for _, t := range tallies {
		insert = insert.Values(t.Key, sqldb.Micros(now), sqldb.Micros(now))
	}
	if _, err := sqldb.Exec(ctx, tx, sqldb.Upsert(s.db.Dialect(), insert, []string{"tally_key"}, nil)); err != nil {
		return fmt.Errorf("begin tallies: %w", err)
	}
	for _, t := range tallies {
		if err := count(t); err != nil {
			return fmt.Errorf("count: %w", err)
		}
	}
	return nil
}

// countOne adds one to what a tally has not forgotten yet, up to the most.
func countOne(t auth.Tally, now time.Time) sq.UpdateBuilder {
	at := func(n int) int64 { return sqldb.Micros(now.Add(time.Duration(n) * t.Each)) }
	return sq.Update("tallies").
		Set("empty_at", sq.Expr("CASE WHEN empty_at < ? THEN ? WHEN empty_at > ? THEN ? ELSE empty_at + ? END",
			at(0), at(1), at(t.Most-1), at(t.Most), t.Each.Microseconds())).
		Set("last_at", sqldb.Micros(now)).
		Where(sq.Eq{"tally_key": t.Key})
}

// EmptyTallies implements auth.Store.
func (s *Store) EmptyTallies(ctx context.Context, keys []string) error {
	if len(keys) == 0 {
		return nil
	}
	_, err := sqldb.Exec(ctx, s.db.Writer(), sq.Delete("tallies").Where(sq.Eq{"tally_key": keys}))
	return err
}

// IsKnownDevice implements auth.Store.
func (s *Store) IsKnownDevice(ctx context.Context, userID int64, deviceHash string) (bool, error) {
	known, err := sqldb.QueryOne(ctx, s.db.Writer(), sq.Select("COUNT(*)").From("devices").
		Where(sq.Eq{"user_id": userID, "device_hash": deviceHash}), scanID)
	return known > 0, err
}

// insertDevice notes that a device is the account's owner's. No hash is no device.
func (s *Store) insertDevice(ctx context.Context, tx *sqldb.Tx, userID int64, deviceHash string, now time.Time) error {
	if deviceHash == "" {
		return nil
	}
	insert := sq.Insert("devices").Columns("user_id", "device_hash", "used_at").Values(userID, deviceHash, sqldb.Micros(now))
	insert = sqldb.Upsert(s.db.Dialect(), insert, []string{"user_id", "device_hash"}, []string{"used_at"})
	if _, err := sqldb.Exec(ctx, tx, insert); err != nil {
		return fmt.Errorf("note device: %w", err)
	}
	return nil
}
