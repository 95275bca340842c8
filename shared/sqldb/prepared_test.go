package sqldb_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"bookstore/shared/sqldb"
	"bookstore/shared/sqldb/sqldbtest"

	sq "github.com/Masterminds/squirrel"
)

// A statement that comes again and again is run as it was prepared; whatever
// came between, it does the same as at first.
func TestAStatementThatComesAgainDoesTheSame(t *testing.T) {
	sqldbtest.Run(t, migrations, func(t *testing.T, db *sqldb.DB) {
		err := db.Tx(t.Context(), func(ctx context.Context, tx *sqldb.Tx) error {
			for i := range 300 { // more than are kept
				if _, err := sqldb.Exec(ctx, tx, insertItem(fmt.Sprintf("item %d", i), int64(i))); err != nil {
					return err
				}
				if got := stockOf(ctx, t, tx, int64(i)+2); got != int64(i) {
					return fmt.Errorf("item %d: got %d", i, got)
				}
				// One that never comes again.
				if _, err := sqldb.Exec(ctx, tx, sq.Update("items").Set("stock", sq.Expr(fmt.Sprintf("stock + %d - ?", i), i)).Where(sq.Eq{"id": 1})); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		for range 3 { // refused each time, and none the worse for it
			if _, err := sqldb.Exec(t.Context(), db.Writer(), insertItem("item 7", 0)); !sqldb.IsDuplicate(err) {
				t.Errorf("got %v, want a duplicate", err)
			}
		}
		if _, err := db.Writer().ExecContext(t.Context(), "ALTER TABLE items ADD COLUMN later BIGINT"); err != nil {
			t.Fatal(err)
		}
		if got := stockOf(t.Context(), t, db.Writer(), 9); got != 7 {
			t.Errorf("after a migration: got %d, want 7", got)
		}
	})
}

func TestAStatementIsPreparedWhenItComesAgain(t *testing.T) {
	sqldbtest.Run(t, migrations, func(t *testing.T, db *sqldb.DB) {
		if db.Dialect() != sqldb.MySQL {
			return // SQLite keeps no count
		}
		err := db.Tx(t.Context(), func(ctx context.Context, tx *sqldb.Tx) error {
			for i := range 4 {
				if _, err := sqldb.Exec(ctx, tx, insertItem(fmt.Sprint("item ", i), 1)); err != nil {
					return err
				}
			}
			got, err := sqldb.QueryAll(ctx, tx, sq.Expr("SHOW SESSION STATUS LIKE 'Com_stmt_%'"), func(row sqldb.Row) (string, error) {
				var name, count string
				err := row.Scan(&name, &count)
				return name + " " + count, err
			})
			if text := strings.Join(got, "\n"); !strings.Contains(text, "Com_stmt_execute 3") || !strings.Contains(text, "Com_stmt_prepare 1") {
				t.Errorf("want one prepared and run three times: %s", text)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}
