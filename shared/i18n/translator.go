package i18n

import (
	"log/slog"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"bookstore/shared/money"

	goi18n "github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
	"golang.org/x/text/language/display"
	"golang.org/x/text/message"
)

// Translator writes in one language. It is safe for concurrent use.
type Translator struct {
	lang      string
	locale    string // lang, with the shop's country if there is one
	thousands string // the mark between them
	zone      *time.Location
	localizer *goi18n.Localizer
	fixed     map[string]string
	known     map[string]bool
	keys      []string
}

// Lang returns the language's code (ISO 639-1).
func (t *Translator) Lang() string { return t.lang }

// Locale returns the language with the shop's country, such as "es-US" (BCP 47):
// how numbers are written and read.
func (t *Translator) Locale() string { return t.locale }

// settle makes t write numbers as in a country, or as its language does for "".
func (t *Translator) settle(country string) {
	t.locale = t.lang
	if country != "" {
		t.locale += "-" + country
	}
	number := message.NewPrinter(language.Make(t.locale)).Sprint(10_000)
	t.thousands = strings.TrimSuffix(strings.TrimPrefix(number, "10"), "000")
}

// Has reports whether there is a message under key.
func (t *Translator) Has(key string) bool { return t.known[key] }

// Keys returns the keys of the messages that Load was given in the language.
func (t *Translator) Keys() []string { return slices.Clone(t.keys) }

// T returns the message under key. The pairs are the values of its
// placeholders: T("layout.signed_in_as", "Name", name). A missing message shows its
// key; a test keeps that from happening.
func (t *Translator) T(key string, pairs ...any) string {
	if text, ok := t.fixed[key]; ok {
		return text
	}
	return t.localize(&goi18n.LocalizeConfig{MessageID: key, TemplateData: values(pairs)})
}

// N returns the message under key in the plural form for n. The message writes
// the number as {{.Count}}.
func (t *Translator) N(key string, n int, pairs ...any) string {
	data := values(pairs)
	data["Count"] = t.Number(n)
	return t.localize(&goi18n.LocalizeConfig{MessageID: key, PluralCount: n, TemplateData: data})
}

// With returns the message under key with values that came with an error.
func (t *Translator) With(key string, params map[string]any) string {
	if text, ok := t.fixed[key]; ok {
		return text
	}
	data := maps.Clone(params)
	for name, value := range data {
		if n, ok := value.(float64); ok { // as JSON numbers arrive
			value = strconv.FormatFloat(n, 'f', -1, 64)
		}
		data[name] = isolated(value)
	}
	return t.localize(&goi18n.LocalizeConfig{MessageID: key, TemplateData: data})
}

func (t *Translator) localize(cfg *goi18n.LocalizeConfig) string {
	text, err := t.localizer.Localize(cfg)
	if err != nil {
		slog.Warn("message missing", "key", cfg.MessageID, "language", t.lang, "error", err)
		return cfg.MessageID
	}
	return text
}

func values(pairs []any) map[string]any {
	data := make(map[string]any, len(pairs)/2+1)
	for i := 0; i+1 < len(pairs); i += 2 {
		if name, ok := pairs[i].(string); ok {
			data[name] = isolated(pairs[i+1])
		}
	}
	return data
}

// Money returns an amount as readers of the language write it in the shop's
// country.
func (t *Translator) Money(m money.Money) string { return m.Format(t.locale) }

// Or returns choices as a sentence lists them: "a, b or c".
func (t *Translator) Or(choices []string) string {
	last := len(choices) - 1
	if last < 1 {
		return strings.Join(choices, "")
	}
	return t.T("format.or", "Rest", strings.Join(choices[:last], ", "), "Last", choices[last])
}

// Country returns the name of a country; see CountryName.
func (t *Translator) Country(code string) string { return CountryName(t.lang, code) }

// Number returns n with its thousands marked.
func (t *Translator) Number(n int) string {
	digits := strconv.Itoa(n)
	for i := len(digits) - 3; i > 0 && digits[i-1] != '-'; i -= 3 {
		digits = digits[:i] + t.thousands + digits[i:]
	}
	return digits
}

// CountryName returns the name of a country (ISO 3166-1 alpha-2) in a language,
// and the code itself for one that it does not know.
func CountryName(lang, code string) string {
	region, err := language.ParseRegion(code)
	if err != nil {
		return code
	}
	if name := display.Regions(language.Make(lang)).Name(region); name != "" {
		return name
	}
	return code
}
