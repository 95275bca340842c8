// Package sqldbtest runs a test on every database that is supported, each time
// on a fresh one.
package sqldbtest

import (
	"context"
	"crypto/rand"
	"database/sql"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"testing"
	"time"

	"bookstore/shared/sqldb"

	"github.com/go-sql-driver/mysql"
)

// EnvMySQL names the environment variable with the URL, without a database, of
// a MySQL server on which tests may create and drop databases:
// mysql://root@127.0.0.1:3306/.
const EnvMySQL = "BOOKSTORE_TEST_MYSQL"

// Run runs test as the subtests sqlite and mysql, each with a database of its
// own, migrated, that is gone afterwards. Without EnvMySQL the second is
// skipped, but fails where CI is true.
func Run(t *testing.T, migrations fs.FS, test func(t *testing.T, db *sqldb.DB)) {
	t.Helper()
	RunURL(t, func(t *testing.T, url string) {
		db, err := sqldb.Open(t.Context(), sqldb.Config{URL: url}, migrations)
		if err != nil {
			t.Fatalf("open test database: %v", err)
		}
		t.Cleanup(func() {
			if err := db.Close(); err != nil {
				t.Errorf("close test database: %v", err)
			}
		})
		test(t, db)
	})
}

// RunURL is Run for a test that opens the database itself, or starts the
// processes that do: it gives the URL of an empty one.
func RunURL(t *testing.T, test func(t *testing.T, url string)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) {
		test(t, "sqlite:"+filepath.Join(t.TempDir(), "test.db"))
	})
	t.Run("mysql", func(t *testing.T) {
		test(t, NewMySQL(t))
	})
}

// NewMySQL creates an empty MySQL database, dropped when the test or benchmark
// ends, and returns its URL. Without EnvMySQL it skips the test, but fails it where CI
// is true.
func NewMySQL(t testing.TB) string {
	t.Helper()
	raw := os.Getenv(EnvMySQL)
	if raw == "" {
		if os.Getenv("CI") == "true" {
			t.Fatalf("%s is not set", EnvMySQL)
		}
		t.Skipf("%s is not set", EnvMySQL)
	}
	base, err := url.Parse(raw)
	if err != nil {
		t.Fatalf("%s: %v", EnvMySQL, err)
	}
	name := "test_" + rand.Text()
	// The default that a server's owner most likely left: it ignores case, so
	// that a migration which forgets its own collation is found out.
	adminExec(t, base, "CREATE DATABASE `"+name+"` CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci")
	t.Cleanup(func() { adminExec(t, base, "DROP DATABASE `"+name+"`") })
	return base.JoinPath(name).String()
}

// adminExec runs one statement outside any database.
func adminExec(t testing.TB, server *url.URL, statement string) {
	t.Helper()
	cfg, err := sqldb.ParseServerURL(server.String())
	if err != nil {
		t.Fatalf("%s %v", EnvMySQL, err)
	}
	cfg.DBName = ""
	connector, err := mysql.NewConnector(cfg)
	if err != nil {
		t.Fatalf("%s: %v", EnvMySQL, err)
	}
	pool := sql.OpenDB(connector)
	defer pool.Close()

	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if _, err := pool.ExecContext(ctx, statement); err != nil {
		t.Fatalf("%s: %s: %v", EnvMySQL, statement, err)
	}
}

// NewLagging opens a MySQL database whose replica has the schema but receives
// no write, and that replica as a database of its own, to be written to by the
// test. Without EnvMySQL it skips the test, but fails it where CI is true.
func NewLagging(t *testing.T, migrations fs.FS) (db, replica *sqldb.DB) {
	t.Helper()
	open := func(cfg sqldb.Config) *sqldb.DB {
		db, err := sqldb.Open(t.Context(), cfg, migrations)
		if err != nil {
			t.Fatalf("open test database: %v", err)
		}
		t.Cleanup(func() { db.Close() })
		return db
	}
	readerURL := NewMySQL(t)
	replica = open(sqldb.Config{URL: readerURL})
	return open(sqldb.Config{URL: NewMySQL(t), ReaderURL: readerURL}), replica
}
