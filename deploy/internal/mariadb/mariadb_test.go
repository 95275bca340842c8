package mariadb_test

import (
	"context"
	"net"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"bookstore/deploy/internal/mariadb"
	"bookstore/deploy/internal/needs"
	"bookstore/shared/sqldb"

	sq "github.com/Masterminds/squirrel"
)

var migrations = fstest.MapFS{
	"mysql/0001_notes.sql": {Data: []byte("-- +goose Up\nCREATE TABLE notes (id BIGINT NOT NULL PRIMARY KEY);\n")},
}

// start starts a server that is gone after the test. A machine without MariaDB
// skips the test, unless it is CI's.
func start(t *testing.T, options mariadb.Options) *mariadb.Server {
	t.Helper()
	server, err := mariadb.Start(t.Context(), options)
	needs.MariaDB(t, err)
	t.Cleanup(func() {
		if err := server.Kill(); err != nil {
			t.Error(err)
		}
	})
	return server
}

// open opens the server's own database named mysql, which every server has.
func open(ctx context.Context, t *testing.T, server *mariadb.Server) (*sqldb.DB, error) {
	t.Helper()
	db, err := sqldb.Open(ctx, sqldb.Config{URL: server.URL() + "mysql"}, migrations)
	if err == nil {
		t.Cleanup(func() { db.Close() })
	}
	return db, err
}

func TestWhatWasCommittedSurvivesACrash(t *testing.T) {
	dir := filepath.Join(t.TempDir(), strings.Repeat("a long folder name ", 8)) // longer than a socket's path may be
	server := start(t, mariadb.Options{Dir: dir, Fast: true, Password: "sesame & 'more'"})
	db, err := open(t.Context(), t, server)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := sqldb.Exec(t.Context(), db.Writer(), sq.Insert("notes").Columns("id").Values(7)); err != nil {
		t.Fatal(err)
	}

	if err := server.Kill(); err != nil {
		t.Fatal(err)
	}
	_, err = sqldb.Exec(t.Context(), db.Writer(), sq.Insert("notes").Columns("id").Values(8))
	if !sqldb.IsUnavailable(err) {
		t.Errorf("while it is down: got %v, want an outage", err)
	}

	if err := server.Restart(t.Context()); err != nil {
		t.Fatal(err)
	}
	// The same pool finds the server again, once it dares to look.
	n, err := deleteNote(t, db, 7)
	for deadline := time.Now().Add(20 * time.Second); sqldb.IsUnavailable(err) && time.Now().Before(deadline); {
		time.Sleep(50 * time.Millisecond)
		n, err = deleteNote(t, db, 7)
	}
	if err != nil || n != 1 {
		t.Errorf("after the restart: deleted %d rows, %v; want 1", n, err)
	}
}

func deleteNote(t *testing.T, db *sqldb.DB, id int) (int64, error) {
	return sqldb.Exec(t.Context(), db.Writer(), sq.Delete("notes").Where(sq.Eq{"id": id}))
}

func TestTwoServersRunSideBySide(t *testing.T) {
	one := start(t, mariadb.Options{Dir: t.TempDir(), Fast: true})
	two := start(t, mariadb.Options{Dir: t.TempDir()})
	if one.URL() == two.URL() {
		t.Fatalf("both are at %s", one.URL())
	}
	if err := one.Stop(); err != nil {
		t.Fatal(err)
	}
	u, err := url.Parse(one.URL())
	if err != nil {
		t.Fatal(err)
	}
	if conn, err := net.DialTimeout("tcp", u.Host, time.Second); err == nil {
		conn.Close()
		t.Errorf("%s still answers after Stop", u.Host)
	}
	if _, err := open(t.Context(), t, two); err != nil {
		t.Errorf("the other one: %v", err)
	}
}

func TestATakenPortIsReportedWithTheServersOwnWords(t *testing.T) {
	first := start(t, mariadb.Options{Dir: t.TempDir(), Fast: true})
	u, err := url.Parse(first.URL())
	if err != nil {
		t.Fatal(err)
	}
	port, err := strconv.Atoi(u.Port())
	if err != nil {
		t.Fatal(err)
	}
	server, err := mariadb.Start(t.Context(), mariadb.Options{Dir: t.TempDir(), Port: port, Fast: true})
	if err == nil {
		server.Kill()
		t.Fatal("started")
	}
	if !strings.Contains(err.Error(), "in use") {
		t.Errorf("got %v, want the taken port", err)
	}
}
