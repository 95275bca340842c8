// Package needs says what becomes of a test on a machine that lacks what the
// test calls: it is skipped, and where the machine is CI's, it fails.
package needs

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"testing"

	"bookstore/deploy/internal/mariadb"
)

// EnvNotChecked names the file to which Missing adds a line for each test that
// it skips: deploy/test ends with what stands there.
const EnvNotChecked = "BOOKSTORE_NOT_CHECKED"

// Missing ends a test for want of something, which the sentence names. With
// CI=true in the environment that is a failure.
func Missing(t testing.TB, sentence string, args ...any) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatalf(sentence, args...)
	}
	if err := note(fmt.Sprintf("%s: %s\n", t.Name(), fmt.Sprintf(sentence, args...))); err != nil {
		t.Fatal(err)
	}
	t.Skipf(sentence, args...)
}

func note(line string) error {
	name := os.Getenv(EnvNotChecked)
	if name == "" {
		return nil
	}
	file, err := os.OpenFile(name, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = file.WriteString(line)
	return errors.Join(err, file.Close())
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
