package e2e

import (
	"fmt"
	"path/filepath"
	"testing"

	"bookstore/deploy/internal/cluster"
	"bookstore/deploy/internal/release"
)

// While a release is under way, programs of the one before serve beside it, on
// a schema that its first new program has migrated; and where it is rolled back,
// old programs start on that schema.
func TestAReleaseReplacesTheOneBeforeItAndIsRolledBackWithoutAFailedRequest(t *testing.T) {
	before := programsBeforeNewestMigration(t)
	c := newCrowdWith(t, before)
	c.shopWhile(t, func() {
		for i := range 3 {
			c.replace(t, i, bin)
		}
		c.replace(t, 0, before)
	})
	failed := c.log.check(t)
	c.checkNothingLost(t)
	table(t, "A release from before the newest migration replaced by today's, then one machine rolled back, under load",
		"requests of patrons", c.log.sent(),
		"failed", failed,
		"orders, all paid", c.orderCount(),
		"p50, p99 of a request", fmt.Sprint(c.log.percentile(50), ", ", c.log.percentile(99)))
}

// programsBeforeNewestMigration builds them and returns their folder.
func programsBeforeNewestMigration(t *testing.T) string {
	t.Helper()
	root, err := cluster.Root(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	commit, err := release.BeforeNewestMigration(t.Context(), root)
	if err != nil {
		t.Fatal(err)
	}
	sources := t.TempDir()
	if err := release.Export(t.Context(), root, commit, sources); err != nil {
		t.Fatal(err)
	}
	programs := filepath.Join(sources, "bin")
	if err := cluster.Build(t.Context(), sources, programs, func(string) {}); err != nil {
		t.Fatal(err)
	}
	return programs
}
