package sqldbtest

import (
	"fmt"
	"io/fs"
	"regexp"
	"slices"
	"strings"
	"testing"

	"bookstore/shared/sqldb"
)

var migrationName = regexp.MustCompile(`^\d{4}_[a-z0-9_]+\.sql$`)

// CheckTwins fails the test if a migration lacks its twin for the other
// database, or if they are not numbered 0001, 0002, … without a gap.
func CheckTwins(t testing.TB, migrations fs.FS) {
	t.Helper()
	for _, fault := range twinFaults(migrations) {
		t.Error(fault)
	}
}

func twinFaults(migrations fs.FS) []string {
	var faults []string
	names := map[sqldb.Dialect][]string{}
	for _, dialect := range []sqldb.Dialect{sqldb.MySQL, sqldb.SQLite} {
		entries, err := fs.ReadDir(migrations, string(dialect))
		if err != nil {
			return []string{fmt.Sprintf("read migrations: %v", err)}
		}
		if len(entries) == 0 {
			faults = append(faults, fmt.Sprintf("%s holds no migration", dialect))
		}
		for i, entry := range entries {
			name := entry.Name()
			names[dialect] = append(names[dialect], name)
			switch number := fmt.Sprintf("%04d_", i+1); {
			case !migrationName.MatchString(name):
				faults = append(faults, fmt.Sprintf("%s/%s is not named NNNN_name.sql", dialect, name))
			case !strings.HasPrefix(name, number):
				faults = append(faults, fmt.Sprintf("%s/%s should have the number %s", dialect, name, number))
			}
		}
	}
	for _, pair := range [][2]sqldb.Dialect{{sqldb.MySQL, sqldb.SQLite}, {sqldb.SQLite, sqldb.MySQL}} {
		for _, name := range names[pair[0]] {
			if !slices.Contains(names[pair[1]], name) {
				faults = append(faults, fmt.Sprintf("%s/%s has no twin in %s", pair[0], name, pair[1]))
			}
		}
	}
	return faults
}
