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

func TestTextThatRunsTheOtherWayIsSetApart(t *testing.T) {
	words := i18n.MustLoad(messages(`{"a.b": {"one": "{{.Count}} of {{.Title}}, $5", "other": "{{.Count}} of {{.Title}}, $5"}}`, `{}`)).For("en")
	for title, want := range map[string]string{
		"Emma": "2 of Emma, $5", "Éire 20": "2 of Éire 20, $5", "ספר 20": "2 of \u2068ספר 20\u2069, $5", "كتاب": "2 of \u2068كتاب\u2069, $5",
	} {
		if got := words.N("a.b", 2, "Title", title); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	if got, want := words.With("a.b", map[string]any{"Count": 1.0, "Title": "ספר"}), "1 of \u2068ספר\u2069, $5"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestTimesAreThoseOfTheShopsZone(t *testing.T) {
	words := i18n.MustLoad(messages(`{}`, `{}`))
	evening := time.Date(2026, 7, 1, 2, 5, 0, 0, time.UTC)
	for zone, want := range map[string]string{
		"America/Bogota": "30 June 2026, 21:05 UTC-5", "Europe/Madrid": "1 July 2026, 04:05 CEST",
		"Asia/Kathmandu": "1 July 2026, 07:50 UTC+5:45", "UTC": "1 July 2026, 02:05 UTC",
	} {
		place, err := time.LoadLocation(zone)
		if err != nil {
			t.Fatal(err)
		}
		if got := words.In("", place).For("en").DateTime(evening); got != want {
			t.Errorf("%s: got %q, want %q", zone, got, want)
		}
	}
}

func TestDeadlinesSayHowLongIsLeft(t *testing.T) {
	words := i18n.MustLoad(messages(`{}`, `{}`))
	now := time.Date(2026, 5, 3, 10, 0, 0, 0, time.UTC)
	for left, want := range map[time.Duration][]string{
		20 * time.Second:  {"in 1 minute", "dentro de 1 minuto"},
		15 * time.Minute:  {"in 15 minutes", "dentro de 15 minutos"},
		119 * time.Minute: {"in 119 minutes", "dentro de 119 minutos"},
		30 * time.Hour:    {"in 30 hours", "dentro de 30 horas"},
		72*time.Hour - 1:  {"in 3 days", "dentro de 3 días"},
	} {
		for i, lang := range i18n.Languages {
			if got, end := words.For(lang).Deadline(now.Add(left), now), " ("+want[i]+")"; !strings.HasSuffix(got, end) {
				t.Errorf("%s: got %q, want %q at its end", lang, got, end)
			}
		}
	}
	if got, want := words.For("en").Deadline(now, now), "3 May 2026, 10:00 UTC"; got != want {
		t.Errorf("a deadline that is over: got %q, want %q", got, want)
	}
}

func TestAmountsAndNumbersAreWrittenAsInTheShopsCountry(t *testing.T) {
	bundle := i18n.MustLoad()
	for _, c := range []struct{ country, lang, amount, number string }{
		{"US", "es", "$1,299.00", "12,345"},
		{"MX", "es", "$1,299.00", "12,345"},
		{"ES", "es", "1299,00\u00a0US$", "12.345"},
		{"US", "en", "$1,299.00", "12,345"},
		{"GB", "en", "US$1,299.00", "12,345"},
	} {
		tr := bundle.In(c.country, nil).For(c.lang)
		if got := []string{tr.Money(money.New(129900, "USD")), tr.Number(12345)}; !slices.Equal(got, []string{c.amount, c.number}) {
			t.Errorf("%s in %s: got %q, want %s and %s", c.lang, c.country, got, c.amount, c.number)
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
