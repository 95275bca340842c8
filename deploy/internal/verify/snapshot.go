package verify

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net"
	"net/url"
	"path/filepath"
	"strings"
	"time"

	"bookstore/shared/sqldb"

	"github.com/go-sql-driver/mysql"
	"modernc.org/sqlite"
)

const dialTimeout = 5 * time.Second

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
	scheme, rest, _ := strings.Cut(rawURL, ":")
	var err error
	switch sqldb.Dialect(scheme) {
	case sqldb.MySQL:
		s.begin = []string{
			"SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ",
			"START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY",
		}
		s.pool, err = openMySQL(rawURL)
	case sqldb.SQLite:
		s.begin = []string{"BEGIN"}
		s.pool, err = openSQLite(rest)
	default:
		err = errors.New("database URL must start with sqlite: or mysql://")
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

func openMySQL(rawURL string) (*sql.DB, error) {
	u, err := url.Parse(rawURL)
	if err != nil || u.Hostname() == "" || strings.Trim(u.Path, "/") == "" {
		// The parser's own error would quote the password.
		return nil, errors.New("database URL: want mysql://user:password@host:3306/name")
	}
	cfg := mysql.NewConfig()
	cfg.Net, cfg.Addr, cfg.DBName = "tcp", u.Host, strings.TrimPrefix(u.Path, "/")
	if u.Port() == "" {
		cfg.Addr = net.JoinHostPort(u.Hostname(), "3306")
	}
	cfg.User = u.User.Username()
	cfg.Passwd, _ = u.User.Password()
	cfg.TLSConfig = u.Query().Get("tls")
	cfg.Timeout = dialTimeout
	cfg.InterpolateParams = true
	cfg.Logger = &mysql.NopLogger{} // what it would log it also returns
	if err := cfg.Apply(mysql.Charset("utf8mb4", "utf8mb4_bin")); err != nil {
		return nil, fmt.Errorf("choose the character set: %w", err)
	}
	connector, err := mysql.NewConnector(cfg)
	if err != nil {
		return nil, fmt.Errorf("database settings: %w", err)
	}
	return sql.OpenDB(connector), nil
}

func openSQLite(path string) (*sql.DB, error) {
	if rest, ok := strings.CutPrefix(path, "//"); ok {
		path = rest // sqlite:///var/lib/shop.db
	}
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("database file: %w", err)
	}
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
	ctx, cancel := context.WithTimeout(context.Background(), dialTimeout)
	defer cancel()
	_, _ = s.ExecContext(ctx, "ROLLBACK")
	_ = s.Conn.Close()
}
