package shoptest

import (
	"database/sql"
	"strings"
	"testing"
	"time"

	"bookstore/deploy/internal/cluster"
	"bookstore/deploy/internal/verify"
	"bookstore/shared/seal"
	"bookstore/shared/sqldb"

	"github.com/go-sql-driver/mysql"
	_ "modernc.org/sqlite" // the driver "sqlite"
)

// WantBooksBalanced fails the test unless the checker is content, by a clock
// that goes ahead of this machine's.
func (s *Shop) WantBooksBalanced(t *testing.T, ahead time.Duration) {
	t.Helper()
	report, err := verify.Check(t.Context(), verify.Databases{
		Catalog:  s.DatabaseURL(cluster.Catalog),
		Shop:     s.DatabaseURL(cluster.Shop),
		Auth:     s.DatabaseURL(cluster.Auth),
		EventKey: seal.Key(s.EventKey()),
		Sandbox:  true,
		Now:      time.Now().Add(ahead),
	})
	if err != nil {
		t.Fatalf("check the books: %v", err)
	}
	if !report.OK() {
		t.Errorf("the books do not balance:\n%s", report)
	}
}

// Query runs a statement on the database that a backend owns and returns its
// rows, the columns of each separated by bars.
func (s *Shop) Query(t *testing.T, program, statement string) []string {
	t.Helper()
	db := OpenDatabase(t, s.DatabaseURL(program))
	defer db.Close()
	rows, err := db.QueryContext(t.Context(), statement)
	if err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for rows.Next() {
		values := make([]sql.NullString, len(columns))
		targets := make([]any, len(columns))
		for i := range values {
			targets[i] = &values[i]
		}
		if err := rows.Scan(targets...); err != nil {
			t.Fatal(err)
		}
		texts := make([]string, len(columns))
		for i, v := range values {
			texts[i] = v.String
		}
		all = append(all, strings.Join(texts, " | "))
	}
	if err := rows.Err(); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
	return all
}

// OpenDatabase opens a backend's database beside the backend.
func OpenDatabase(t *testing.T, address string) *sql.DB {
	t.Helper()
	if !strings.HasPrefix(address, "sqlite:") {
		server, err := sqldb.ParseServerURL(address)
		if err != nil {
			t.Fatal(err)
		}
		connector, err := mysql.NewConnector(server)
		if err != nil {
			t.Fatal(err)
		}
		return sql.OpenDB(connector)
	}
	u, err := sqldb.ParseURL(address)
	if err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite", "file:"+u.File+"?mode=ro&_pragma=busy_timeout(15000)")
	if err != nil {
		t.Fatal(err)
	}
	return db
}
