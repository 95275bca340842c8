package verify

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"time"

	"bookstore/shared/sqldb"

	"github.com/go-sql-driver/mysql"
	"modernc.org/sqlite"
)

// rollbackTimeout bounds what the end of a snapshot waits for the database.
const rollbackTimeout = 5 * time.Second

// source is a database that is only read. Unlike sqldb.Open, opening one
// neither creates nor migrates anything.
type source struct {
	pool  *sql.DB
	begin []string // the statements that begin a snapshot
	table string   // that tells whose database it is
}

// open opens the database at a URL, which must have the table.
func open(ctx context.Context, rawURL, table string) (*source, error) {
	s := &source{table: table}
	u, err := sqldb.ParseURL(rawURL)
	if err != nil {
		return nil, fmt.Errorf("database URL %w", err)
	}
	if u.Dialect == sqldb.MySQL {
		s.begin = []string{
			"SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ",
			"START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY",
		}
		s.pool, err = openMySQL(u.Server)
	} else {
		s.begin = []string{"BEGIN"}
		s.pool, err = openSQLite(u.File)
	}
	if err != nil {
		return nil, err
	}
	first, err := s.snapshot(ctx)
	if err != nil {
		s.Close()
		return nil, err
	}
	first.Close()
	return s, nil
}

func openMySQL(server *mysql.Config) (*sql.DB, error) {
	connector, err := mysql.NewConnector(server)
	if err != nil {
		return nil, fmt.Errorf("database settings: %w", err)
	}
	return sql.OpenDB(connector), nil
}

func openSQLite(path string) (*sql.DB, error) {
	file := url.URL{Scheme: "file", Path: filepath.ToSlash(path)}
	connector, err := sqlite.NewConnector(file.String() + "?mode=ro&_query_only=1&_busy_timeout=15000")
	if err != nil {
		return nil, fmt.Errorf("database file %s: %w", path, err)
	}
	return sql.OpenDB(connector), nil
}

// Close closes every connection.
func (s *source) Close() { _ = s.pool.Close() } // nothing was written that could be lost

// snapshot is a database as it was at one moment, whatever is written
// meanwhile. It runs one query at a time.
type snapshot struct{ *sql.Conn }

// snapshot takes one now.
func (s *source) snapshot(ctx context.Context) (*snapshot, error) {
	conn, err := s.pool.Conn(ctx)
	if err != nil {
		return nil, fmt.Errorf("connect: %w", err)
	}
	view := &snapshot{conn}
	for _, statement := range s.begin {
		if _, err := conn.ExecContext(ctx, statement); err != nil {
			view.Close()
			return nil, fmt.Errorf("begin to read: %w", err)
		}
	}
	// SQLite's moment is that of the first read.
	var id string
	err = conn.QueryRowContext(ctx, "SELECT id FROM "+s.table+" LIMIT 1").Scan(&id)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		view.Close()
		return nil, fmt.Errorf("read table %s: %w", s.table, err)
	}
	return view, nil
}

// Close lets the snapshot go.
func (s *snapshot) Close() {
	// Its context may have ended; a connection that can't roll back is broken
	// and thrown away by the pool.
	ctx, cancel := context.WithTimeout(context.Background(), rollbackTimeout)
	defer cancel()
	_, _ = s.ExecContext(ctx, "ROLLBACK")
	_ = s.Conn.Close()
}
