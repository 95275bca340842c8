package checks

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const root = "../../.."

// command runs a program at the top of the house and returns what it prints.
func command(t *testing.T, name string, args ...string) []byte {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), name, args...)
	cmd.Dir = root
	cmd.Env = append(os.Environ(), "GOWORK=") // found by looking upwards
	cmd.Stderr = t.Output()
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s %s: %v", name, strings.Join(args, " "), err)
	}
	return out
}

func packages(t *testing.T) []Package {
	t.Helper()
	out := command(t, "go", "list", "-json=ImportPath,Imports,TestImports,XTestImports", "work")
	var all []Package
	for decoder := json.NewDecoder(bytes.NewReader(out)); ; {
		var p Package
		err := decoder.Decode(&p)
		if errors.Is(err, io.EOF) {
			return all
		}
		if err != nil {
			t.Fatalf("read go list: %v", err)
		}
		all = append(all, p)
	}
}

func TestThePackagesImportOnlyWhatTheyMay(t *testing.T) {
	all := packages(t)
	for _, fault := range ImportFaults(all) {
		t.Error(fault)
	}
	seen := map[string]bool{}
	for _, p := range all {
		module, _ := rooms(p.ImportPath)
		seen[module] = true
	}
	for module := range modules {
		if !seen[module] {
			t.Errorf("module %s has no package", module)
		}
	}
	for module := range domains {
		domain := domainOf(module)
		if !slices.ContainsFunc(all, func(p Package) bool { return p.ImportPath == domain }) {
			t.Errorf("the domain %s is missing", domain)
		}
	}
}

func TestAForbiddenImportIsFound(t *testing.T) {
	const auth, authStore, authAPI = "bookstore/authsvc/internal/auth", "bookstore/authsvc/internal/store", "bookstore/authsvc/internal/api"
	for _, c := range []struct{ from, to, want string }{
		{"bookstore/shared/page", "bookstore/assets", "may import only"},
		{"bookstore/assets/cover", "bookstore/shared/page", "may import only"},
		{"bookstore/authsvc", "bookstore/catalogsvc", "may import only"},
		{"bookstore/authsvc", "bookstore/assets", "may import only"},
		{"bookstore/frontend/internal/web", "bookstore/shopsvc", "may import only"},
		{"bookstore/deploy/e2e", "bookstore/frontend", "may import only"},
		{auth, "database/sql", "a domain knows no SQL"},
		{auth, "database/sql/driver", "a domain knows no SQL"},
		{auth, "bookstore/shared/sqldb", "a domain knows no SQL"},
		{auth, "net/http", "a domain knows no HTTP"},
		{auth, "bookstore/shared/shopapi", "a domain knows no HTTP"},
		{"bookstore/shopsvc/internal/shop", "net/http/httptest", "a domain knows no HTTP"},
		{authAPI, "bookstore/shared/sqldb", "only the stores speak SQL"},
		{"bookstore/authsvc", "github.com/Masterminds/squirrel", "only the stores speak SQL"},
		{"bookstore/frontend/internal/web", "database/sql", "the frontend knows no SQL"},
		{"bookstore/frontend/internal/ui", "net/http", "shared markup knows no requests"},
		{authAPI, authStore, "adapters never import each other"},
		{authStore, authAPI + "/inner", "adapters never import each other"},

		{"bookstore/authsvc", "bookstore/shared/sqldb", ""},
		{"bookstore/authsvc", authStore, ""},
		{authStore, "bookstore/shared/sqldb", ""},
		{authStore, authStore + "/migrations", ""},
		{authAPI, auth, ""},
		{authAPI, "bookstore/authsvc/internal/isbn", ""},
		{authAPI, "net/http", ""},
		{auth, "bookstore/shared/token", ""},
		{auth, "bookstore/shared/authapi", ""},
		{"bookstore/frontend/internal/cart", "net/http", ""},
		{"bookstore/frontend/internal/ui", "bookstore/assets/cover", ""},
		{"bookstore/deploy/e2e", "database/sql", ""},
		{"bookstore/shared/sqldb", "database/sql", ""},
	} {
		faults := ImportFaults([]Package{
			{ImportPath: authStore, Imports: []string{auth}},
			{ImportPath: authAPI, Imports: []string{auth}},
			{ImportPath: c.from, Imports: []string{c.to}},
		})
		got := strings.Join(faults, "\n")
		if c.want == "" && got != "" || !strings.Contains(got, c.want) {
			t.Errorf("%s to %s: got %q, want %q", c.from, c.to, got, c.want)
		}
	}
	through := []Package{
		{ImportPath: "bookstore/frontend/internal/web", Imports: []string{"bookstore/shared/token"}},
		{ImportPath: "bookstore/shared/token", Imports: []string{"github.com/danielgtaylor/huma/v2/adapters/humamux"}},
	}
	if got := ImportFaults(through); len(got) != 1 || !strings.Contains(got[0], "imports bookstore/shared/token imports") {
		t.Errorf("Huma behind a shared package: got %q, want the way to it", got)
	}
	inTests := []Package{{ImportPath: authAPI, XTestImports: []string{authStore, "bookstore/shopsvc"}}}
	if got := ImportFaults(inTests); len(got) != 1 || !strings.Contains(got[0], "bookstore/shopsvc") {
		t.Errorf("imports of tests: got %q, want the other service alone", got)
	}
}

func TestTheTopHoldsNothingElse(t *testing.T) {
	// Files that git does not know yet count too, unless it ignores them.
	out := command(t, "git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
	paths := strings.Split(strings.TrimSuffix(string(out), "\x00"), "\x00")
	if stray := StrayEntries(paths); len(stray) > 0 {
		t.Errorf("got %q at the top, want only %q", stray, topLevel)
	}
}

func TestAStrayEntryIsFound(t *testing.T) {
	got := StrayEntries([]string{".ci/run", ".gitignore", "README.md", "go.work.sum", "deploy/test", "scripts/a", "scripts/b", "Makefile"})
	if want := []string{"Makefile", "scripts"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestTheWorkspaceHoldsTheSevenModules(t *testing.T) {
	var workspace struct {
		Use []struct{ DiskPath string }
	}
	if err := json.Unmarshal(command(t, "go", "work", "edit", "-json"), &workspace); err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, use := range workspace.Use {
		got = append(got, strings.TrimPrefix(use.DiskPath, "./"))
	}
	slices.Sort(got)
	if want := slices.Sorted(maps.Keys(modules)); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}
