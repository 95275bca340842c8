package i18n_test

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"bookstore/shared/i18n"
	"bookstore/shared/money"
)

func messages(english, spanish string) fstest.MapFS {
	return fstest.MapFS{
		"messages/en/a.json": {Data: []byte(english)},
		"messages/es/a.json": {Data: []byte(spanish)},
	}
}

func TestAKeyThatIsDefinedTwiceIsRefused(t *testing.T) {
	files := messages(`{"cart.title": "Cart"}`, `{"cart.title": "Cesta"}`)
	files["messages/en/b.json"] = &fstest.MapFile{Data: []byte(`{"cart.title": "Basket"}`)}
	if _, err := i18n.Load(files); err == nil || !strings.Contains(err.Error(), "cart.title") {
		t.Errorf("got %v, want an error about cart.title", err)
	}
}

func TestTheBrowsersLanguagesChoose(t *testing.T) {
	for header, want := range map[string]string{
		"": "en", "es": "es", "es-CO,es;q=0.9,en;q=0.8": "es", "en-GB": "en", "fr,es;q=0.5": "es", "fr": "en", "garbage;;q": "en",
	} {
		if got := i18n.Match(header); got != want {
			t.Errorf("Match(%q) = %q, want %q", header, got, want)
		}
	}
}

func TestEachLanguageWritesInItsWay(t *testing.T) {
	bundle := i18n.MustLoad(messages(
		`{"books.count": {"one": "{{.Count}} book", "other": "{{.Count}} books"}}`,
		`{"books.count": {"one": "{{.Count}} libro", "other": "{{.Count}} libros"}}`))
	day := time.Date(2026, 5, 3, 10, 12, 0, 0, time.UTC)
	for lang, want := range map[string][]string{
		"en": {"3 May 2026", "3 May 2026, 10:12 UTC", "1,234,567", "1 book", "2 books", "$12.99"},
		"es": {"3 de mayo de 2026", "3 de mayo de 2026, 10:12 UTC", "1.234.567", "1 libro", "2 libros", "12,99\u00a0US$"},
		"fr": {"3 May 2026", "3 May 2026, 10:12 UTC", "1,234,567", "1 book", "2 books", "$12.99"},
	} {
		tr := bundle.For(lang)
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
	bundle := i18n.MustLoad(messages(`{"short": "Write at least {{.min}} characters."}`, `{}`))
	got := bundle.For("en").With("short", map[string]any{"min": float64(8)})
	if want := "Write at least 8 characters."; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
