// Package store keeps carts, delivery providers and orders in SQL.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"bookstore/shared/audit/auditstore"
	"bookstore/shared/seal"
	"bookstore/shared/sqldb"
	"bookstore/shopsvc/internal/shop"

	sq "github.com/Masterminds/squirrel"
)

// Store is shop.Store on a database. What it reads comes from the writer, but
// for the lists and counts that may lag behind.
type Store struct {
	db  *sqldb.DB
	log auditstore.Log
}

// New returns a store on db, whose schema Migrations describe. Its audit log is
// sealed under key.
func New(db *sqldb.DB, key seal.Key) *Store { return &Store{db: db, log: auditstore.New(db, key)} }

// instant is how a time that may be absent is stored.
func instant(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return sqldb.Micros(t)
}

func fromInstant(us sql.NullInt64) time.Time {
	if !us.Valid {
		return time.Time{}
	}
	return sqldb.FromMicros(us.Int64)
}

// micros is how a time that is never absent is stored; zero is 0.
func micros(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return sqldb.Micros(t)
}

func fromMicros(us int64) time.Time {
	if us == 0 {
		return time.Time{}
	}
	return sqldb.FromMicros(us)
}

// optional is how a text that may be absent is stored.
func optional(text string) any {
	if text == "" {
		return nil
	}
	return text
}

func scanInt(row sqldb.Row) (int64, error) {
	var n int64
	err := row.Scan(&n)
	return n, err
}

func scanText(row sqldb.Row) (string, error) {
	var text string
	err := row.Scan(&text)
	return text, err
}

// found turns the absence of a row into the domain's word for it.
func found(err error) error {
	if errors.Is(err, sqldb.ErrNotFound) {
		return shop.ErrNotFound
	}
	return err
}

// guarded runs an update of one row that must match.
func guarded(ctx context.Context, q sqldb.Querier, update sq.UpdateBuilder, otherwise error) error {
	n, err := sqldb.Exec(ctx, q, update)
	if err != nil {
		return err
	}
	if n == 0 {
		return otherwise
	}
	return nil
}

// insert adds a row that is new.
func insert(ctx context.Context, q sqldb.Querier, row sq.InsertBuilder) error {
	if _, err := sqldb.Exec(ctx, q, row); err != nil {
		return fmt.Errorf("insert: %w", err)
	}
	return nil
}
