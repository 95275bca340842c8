// Package keystore keeps the keys of requests that create something in a
// service's own database, in a table idempotency_keys that the service's
// migrations make.
package keystore

import (
	"context"
	"errors"
	"fmt"
	"time"

	"bookstore/shared/idempotency"
	"bookstore/shared/sqldb"

	sq "github.com/Masterminds/squirrel"
)

const table = "idempotency_keys"

// errKnown says that the key of a request is kept already.
var errKnown = errors.New("key is known")

// Once runs create in a transaction and returns the id of what it made. If that
// was made before under the request's key, it returns the id again and reports
// that it is not new. It returns idempotency.ErrReused if the key made something
// else. Whatever create returns as an error leaves nothing behind.
func Once(ctx context.Context, db *sqldb.DB, r idempotency.Request, at time.Time,
	create func(context.Context, *sqldb.Tx) (int64, error)) (id int64, isNew bool, err error) {
	err = db.Tx(ctx, func(ctx context.Context, tx *sqldb.Tx) error {
		// The key comes first: whoever sends the same meanwhile waits here.
		if err := insert(ctx, tx, r, at); err != nil {
			return err
		}
		if id, err = create(ctx, tx); err != nil {
			return err
		}
		return noteCreated(ctx, tx, r, id)
	})
	if errors.Is(err, errKnown) {
		id, err = created(ctx, db, r)
		return id, false, err
	}
	return id, err == nil, err
}

func insert(ctx context.Context, tx *sqldb.Tx, r idempotency.Request, at time.Time) error {
	if r.Key == "" {
		return nil
	}
	_, err := sqldb.Exec(ctx, tx, sq.Insert(table).
		Columns("user_id", "idempotency_key", "digest", "created_id", "created_at").
		Values(r.UserID, r.Key, r.Digest, 0, sqldb.Micros(at)))
	switch {
	case sqldb.IsDuplicate(err):
		return errKnown
	case err != nil:
		return fmt.Errorf("keep an idempotency key: %w", err)
	}
	return nil
}

func noteCreated(ctx context.Context, tx *sqldb.Tx, r idempotency.Request, id int64) error {
	if r.Key == "" {
		return nil
	}
	if _, err := sqldb.Exec(ctx, tx, sq.Update(table).Set("created_id", id).Where(where(r))); err != nil {
		return fmt.Errorf("note what an idempotency key created: %w", err)
	}
	return nil
}

// created returns the id of what was made under the request's key.
func created(ctx context.Context, db *sqldb.DB, r idempotency.Request) (int64, error) {
	var id int64
	digest, err := sqldb.QueryOne(ctx, db.Writer(), sq.Select("digest", "created_id").From(table).Where(where(r)),
		func(row sqldb.Row) (digest string, err error) {
			err = row.Scan(&digest, &id)
			return digest, err
		})
	if err != nil {
		return 0, fmt.Errorf("read an idempotency key: %w", err)
	}
	if digest != r.Digest {
		return 0, idempotency.ErrReused
	}
	return id, nil
}

func where(r idempotency.Request) sq.Eq {
	return sq.Eq{"user_id": r.UserID, "idempotency_key": r.Key}
}

// Sweep forgets keys that were kept before an instant.
func Sweep(ctx context.Context, db *sqldb.DB, before time.Time) error {
	old := sq.Delete(table).Where(sq.Lt{"created_at": sqldb.Micros(before)})
	if _, err := sqldb.Exec(ctx, db.Writer(), old); err != nil {
		return fmt.Errorf("sweep idempotency keys: %w", err)
	}
	return nil
}
