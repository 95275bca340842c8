// Package sqldbtests tries package sqldb on servers that are killed, restarted
// and demoted.
package sqldbtests

import (
	"context"
	"database/sql"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"time"

	"bookstore/deploy/internal/mariadb"
	"bookstore/deploy/internal/needs"
	"bookstore/shared/httpserver"
	"bookstore/shared/sqldb"
	"bookstore/shared/sqldb/sqldbtest"

	sq "github.com/Masterminds/squirrel"
	"github.com/go-sql-driver/mysql"
)

const (
	// atOnce bounds a failure that nobody should wait for. The machine may be busy.
	atOnce = 2 * time.Second
	// soon bounds a recovery.
	soon = 10 * time.Second
)

var migrations = fstest.MapFS{
	"mysql/0001_servers.sql": {Data: []byte("-- +goose Up\nCREATE TABLE servers (name VARCHAR(20) NOT NULL, writes BIGINT NOT NULL);\n")},
}

// startServer starts a server that tells its name, and returns its database's
// URL for a user who, other than root, is bound by read_only.
func startServer(t *testing.T, name string) (server *mariadb.Server, database string) {
	t.Helper()
	server, err := mariadb.Start(t.Context(), mariadb.Options{Dir: t.TempDir(), Fast: true})
	needs.MariaDB(t, err)
	t.Cleanup(func() {
		if err := server.Kill(); err != nil {
			t.Error(err)
		}
	})
	asRoot(t, server,
		"CREATE DATABASE shop",
		"CREATE USER shop@'127.0.0.1' IDENTIFIED BY 'secret'",
		"GRANT ALL ON shop.* TO shop@'127.0.0.1'")
	u, err := url.Parse(server.URL())
	if err != nil {
		t.Fatal(err)
	}
	u.User, u.Path = url.UserPassword("shop", "secret"), "/shop"
	db := open(t, sqldb.Config{URL: u.String()})
	insert := sq.Insert("servers").Columns("name", "writes").Values(name, 0)
	if _, err := sqldb.Exec(t.Context(), db.Writer(), insert); err != nil {
		t.Fatal(err)
	}
	return server, u.String()
}

// asRoot runs statements that bind everybody.
func asRoot(t *testing.T, server *mariadb.Server, statements ...string) {
	t.Helper()
	u, err := url.Parse(server.URL())
	if err != nil {
		t.Fatal(err)
	}
	cfg := mysql.NewConfig()
	cfg.Net, cfg.Addr, cfg.User = "tcp", u.Host, "root"
	connector, err := mysql.NewConnector(cfg)
	if err != nil {
		t.Fatal(err)
	}
	pool := sql.OpenDB(connector)
	defer pool.Close()
	for _, statement := range statements {
		if _, err := pool.ExecContext(t.Context(), statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
}

func open(t *testing.T, cfg sqldb.Config) *sqldb.DB {
	t.Helper()
	db, err := sqldb.Open(t.Context(), cfg, migrations)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

// read returns the name of the server that served it.
func read(ctx context.Context, q sqldb.Querier) (string, error) {
	return sqldb.QueryOne(ctx, q, sq.Select("name").From("servers"), func(row sqldb.Row) (name string, err error) {
		err = row.Scan(&name)
		return name, err
	})
}

// write counts one more write, by itself and again in a transaction.
func write(ctx context.Context, db *sqldb.DB) error {
	statement := sq.Update("servers").Set("writes", sq.Expr("writes + 1"))
	if _, err := sqldb.Exec(ctx, db.Writer(), statement); err != nil {
		return err
	}
	return writeInTx(ctx, db)
}

func writeInTx(ctx context.Context, db *sqldb.DB) error {
	return db.Tx(ctx, func(ctx context.Context, tx *sqldb.Tx) error {
		_, err := sqldb.Exec(ctx, tx, sq.Update("servers").Set("writes", sq.Expr("writes + 1")))
		return err
	})
}

// await polls until done returns nil.
func await(t *testing.T, done func() error) time.Duration {
	t.Helper()
	begin := time.Now()
	for {
		err := done()
		switch {
		case err == nil:
			return time.Since(begin)
		case time.Since(begin) > soon:
			t.Fatalf("not within %v: %v", soon, err)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// failsFast checks that a write fails at once, and as an outage that a caller
// is told of with 503.
func failsFast(t *testing.T, db *sqldb.DB) {
	t.Helper()
	for name, write := range map[string]func(context.Context, *sqldb.DB) error{"statement": write, "transaction": writeInTx} {
		begin := time.Now()
		err := write(t.Context(), db)
		if took := time.Since(begin); took > atOnce {
			t.Errorf("%s: failed after %v", name, took)
		}
		if !sqldb.IsUnavailable(err) {
			t.Errorf("%s: got %v, want an outage", name, err)
		}
		answer := httptest.NewRecorder()
		httpserver.WriteProblem(answer, httptest.NewRequest(http.MethodPost, "/", nil), err)
		if answer.Code != http.StatusServiceUnavailable || answer.Header().Get("Retry-After") == "" {
			t.Errorf("%s: a caller gets %d, Retry-After %q", name, answer.Code, answer.Header().Get("Retry-After"))
		}
	}
}

func TestNoReadFailsWhileTheReaderIsKilledAndRestarted(t *testing.T) {
	_, writerURL := startServer(t, "writer")
	reader, readerURL := startServer(t, "reader")
	db := open(t, sqldb.Config{URL: writerURL, ReaderURL: readerURL})
	servedBy := func(want string) func() error {
		return func() error {
			got, err := read(t.Context(), db.Reader(t.Context()))
			if err == nil && got != want {
				err = errors.New("served by the " + got)
			}
			return err
		}
	}
	await(t, servedBy("reader"))

	ctx, stop := context.WithCancel(t.Context())
	var visitors sync.WaitGroup
	var reads atomic.Int64
	for range 8 {
		visitors.Go(func() {
			for ctx.Err() == nil {
				if _, err := read(t.Context(), db.Reader(t.Context())); err != nil {
					t.Errorf("read %d: %v", reads.Load(), err)
				}
				reads.Add(1)
			}
		})
	}
	if err := reader.Kill(); err != nil {
		t.Fatal(err)
	}
	await(t, servedBy("writer"))
	if err := reader.Restart(t.Context()); err != nil {
		t.Fatal(err)
	}
	took := await(t, servedBy("reader"))
	stop()
	visitors.Wait()
	t.Logf("%d reads; the reader served again %v after its restart", reads.Load(), took)
}

func TestWithoutAWriterWritesFailAtOnceAndReadsGoOn(t *testing.T) {
	writer, writerURL := startServer(t, "writer")
	_, readerURL := startServer(t, "reader")
	db := open(t, sqldb.Config{URL: writerURL, ReaderURL: readerURL})
	if err := write(t.Context(), db); err != nil {
		t.Fatal(err)
	}
	if err := writer.Kill(); err != nil {
		t.Fatal(err)
	}
	for range 5 {
		failsFast(t, db)
		if name, err := read(t.Context(), db.Reader(t.Context())); err != nil || name != "reader" {
			t.Errorf("read from %q, %v; want the reader", name, err)
		}
	}
	if err := writer.Restart(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Logf("writes succeed %v after the restart", await(t, func() error { return write(t.Context(), db) }))
}

func TestWritesFollowTheWritersNameToItsSuccessor(t *testing.T) {
	old, oldURL := startServer(t, "old")
	_, newURL := startServer(t, "new")
	name, through := sqldbtest.NewRelay(t, oldURL)
	db := open(t, sqldb.Config{URL: through})
	fillPool(t, db)

	asRoot(t, old, "SET GLOBAL read_only = ON")
	failsFast(t, db)
	if server, err := read(t.Context(), db.Writer()); err != nil || server != "old" {
		t.Errorf("read from %q, %v; a demoted writer still serves reads", server, err)
	}
	name.Point(t, newURL)
	t.Logf("writes succeed %v after the name has moved", await(t, func() error { return writeInTx(t.Context(), db) }))

	// Every connection is at the new one now, not only the lucky one's.
	await(t, func() error {
		errs := make(chan error, 64)
		var writers sync.WaitGroup
		for range cap(errs) {
			writers.Go(func() { errs <- write(t.Context(), db) })
		}
		writers.Wait()
		close(errs)
		var all []error
		for err := range errs {
			all = append(all, err)
		}
		return errors.Join(all...)
	})
	for range 100 {
		if err := write(t.Context(), db); err != nil {
			t.Fatal(err)
		}
	}
	if server, err := read(t.Context(), db.Writer()); err != nil || server != "new" {
		t.Errorf("read from %q, %v; want the new writer", server, err)
	}
	asRoot(t, old, "SET GLOBAL read_only = OFF")
}

// fillPool makes many connections, that a fail-over finds idle.
func fillPool(t *testing.T, db *sqldb.DB) {
	t.Helper()
	var sleepers sync.WaitGroup
	for range 24 {
		sleepers.Go(func() {
			if _, err := sqldb.QueryOne(t.Context(), db.Writer(), sq.Select("SLEEP(0.3)"), func(row sqldb.Row) (n int, err error) {
				err = row.Scan(&n)
				return n, err
			}); err != nil {
				t.Error(err)
			}
		})
	}
	sleepers.Wait()
}
