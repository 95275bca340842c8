// Package store keeps accounts and sessions in MySQL or SQLite. Everything is
// read from the writer: a session that has just ended must not be seen alive.
package store

import (
	"bookstore/authsvc/internal/auth"
	"bookstore/shared/audit/auditstore"
	"bookstore/shared/seal"
	"bookstore/shared/sqldb"
)

// Store is the auth.Store of a database.
type Store struct {
	db  *sqldb.DB
	log auditstore.Log
}

var _ auth.Store = (*Store)(nil)

// New returns the store of db, which has been opened with Migrations. Its audit
// log is sealed under key.
func New(db *sqldb.DB, key seal.Key) *Store { return &Store{db: db, log: auditstore.New(db, key)} }
