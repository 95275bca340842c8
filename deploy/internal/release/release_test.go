package release

import (
	"bytes"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"bookstore/deploy/internal/cluster"
)

var services = []string{cluster.Auth, cluster.Catalog, cluster.Shop}

// Migrations of the newest release have run while programs of the one before
// still serve: all that these do has to work, as their own tests tell. Left out are
// SQLite, which no two releases share; races, which take long and are the same on
// either schema; what must be done within milliseconds, on a machine that is busy;
// and call-backs that arrive together, which that release took for an error about
// once in a thousand times.
func TestTheReleaseBeforeWorksOnTheNewSchema(t *testing.T) {
	root, old := exportPrevious(t)
	var patterns []string
	for _, service := range services {
		if addNewMigrations(t, root, old, service) > 0 {
			patterns = append(patterns, "./"+service+"/...")
		}
	}
	if len(patterns) == 0 {
		return // the schema is still the same
	}
	test := exec.CommandContext(t.Context(), "go", append([]string{"test", "-count=1", "-vet=off", "-skip=Race|TooLate|InAnyNumberAndOrder|/^sqlite$"}, patterns...)...)
	test.Dir = old
	if out, err := test.CombinedOutput(); err != nil {
		t.Errorf("%v: %v\n%s", test, err, out)
	}
}

// A migration that has run somewhere is never changed: what would have to be
// different is a further migration.
func TestMigrationsAreOnlyAddedTo(t *testing.T) {
	root, old := exportPrevious(t)
	for _, service := range services {
		was := os.DirFS(migrationsOf(old, service))
		is := os.DirFS(migrationsOf(root, service))
		for _, file := range filesIn(t, was) {
			before, err := fs.ReadFile(was, file)
			if err != nil {
				t.Fatal(err)
			}
			if after, err := fs.ReadFile(is, file); err != nil || !bytes.Equal(before, after) {
				t.Errorf("the migration %s of %s was changed (%v)", file, service, err)
			}
		}
	}
}

// exportPrevious returns the folder of the workspace, and one that holds the
// release before.
func exportPrevious(t *testing.T) (root, old string) {
	t.Helper()
	root, err := cluster.Root(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	commit, err := Previous(t.Context(), root)
	if err != nil {
		t.Fatal(err)
	}
	old = t.TempDir()
	if err := Export(t.Context(), root, commit, old); err != nil {
		t.Fatal(err)
	}
	return root, old
}

// addNewMigrations gives the old code of a service those migrations of today's
// that it lacks, and returns their number.
func addNewMigrations(t *testing.T, root, old, service string) (added int) {
	t.Helper()
	today, before := migrationsOf(root, service), migrationsOf(old, service)
	for _, file := range filesIn(t, os.DirFS(today)) {
		if _, err := os.Stat(filepath.Join(before, file)); err == nil {
			continue
		}
		text, err := os.ReadFile(filepath.Join(today, file))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(before, file), text, 0o600); err != nil {
			t.Fatal(err)
		}
		added++
	}
	return added
}

func migrationsOf(root, service string) string {
	return filepath.Join(root, service, "internal", "store", "migrations")
}

// filesIn returns the migrations in a folder, as dialect/name.
func filesIn(t *testing.T, folder fs.FS) []string {
	t.Helper()
	files, err := fs.Glob(folder, "*/*.sql")
	if err != nil || len(files) == 0 {
		t.Fatalf("no migrations (%v)", err)
	}
	return files
}
