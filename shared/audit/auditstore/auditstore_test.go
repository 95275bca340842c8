package auditstore_test

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"reflect"
	"sync"
	"testing"
	"time"

	"bookstore/shared/audit"
	"bookstore/shared/audit/auditstore"
	"bookstore/shared/auditapi"
	"bookstore/shared/page"
	"bookstore/shared/seal"
	"bookstore/shared/sqldb"
	"bookstore/shared/sqldb/sqldbtest"

	sq "github.com/Masterminds/squirrel"
)

//go:embed schema
var schema embed.FS

var (
	key  = seal.Key("0123456789abcdef0123456789abcdef")
	now  = time.Date(2026, 5, 3, 10, 0, 0, 0, time.UTC)
	root = audit.Actor{Role: "admin", ID: 1}
	eve  = audit.Actor{Role: "seller", ID: 2}
)

// onEach runs test on every database.
func onEach(t *testing.T, test func(t *testing.T, db *sqldb.DB)) {
	migrations, err := fs.Sub(schema, "schema")
	if err != nil {
		t.Fatal(err)
	}
	sqldbtest.Run(t, migrations, test)
}

func write(t *testing.T, db *sqldb.DB, at time.Time, c audit.Change) {
	t.Helper()
	err := db.Tx(t.Context(), func(ctx context.Context, tx *sqldb.Tx) error {
		return auditstore.New(db, key).Append(ctx, tx, at, c)
	})
	if err != nil {
		t.Fatal(err)
	}
}

func roleOf(id, before, after string) audit.Change {
	return audit.Change{
		Actor: root, Object: "user", ObjectID: id, Action: "access",
		Before: audit.Values{"role": before, "status": "active"}, After: audit.Values{"role": after, "status": "active"},
	}
}

func TestAnEntrySaysWhatDiffered(t *testing.T) {
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		write(t, db, now, roleOf("7", "buyer", "seller"))
		write(t, db, now, roleOf("7", "seller", "seller")) // changes nothing
		got, err := auditstore.New(db, key).List(t.Context(), auditapi.Query{})
		want := []auditapi.Entry{{
			ID: 1, At: now, Actor: "admin", ActorID: 1, Object: "user", ObjectID: "7", Action: "access",
			Before: audit.Values{"role": "buyer"}, After: audit.Values{"role": "seller"},
		}}
		if err != nil || !reflect.DeepEqual(got.Items, want) {
			t.Errorf("got %+v, %v, want %+v", got, err, want)
		}
	})
}

func TestEntriesAreSelectedAndPaged(t *testing.T) {
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		log := auditstore.New(db, key)
		for i := range 5 {
			c := roleOf(fmt.Sprint(i%2), "buyer", fmt.Sprint("role", i))
			if i == 4 {
				c.Actor, c.Object = eve, "book"
			}
			write(t, db, now.Add(time.Duration(i)*time.Hour), c)
		}
		for name, c := range map[string]struct {
			q    auditapi.Query
			want string
		}{
			"all":           {auditapi.Query{}, "54321"},
			"actor":         {auditapi.Query{ActorID: eve.ID}, "5"},
			"object":        {auditapi.Query{Object: "user", ObjectID: "0"}, "31"},
			"since":         {auditapi.Query{Since: now.Add(3 * time.Hour)}, "54"},
			"until":         {auditapi.Query{Until: now.Add(time.Hour)}, "1"},
			"two at a time": {auditapi.Query{Limit: 2}, "54321"},
		} {
			got := ""
			for more := true; more; more = c.q.Cursor != "" {
				entries, err := log.List(t.Context(), c.q)
				if err != nil {
					t.Fatal(err)
				}
				for _, e := range entries.Items {
					got += fmt.Sprint(e.ID)
				}
				c.q.Cursor = entries.NextCursor
			}
			if got != c.want {
				t.Errorf("%s: got %s, want %s", name, got, c.want)
			}
		}
		if _, err := log.List(t.Context(), auditapi.Query{Cursor: "?"}); !errors.Is(err, page.ErrCursor) {
			t.Errorf("a foreign cursor: got %v", err)
		}
	})
}

func TestSimultaneousChangesMakeOneChain(t *testing.T) {
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		const changes = 8
		var wg sync.WaitGroup
		for i := range changes {
			wg.Go(func() { write(t, db, now, roleOf("7", "buyer", fmt.Sprint(i))) })
		}
		wg.Wait()
		seqs, err := sqldb.QueryAll(t.Context(), db.Writer(), sq.Select("seq").From("audit_entries").OrderBy("seq"), scanInt)
		if err != nil || !reflect.DeepEqual(seqs, []int64{1, 2, 3, 4, 5, 6, 7, 8}) {
			t.Errorf("got %v, %v", seqs, err)
		}
	})
}

func TestAChangeThatIsUndoneLeavesNoEntry(t *testing.T) {
	onEach(t, func(t *testing.T, db *sqldb.DB) {
		undone := errors.New("undone")
		err := db.Tx(t.Context(), func(ctx context.Context, tx *sqldb.Tx) error {
			if err := auditstore.New(db, key).Append(ctx, tx, now, roleOf("7", "buyer", "admin")); err != nil {
				return err
			}
			return undone
		})
		if !errors.Is(err, undone) {
			t.Fatal(err)
		}
		for _, table := range []string{"audit_entries", "audit_heads"} {
			n, err := sqldb.QueryOne(t.Context(), db.Writer(), sq.Select("COUNT(*)").From(table), scanInt)
			if err != nil || n != 0 {
				t.Errorf("%s has %d rows (%v)", table, n, err)
			}
		}
	})
}

func scanInt(row sqldb.Row) (n int64, err error) {
	err = row.Scan(&n)
	return n, err
}
