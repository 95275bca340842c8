package audit

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"bookstore/deploy/internal/cluster"
	"bookstore/deploy/internal/shoptest"
)

// breakBuild returns a folder with the four programs, of which one was built
// from changed sources. The sources themselves stay as they are.
func breakBuild(t *testing.T, program string, changes map[string][]string) (bin string) {
	t.Helper()
	sound := shoptest.Programs(t)
	root, err := cluster.Root(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	bin = t.TempDir()
	for _, p := range cluster.Programs {
		if p == program {
			continue
		}
		if err := os.Symlink(filepath.Join(sound, p), filepath.Join(bin, p)); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.CommandContext(t.Context(), "go", "build", "-overlay="+overlay(t, root, changes), "-o", filepath.Join(bin, program), "./"+program)
	cmd.Dir = root
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	return bin
}

// overlay writes the changed sources elsewhere, and the file by which go build
// takes them for the true ones.
func overlay(t *testing.T, root string, changes map[string][]string) string {
	t.Helper()
	dir := t.TempDir()
	replace := map[string]string{}
	for file, pairs := range changes {
		source := filepath.Join(root, file)
		data, err := os.ReadFile(source)
		if err != nil {
			t.Fatal(err)
		}
		for i := 0; i < len(pairs); i += 2 {
			if n := strings.Count(string(data), pairs[i]); n != 1 {
				t.Fatalf("%s has %q %d times, want once", file, pairs[i], n)
			}
		}
		replace[source] = filepath.Join(dir, filepath.Base(file))
		if err := os.WriteFile(replace[source], []byte(strings.NewReplacer(pairs...).Replace(string(data))), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	text, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "overlay.json")
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
