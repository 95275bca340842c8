package checks

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// expectNoFaults runs a check on every Go file of the house.
func expectNoFaults(t *testing.T, check func(name string, source []byte) ([]string, error)) {
	t.Helper()
	out := command(t, "git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "*.go")
	for path := range strings.SplitSeq(strings.TrimSuffix(string(out), "\x00"), "\x00") {
		source, err := os.ReadFile(filepath.Join(root, path))
		if os.IsNotExist(err) {
			continue // deleted, and not committed yet
		}
		if err != nil {
			t.Fatal(err)
		}
		faults, err := check(path, source)
		if err != nil {
			t.Error(err)
		}
		for _, fault := range faults {
			t.Error(fault)
		}
	}
}

func TestNoReturnReadsWhatACallBesideItFills(t *testing.T) { expectNoFaults(t, ReturnFaults) }

func TestAReturnThatReadsWhatACallFillsIsFound(t *testing.T) {
	for statement, faulty := range map[string]bool{
		"return x, fill(&x)":                                       true,
		"return x.n, fill(&x)":                                     true,
		"return wrap(x), fill(&x.n)":                               true,
		"return T{n: x.n}, x.check()":                              true,
		"return x, with(func() error { x.n++; return fill(&x) })":  true,
		"return x, with(func() error { x = T{}; return nil })":     true,
		"return x, with(func() error { y := x; return fill(&y) })": false,
		"var y T; return y, y.check()":                             true,
		"y := T{}; return y, y.check()":                            true,
		"y := &T{}; return y, y.check()":                           false,
		"return x, group.Wait()":                                   true,
		"return nil, group.Wait()":                                 false,
		"return T{x: other}, fill(&x)":                             false,
		"return x, nil":                                            false,
		"return fill(&x)":                                          false,
		"err := fill(&x); return x, err":                           false,
		"return func() (T, error) { return x, fill(&x) }()":        true,
	} {
		source := "package p\n\nfunc f() (x T, err error) { " + statement + " }\n"
		faults, err := ReturnFaults("f.go", []byte(source))
		if err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
		if (len(faults) > 0) != faulty {
			t.Errorf("%s: got %q, want a fault: %v", statement, faults, faulty)
		}
	}
}
