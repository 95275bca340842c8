package main

import (
	"errors"
	"strings"
	"testing"

	"bookstore/shared/sqldb/sqldbtest"

	"github.com/go-sql-driver/mysql"
)

func TestAConnectionIsEncryptedIfTheAddressAsksForIt(t *testing.T) {
	server := sqldbtest.NewPlainServer(t)
	if _, err := prepareDatabases(t.Context(), server+"?tls=true"); !errors.Is(err, mysql.ErrNoTLS) {
		t.Errorf("tls=true: got %v, want the server refused", err)
	}
	if _, err := prepareDatabases(t.Context(), server); err == nil || errors.Is(err, mysql.ErrNoTLS) {
		t.Errorf("no tls: got %v, want the server to hang up", err)
	}
}

func TestAnAddressThatIsNoServersIsRefusedWithoutItsPassword(t *testing.T) {
	for _, server := range []string{"root:secret@localhost", "mysql://root:secret@", "mysql://root:secret@local%host", "mysql://root:secret@localhost?charset=secret"} {
		if _, err := prepareDatabases(t.Context(), server); err == nil || !strings.HasPrefix(err.Error(), "-database must ") || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: got %v", server, err)
		}
	}
}
