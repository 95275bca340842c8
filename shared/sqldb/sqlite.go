package sqldb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"

	"bookstore/shared/internal/health"

	"modernc.org/sqlite"
)

const (
	sqliteReaders = 8

	// A transaction takes the write lock when it begins: one that begins
	// reading and writes later is refused whenever another has written since.
	// What a savepoint needs to be undone stays in memory: each would make a file
	// for it otherwise.
	sqliteWriterOptions = "?_busy_timeout=15000&_journal_mode=WAL&_synchronous=FULL&_foreign_keys=1&_txlock=immediate&_pragma=temp_store(memory)"
	sqliteReaderOptions = "?mode=ro&_busy_timeout=15000&_foreign_keys=1&_query_only=1"
)

func openSQLite(ctx context.Context, path string, migrations fs.FS) (*DB, error) {
	// The folder is for its owner only, for the file holds people's data.
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, fmt.Errorf("folder of the database: %w", err)
	}
	writer, err := sqlitePool(path, sqliteWriterOptions, writerRole, 1)
	if err != nil {
		return nil, err
	}
	readers, err := sqlitePool(path, sqliteReaderOptions, readerRole, sqliteReaders)
	if err != nil {
		untrackPool(writer)
		writer.Close()
		return nil, err
	}
	group := &group{pool: writer}
	db := &DB{
		dialect: SQLite,
		writer:  sqliteQuerier{readers, group},
		begin:   writer,
		group:   group,
		// The writer goes last: only it can fold the write-ahead log into the file.
		pools: []*sql.DB{readers, writer},
	}
	if err := migrateSQLite(ctx, writer, path, migrations); err != nil {
		db.Close()
		return nil, err
	}
	health.Report(writerDependency, nil)
	return db, nil
}

func sqlitePool(path, options, role string, conns int) (*sql.DB, error) {
	file := url.URL{Scheme: "file", Path: filepath.ToSlash(path)}
	connector, err := sqlite.NewConnector(file.String() + options)
	if err != nil {
		return nil, fmt.Errorf("database file %s: %w", path, err)
	}
	pool := openPool(connector, SQLite, role)
	pool.SetMaxOpenConns(conns)
	pool.SetMaxIdleConns(conns)
	return pool, nil
}

// sqliteQuerier sends reads past the one connection that writes. They see
// everything that was committed before they began.
type sqliteQuerier struct {
	readers *sql.DB
	group   *group
}

// ExecContext commits a statement together with whatever waits for the writer.
func (q sqliteQuerier) ExecContext(ctx context.Context, query string, args ...any) (result sql.Result, err error) {
	for range txAttempts {
		err = q.group.run(ctx, func(tx *sql.Tx) error {
			t := &Tx{tx: tx, grouped: true}
			result, err = t.ExecContext(ctx, query, args...)
			return err
		})
		if !errors.Is(err, errGroupLost) {
			break
		}
	}
	return result, err
}

func (q sqliteQuerier) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	return q.readers.QueryContext(ctx, query, args...)
}

func (q sqliteQuerier) QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row {
	return q.readers.QueryRowContext(ctx, query, args...)
}
