package e2e

import (
	"path/filepath"
	"sync"
	"testing"
	"time"

	"bookstore/deploy/internal/cluster"
	"bookstore/deploy/internal/verify"
	"bookstore/shared/seal"
)

// faultyPrograms builds, once, the programs that crash where they are told to
// and whose clocks can be moved, and returns their folder.
func faultyPrograms(t *testing.T) string {
	t.Helper()
	dir, err := buildFaulty()
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

var buildFaulty = sync.OnceValues(func() (string, error) {
	dir := filepath.Join(bin, "faulty")
	return dir, build(dir, "-tags", "faults")
})

// wantBooksBalanced fails the test unless the checker is content, by a clock
// that goes ahead of this machine's.
func (s *shop) wantBooksBalanced(t *testing.T, ahead time.Duration) {
	t.Helper()
	report, err := verify.Check(t.Context(), verify.Databases{
		Catalog:  s.DatabaseURL(cluster.Catalog),
		Shop:     s.DatabaseURL(cluster.Shop),
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
