// Package needs says what becomes of a test on a machine that lacks what the
// test calls: it is skipped, and where the machine is CI's, it fails.
package needs

import (
	"errors"
	"os"
	"os/exec"
	"testing"

	"bookstore/deploy/internal/mariadb"
)

// Missing ends a test for want of something, which the sentence names. With
// CI=true in the environment that is a failure.
func Missing(t testing.TB, sentence string, args ...any) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatalf(sentence, args...)
	}
	t.Skipf(sentence, args...)
}

// Program returns the path of a program. Source says how to get it.
func Program(t testing.TB, program, source string) string {
	t.Helper()
	path, err := exec.LookPath(program)
	if err != nil {
		Missing(t, "%s is not installed (%s)", program, source)
	}
	return path
}

// MariaDB ends the test unless err, which mariadb.Start has returned, is nil.
func MariaDB(t testing.TB, err error) {
	t.Helper()
	if errors.Is(err, mariadb.ErrNotInstalled) {
		Missing(t, "%v", err)
	}
	if err != nil {
		t.Fatal(err)
	}
}
