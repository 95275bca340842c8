package sqldb

import (
	"strings"

	"github.com/Masterminds/squirrel"
)

// Upsert completes insert so that a row which already exists, by the unique
// key conflictColumns, takes the new values of updateColumns instead. Without
// updateColumns the existing row stays as it is.
//
// MySQL looks at every unique key of the table, SQLite only at conflictColumns:
// use it where no other can collide. The affected rows differ as well (MySQL
// counts an update twice), so only the absence of an error counts.
func Upsert(d Dialect, insert squirrel.InsertBuilder, conflictColumns, updateColumns []string) squirrel.InsertBuilder {
	if d == MySQL {
		return insert.Suffix("ON DUPLICATE KEY UPDATE " + mysqlAssignments(conflictColumns, updateColumns))
	}
	conflict := "ON CONFLICT (" + strings.Join(conflictColumns, ", ") + ") DO "
	if len(updateColumns) == 0 {
		return insert.Suffix(conflict + "NOTHING")
	}
	return insert.Suffix(conflict + "UPDATE SET " + assignments(updateColumns, "excluded.", ""))
}

func mysqlAssignments(conflictColumns, updateColumns []string) string {
	if len(updateColumns) == 0 {
		// INSERT IGNORE would swallow other mistakes too.
		return assignments(conflictColumns[:1], "", "")
	}
	return assignments(updateColumns, "VALUES(", ")")
}

// assignments lists "column = <before>column<after>".
func assignments(columns []string, before, after string) string {
	parts := make([]string, len(columns))
	for i, column := range columns {
		parts[i] = column + " = " + before + column + after
	}
	return strings.Join(parts, ", ")
}
