package sqldb

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"

	"github.com/go-sql-driver/mysql"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// ErrNotFound says that no row matched. It also is sql.ErrNoRows.
var ErrNotFound = fmt.Errorf("row not found: %w", sql.ErrNoRows)

// MySQL's and MariaDB's error numbers, by what they mean to a caller.
var (
	mysqlDuplicate  = []uint16{1062, 1586}
	mysqlContention = []uint16{1205, 1213}       // lock wait timeout, deadlock
	mysqlReadOnly   = []uint16{1290, 1792, 1836} // by an option, in a transaction, the server
	mysqlOutage     = []uint16{
		1040, 1203, 1226, // too many connections: in all, of this user, by its quota
		1053, 1079, // shutting down
		1317, 1927, // statement interrupted, connection killed
		1969, 3024, // statement took too long: MariaDB, MySQL
		4031, // disconnected for idleness
	}
)

// SQLite's primary result codes, likewise.
var (
	sqliteContention = []int{sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
	sqliteOutage     = []int{sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL}
	sqliteDuplicate  = []int{sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY, sqlite3.SQLITE_CONSTRAINT_ROWID}
)

// IsDuplicate reports whether err is the refusal of a row whose unique key is taken.
func IsDuplicate(err error) bool {
	if e, ok := errors.AsType[*mysql.MySQLError](err); ok {
		return slices.Contains(mysqlDuplicate, e.Number)
	}
	if e, ok := errors.AsType[*sqlite.Error](err); ok {
		return slices.Contains(sqliteDuplicate, e.Code())
	}
	return false
}

// IsUnavailable reports whether err says that the database is away, read-only,
// overloaded or too slow: the same call may succeed later, and its caller is
// not at fault.
func IsUnavailable(err error) bool {
	if e, ok := errors.AsType[*mysql.MySQLError](err); ok {
		return slices.Contains(mysqlOutage, e.Number) || isReadOnly(err) || isContention(err)
	}
	if e, ok := errors.AsType[*sqlite.Error](err); ok {
		return slices.Contains(sqliteOutage, e.Code()&0xff) || isContention(err)
	}
	if _, ok := errors.AsType[awayError](err); ok || errors.Is(err, errGroupLost) {
		return true
	}
	if _, ok := errors.AsType[net.Error](err); ok {
		return true
	}
	return slices.ContainsFunc([]error{
		driver.ErrBadConn, mysql.ErrInvalidConn, sql.ErrConnDone,
		context.DeadlineExceeded, io.EOF, io.ErrUnexpectedEOF,
	}, func(outage error) bool { return errors.Is(err, outage) })
}

// isReadOnly reports whether err is the refusal of a write by a server that
// takes none: what a writer answers once a fail-over has demoted it.
func isReadOnly(err error) bool {
	e, ok := errors.AsType[*mysql.MySQLError](err)
	return ok && slices.Contains(mysqlReadOnly, e.Number)
}

// isContention reports whether err is the loss of a fight over a lock, which
// the whole transaction may try again.
func isContention(err error) bool {
	if errors.Is(err, errGroupLost) {
		return true
	}
	if e, ok := errors.AsType[*mysql.MySQLError](err); ok {
		return slices.Contains(mysqlContention, e.Number)
	}
	if e, ok := errors.AsType[*sqlite.Error](err); ok {
		return slices.Contains(sqliteContention, e.Code()&0xff)
	}
	return false
}

// unavailableError marks an outage for those who do not import this package.
type unavailableError struct{ error }

func (e unavailableError) Unwrap() error { return e.error }

// Unavailable reports true: the failure is the database's and may pass.
func (e unavailableError) Unavailable() bool { return true }

func markUnavailable(err error) error {
	if _, marked := errors.AsType[unavailableError](err); marked || !IsUnavailable(err) {
		return err
	}
	return unavailableError{err}
}
