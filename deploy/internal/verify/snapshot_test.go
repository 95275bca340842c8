package verify

import (
	"errors"
	"testing"

	"bookstore/shared/sqldb/sqldbtest"

	"github.com/go-sql-driver/mysql"
)

func TestASnapshotIsReadOverAnEncryptedConnectionIfTheURLAsksForIt(t *testing.T) {
	server := sqldbtest.NewPlainServer(t) + "shop"
	if _, err := open(t.Context(), server+"?tls=true", "orders"); !errors.Is(err, mysql.ErrNoTLS) {
		t.Errorf("tls=true: got %v, want the server refused", err)
	}
	if _, err := open(t.Context(), server, "orders"); err == nil || errors.Is(err, mysql.ErrNoTLS) {
		t.Errorf("no tls: got %v, want the server to hang up", err)
	}
}
