package web

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"bookstore/shared/i18n/i18ntest"
)

func TestEveryMessageIsThereInEachLanguage(t *testing.T) {
	for _, messages := range messageFiles() {
		i18ntest.CheckMessages(t, messages)
	}
}

var (
	// call finds the key of a message in Go and templ: T("cart.title") …
	call = regexp.MustCompile(`\b(?:T|N|With|Has)\(\s*"([a-z][a-z0-9_]*\.[a-z0-9_.-]+)"\s*[,)]`)
	// literal finds whatever else looks like a key: in a table, or handed over.
	literal = regexp.MustCompile(`"([a-z][a-z0-9_]*(?:\.[a-z0-9_-]+)+)"`)
	// prefix finds the beginning of a key that goes on with a code: "status." + s
	prefix = regexp.MustCompile(`"([a-z][a-z0-9_]*\.(?:[a-z0-9_]+\.)*)"\s*\+`)
)

func TestEveryKeyInTheCodeHasAMessage(t *testing.T) {
	for file, text := range sources(t) {
		for _, m := range call.FindAllStringSubmatch(text, -1) {
			if !Words("en").Has(m[1]) {
				t.Errorf("%s: %q has no message", file, m[1])
			}
		}
	}
}

func TestEveryMessageIsUsed(t *testing.T) {
	used, prefixes := map[string]bool{}, []string{}
	for _, text := range sources(t) {
		for _, pattern := range []*regexp.Regexp{call, literal} {
			for _, m := range pattern.FindAllStringSubmatch(text, -1) {
				used[m[1]] = true
			}
		}
		for _, m := range prefix.FindAllStringSubmatch(text, -1) {
			prefixes = append(prefixes, m[1])
		}
	}
	for _, key := range Words("en").Keys() {
		begins := func(prefix string) bool { return strings.HasPrefix(key, prefix) }
		problem := strings.HasPrefix(key, "problem.") && used[strings.TrimSuffix(strings.TrimSuffix(key, ".heading"), ".text")]
		if !used[key] && !problem && !slices.ContainsFunc(prefixes, begins) {
			t.Errorf("%q is used nowhere", key)
		}
	}
}

// Times that are text can't be written in the visitor's own zone.
func TestTimesAreElements(t *testing.T) {
	text := regexp.MustCompile(`\b\w+\.(Date|DateTime|Deadline)\(`)
	for file, source := range sources(t) {
		for _, call := range text.FindAllString(source, -1) {
			if call != "ui.Deadline(" && call != "time.Date(" && filepath.Base(file) != "times.templ" {
				t.Errorf("%s calls %s), where ui.Instant, ui.Day or ui.Deadline would do", file, call)
			}
		}
	}
}

// sources returns the code that shows messages, by file.
func sources(t *testing.T) map[string]string {
	t.Helper()
	texts := map[string]string{}
	for _, pattern := range []string{"../*/*.go", "../*/*.templ"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, file := range files {
			if strings.HasSuffix(file, "_test.go") || strings.HasSuffix(file, "_templ.go") {
				continue
			}
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			texts[file] = string(data)
		}
	}
	return texts
}

func TestNumbersThatCameAsJSONAreWhole(t *testing.T) {
	got := Words("en").With("error.field.too_short", map[string]any{"min": float64(8)})
	if want := "Write at least 8 characters."; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
