package i18n

import (
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"bookstore/shared/money"
)

func TestEveryMessageIsThereInEachLanguage(t *testing.T) {
	for key := range everyKey() {
		for _, lang := range Languages {
			if !For(lang).Has(key) {
				t.Errorf("%q has no message in %q", key, lang)
			}
		}
	}
}

func TestMessagesHaveTheSamePlaceholdersInEachLanguage(t *testing.T) {
	placeholder := regexp.MustCompile(`{{\.(\w+)}}`)
	of := func(lang, key string) []string {
		found := map[string]bool{}
		for _, m := range placeholder.FindAllStringSubmatch(rawMessage(t, lang, key), -1) {
			found[m[1]] = true
		}
		return slices.Sorted(maps.Keys(found))
	}
	for key := range everyKey() {
		want := of("en", key)
		if got := of("es", key); !slices.Equal(got, want) {
			t.Errorf("%q: Spanish has the placeholders %v, English %v", key, got, want)
		}
	}
}

// rawMessage returns the line of a message file on which a key is defined.
func rawMessage(t *testing.T, lang, key string) string {
	t.Helper()
	files, err := fs.Glob(messages, "messages/"+lang+"/*.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		data, err := fs.ReadFile(messages, file)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(data)) {
			if strings.HasPrefix(strings.TrimSpace(line), `"`+key+`":`) {
				return line
			}
		}
	}
	t.Errorf("%q is not on one line in %s", key, lang)
	return ""
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
			if !For("en").Has(m[1]) {
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
	for key := range everyKey() {
		begins := func(prefix string) bool { return strings.HasPrefix(key, prefix) }
		problem := strings.HasPrefix(key, "problem.") && used[strings.TrimSuffix(strings.TrimSuffix(key, ".heading"), ".text")]
		if !used[key] && !problem && !slices.ContainsFunc(prefixes, begins) {
			t.Errorf("%q is used nowhere", key)
		}
	}
}

// sources returns the code that shows messages, by file.
func sources(t *testing.T) map[string]string {
	t.Helper()
	texts := map[string]string{}
	for _, pattern := range []string{"../web/*.go", "../view/*.go", "../view/*.templ", "*.go"} {
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

func everyKey() map[string]bool {
	all := map[string]bool{}
	for _, lang := range Languages {
		maps.Copy(all, For(lang).known)
	}
	return all
}

func TestAKeyThatIsDefinedTwiceIsRefused(t *testing.T) {
	_, err := load(fstest.MapFS{
		"messages/en/a.json": {Data: []byte(`{"cart.title": "Cart"}`)},
		"messages/en/b.json": {Data: []byte(`{"cart.title": "Basket"}`)},
	})
	if err == nil || !strings.Contains(err.Error(), "cart.title") {
		t.Errorf("got %v, want an error about cart.title", err)
	}
}

func TestTheBrowsersLanguagesChoose(t *testing.T) {
	for header, want := range map[string]string{
		"": "en", "es": "es", "es-CO,es;q=0.9,en;q=0.8": "es", "en-GB": "en", "fr,es;q=0.5": "es", "fr": "en", "garbage;;q": "en",
	} {
		if got := Match(header); got != want {
			t.Errorf("Match(%q) = %q, want %q", header, got, want)
		}
	}
}

func TestEachLanguageWritesInItsWay(t *testing.T) {
	day := time.Date(2026, 5, 3, 10, 12, 0, 0, time.UTC)
	for lang, want := range map[string][]string{
		"en": {"3 May 2026", "3 May 2026, 10:12 UTC", "1,234,567", "1 book", "2 books", "$12.99"},
		"es": {"3 de mayo de 2026", "3 de mayo de 2026, 10:12 UTC", "1.234.567", "1 libro", "2 libros", "12,99\u00a0US$"},
	} {
		tr := For(lang)
		got := []string{
			tr.Date(day), tr.DateTime(day), tr.Number(1234567),
			tr.N("books.count", 1), tr.N("books.count", 2), tr.Money(money.New(1299, "USD")),
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: got %q, want %q", lang, got, want)
		}
	}
}

func TestNumbersThatCameAsJSONAreWhole(t *testing.T) {
	got := For("en").With("error.field.too_short", map[string]any{"min": float64(8)})
	if want := "Write at least 8 characters."; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
