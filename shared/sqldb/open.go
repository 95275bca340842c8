// Package sqldb opens a service's database, MySQL or SQLite, and runs
// squirrel's statements on it. What the two disagree on (locking, upserts,
// error codes, migrations) is settled here, so that a store is written once.
package sqldb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"time"

	"bookstore/shared/internal/fresh"
)

// Dialect says which database is behind a DB.
type Dialect string

// The databases that are supported. The values are also the names of the
// folders that hold their migrations.
const (
	MySQL  Dialect = "mysql"
	SQLite Dialect = "sqlite"
)

// Config says where the database is. The tags name the settings, as
// caarlos0/env reads them.
type Config struct {
	// URL is mysql:// or sqlite:, see ParseURL.
	URL string `env:"DATABASE_URL"`
	// ReaderURL is a read-only replica of URL. Empty means that URL serves the
	// reads as well. SQLite has no replicas and ignores it.
	ReaderURL string `env:"DATABASE_READER_URL"`
}

// Check returns a sentence for the first setting that is wrong.
func (c Config) Check() error {
	if _, err := ParseURL(c.URL); err != nil {
		return fmt.Errorf("DATABASE_URL %w", err)
	}
	if c.ReaderURL == "" {
		return nil
	}
	if _, err := ParseURL(c.ReaderURL); err != nil {
		return fmt.Errorf("DATABASE_READER_URL %w", err)
	}
	return nil
}

// Querier runs single statements: a DB's Writer or Reader, or a Tx.
type Querier interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}

// DB is an open database whose schema is up to date. It is safe for concurrent use.
type DB struct {
	dialect Dialect
	writer  Querier
	replica *replica // nil: the writer serves every read
	begin   *sql.DB
	group   *group    // nil: transactions commit one by one, on begin
	renewal *renewal  // nil: the writer cannot fail over
	pools   []*sql.DB // all that Close closes
}

// Open opens the database, waits for it to answer, and applies the migrations
// that it lacks, one process at a time. migrations holds mysql/*.sql and
// sqlite/*.sql in goose's format.
//
// A database that is away is waited for, with a log line now and then, until
// ctx ends; anything else that is wrong (a bad URL, a refused password, an
// unwritable folder, a failing migration) is returned at once. No error holds
// the password.
func Open(ctx context.Context, cfg Config, migrations fs.FS) (*DB, error) {
	if err := cfg.Check(); err != nil {
		return nil, err
	}
	u, err := ParseURL(cfg.URL)
	if err != nil {
		return nil, err
	}
	if u.Dialect == SQLite {
		return openSQLite(ctx, u.File, migrations)
	}
	return openMySQL(ctx, cfg, migrations)
}

// Dialect says which database this is.
func (db *DB) Dialect() Dialect { return db.dialect }

// Writer returns the database that takes the writes and whose reads see them.
// Inside Tx use the Tx instead: with SQLite a write here would wait for it.
func (db *DB) Writer() Querier { return db.writer }

// Reader returns the replica, whose reads may lag behind, or the writer if
// there is none or ctx asks for fresh reads. While the replica is away, the
// writer serves its reads: what fails there is read again here, provided that
// no row of it was handed out yet.
func (db *DB) Reader(ctx context.Context) Querier {
	if db.replica == nil || fresh.Is(ctx) {
		return db.writer
	}
	return db.replica
}

// Close closes every connection, waiting for statements that are running.
func (db *DB) Close() error {
	if db.replica != nil {
		db.replica.stopWatching()
	}
	var errs []error
	for _, pool := range db.pools {
		untrackPool(pool)
		errs = append(errs, pool.Close())
	}
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("close database: %w", err)
	}
	return nil
}

// WithFresh returns a context with which Reader gives the writer, for reads
// that must see what was just written.
func WithFresh(ctx context.Context) context.Context { return fresh.With(ctx) }

// statementTimeout bounds a statement or a transaction whose context has no
// deadline of its own.
const statementTimeout = 30 * time.Second

// bounded returns ctx with a deadline.
func bounded(ctx context.Context) (context.Context, context.CancelFunc) {
	if _, ok := ctx.Deadline(); ok {
		return ctx, func() {}
	}
	return context.WithTimeout(ctx, statementTimeout)
}
