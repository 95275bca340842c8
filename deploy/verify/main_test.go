package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"bookstore/shared/sqldb"
	"bookstore/shared/sqldb/sqldbtest"
)

func TestTheExitCodeSaysWhatWasFound(t *testing.T) {
	sqldbtest.RunURL(t, func(t *testing.T, catalog string) {
		shop := "sqlite:" + filepath.Join(t.TempDir(), "shop.db")
		books := migrated(t, catalog, "catalogsvc")
		migrated(t, shop, "shopsvc")
		key := strings.Repeat("key ", 8)
		args := []string{"-catalog", catalog, "-shop", shop, "-sandbox", "-stuck", "1h"}

		expect(t, args, key, 0, "no hold older than its time", "")
		expect(t, append(args, "-event-key", key), "", 0, "0 orders", "")

		expect(t, args, "", 2, "", "EVENT_KEY")
		expect(t, args, "weak", 2, "", "EVENT_KEY")
		expect(t, args[:2], key, 2, "", "-shop")
		expect(t, append(args, "-all"), key, 2, "", "-all")
		expect(t, append(args, "-shop", "sqlite:missing.db"), key, 2, "", "could not check: shop: ")

		insert := `INSERT INTO stock_moves (book_id, kind, stock_delta, held_delta, sold_delta, reservation_id, actor, created_at)
			VALUES (99, 'listed', 1, 0, 0, '', 'user:1', 0)`
		if _, err := books.Writer().ExecContext(t.Context(), insert); err != nil {
			t.Fatal(err)
		}
		expect(t, args, key, 1, "move 1: there is no book 99", "1 violations")
	})
}

func migrated(t *testing.T, url, service string) *sqldb.DB {
	t.Helper()
	files := os.DirFS(filepath.Join("..", "..", service, "internal", "store", "migrations"))
	db, err := sqldb.Open(t.Context(), sqldb.Config{URL: url}, files)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return db
}

// expect runs the command and compares its exit code and parts of its output.
func expect(t *testing.T, args []string, key string, code int, stdout, stderr string) {
	t.Helper()
	getenv := func(name string) string {
		if name == "EVENT_KEY" {
			return key
		}
		return ""
	}
	var out, problems strings.Builder
	got := run(t.Context(), args, getenv, &out, &problems)
	if got != code || !strings.Contains(out.String(), stdout) || !strings.Contains(problems.String(), stderr) {
		t.Errorf("%q: got code %d, want %d with %q and %q in\n%s%s", args, got, code, stdout, stderr, out.String(), problems.String())
	}
}
