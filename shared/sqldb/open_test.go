package sqldb_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"bookstore/shared/ports"
	"bookstore/shared/sqldb"
	"bookstore/shared/sqldb/sqldbtest"

	sq "github.com/Masterminds/squirrel"
)

func TestManyOpenersMigrateOnce(t *testing.T) {
	sqldbtest.RunURL(t, func(t *testing.T, url string) {
		var wg sync.WaitGroup
		for opener := range 6 {
			wg.Go(func() {
				db, err := sqldb.Open(t.Context(), sqldb.Config{URL: url}, migrations)
				if err != nil {
					t.Errorf("opener %d: %v", opener, err)
					return
				}
				defer db.Close()
				n, err := sqldb.QueryOne(t.Context(), db.Writer(), sq.Select("COUNT(*)").From("items"), scanInt)
				if err != nil || n != 1 {
					t.Errorf("opener %d: got %d items, %v; want 1", opener, n, err)
				}
			})
		}
		wg.Wait()
	})
}

func TestAFailingMigrationIsReported(t *testing.T) {
	broken := fstest.MapFS{}
	for name, file := range migrations {
		broken[name] = file
	}
	for _, dialect := range []string{"mysql", "sqlite"} {
		broken[dialect+"/0003_broken.sql"] = &fstest.MapFile{Data: []byte("-- +goose Up\nCREATE NONSENSE;\n")}
	}
	sqldbtest.RunURL(t, func(t *testing.T, url string) {
		db, err := sqldb.Open(t.Context(), sqldb.Config{URL: url}, broken)
		if err == nil {
			db.Close()
			t.Fatal("opened")
		}
		if !strings.Contains(err.Error(), "0003_broken.sql") {
			t.Errorf("got %q, want the name of the file", err)
		}
		open(t, url, migrations) // and the lock is free again
	})
}

func TestASQLitePathIsTakenLiterally(t *testing.T) {
	for _, name := range []string{"new folder/shop.db", "50% off?/a#b&c=d.db", "ñandú/📚.db", "%41.db"} {
		path := filepath.Join(t.TempDir(), name)
		db := open(t, "sqlite:"+path, migrations)
		insert(t, db, "a", 1)
		if _, err := os.Stat(path); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	t.Chdir(t.TempDir())
	open(t, "sqlite:data/shop.db", migrations)
	if _, err := os.Stat("data/shop.db"); err != nil {
		t.Errorf("relative path: %v", err)
	}
}

func TestSettingsThatCannotWorkAreRefusedAtOnce(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, []byte("this is not a database, only some text"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, url := range []string{
		"", "postgres://localhost/x", "sqlite:", "sqlite::memory:",
		"sqlite:" + file, "sqlite:" + file + "/below/shop.db",
		"mysql://root:secret@localhost", "mysql://root:secret@/shop", "mysql://root:secret@local%host/shop",
		"mysql://root:secret@localhost/shop?charset=latin1", "mysql://root:secret@localhost/shop?tls=nonsense",
	} {
		db, err := sqldb.Open(t.Context(), sqldb.Config{URL: url}, migrations)
		if err == nil {
			db.Close()
			t.Errorf("%q: opened", url)
			continue
		}
		if strings.Contains(err.Error(), "secret") {
			t.Errorf("%q: the error tells the password: %v", url, err)
		}
	}
}

func TestADatabaseThatIsAwayIsWaitedForUntilTheContextEnds(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
	defer cancel()
	url := "mysql://root:secret@" + unusedAddress(t) + "/shop"
	_, err := sqldb.Open(ctx, sqldb.Config{URL: url}, migrations)
	if !sqldb.IsUnavailable(err) || !strings.Contains(err.Error(), "refused") {
		t.Errorf("got %v, want the refused connection", err)
	}
	if strings.Contains(err.Error(), "secret") {
		t.Errorf("the error tells the password: %v", err)
	}
	var marked interface{ Unavailable() bool }
	if !errors.As(err, &marked) || !marked.Unavailable() {
		t.Errorf("%v is not marked as unavailable", err)
	}
}

func TestAReplicaServesReadsUnlessTheyMustBeFresh(t *testing.T) {
	sqldbtest.Run(t, migrations, func(t *testing.T, db *sqldb.DB) {
		if db.Reader(t.Context()) != db.Writer() {
			t.Error("without a reader URL the writer should serve the reads")
		}
	})
	sqldbtest.RunURL(t, func(t *testing.T, url string) {
		if strings.HasPrefix(url, "sqlite:") {
			return
		}
		open(t, url, migrations)
		db, err := sqldb.Open(t.Context(), sqldb.Config{URL: url, ReaderURL: "mysql://root@" + unusedAddress(t) + "/shop"}, migrations)
		if err != nil {
			t.Fatalf("a replica that is away must not stop the start: %v", err)
		}
		defer db.Close()
		if db.Reader(t.Context()) == db.Writer() {
			t.Error("the writer serves the reads in spite of a replica")
		}
		if db.Reader(sqldb.WithFresh(t.Context())) != db.Writer() {
			t.Error("a fresh read should go to the writer")
		}
	})
}

// unusedAddress is an address of this machine at which nobody listens.
func unusedAddress(t *testing.T) string {
	t.Helper()
	addr, err := ports.Address()
	if err != nil {
		t.Fatal(err)
	}
	return addr
}
