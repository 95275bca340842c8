package store_test

import (
	"testing"

	"bookstore/shared/sqldb/sqldbtest"
	"bookstore/shopsvc/internal/store"
)

func TestEachMigrationHasItsTwin(t *testing.T) {
	sqldbtest.CheckTwins(t, store.Migrations)
}
