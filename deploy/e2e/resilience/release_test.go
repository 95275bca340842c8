package resilience

import (
	"fmt"
	"path/filepath"
	"testing"

	"bookstore/deploy/internal/cluster"
	"bookstore/deploy/internal/release"
	"bookstore/deploy/internal/shoptest"
)

// While a release is under way, programs of the one before serve beside it, on
// a schema that its first new program has migrated; and where it is rolled back,
// old programs start on that schema.
func TestAReleaseReplacesTheOneBeforeItAndIsRolledBackWithoutAFailedRequest(t *testing.T) {
	before := programsOfPreviousRelease(t)
	c := newCrowdWith(t, before)
	c.ShopWhile(t, func() {
		for i := range 3 {
			c.replace(t, i, shoptest.Programs(t))
		}
		c.replace(t, 0, before)
	})
	failed := c.Log.Check(t)
	c.CheckNothingLost(t)
	shoptest.Table(t, "The release before replaced by today's, then one machine rolled back, under load",
		"requests of customers", c.Log.Sent(),
		"failed", failed,
		"orders, all paid", c.OrderCount(),
		"p50, p99 of a request", fmt.Sprint(c.Log.Percentile(50), ", ", c.Log.Percentile(99)))
}

// programsOfPreviousRelease builds them and returns their folder.
func programsOfPreviousRelease(t *testing.T) string {
	t.Helper()
	root, err := cluster.Root(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	commit, err := release.Previous(t.Context(), root)
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
