// Package i18n speaks to people in their language: it reads message files,
// and writes messages, numbers, dates and amounts in each language.
//
// Message files are messages/<language>/<area>.json. Keys are dotted and begin
// with the area ("cart.title"); a message with plural forms is an object with
// "one" and "other". Values are templates: "{{.Name}}".
package i18n

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"time"

	goi18n "github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

// formats are the messages with which a Translator writes numbers and dates.
//
//go:embed messages
var formats embed.FS

// Languages lists the languages of the shop (ISO 639-1). The first is for
// readers of none of them.
var Languages = []string{"en", "es"}

var matcher = language.NewMatcher([]language.Tag{language.English, language.Spanish})

// Match returns the language that suits an Accept-Language header best.
func Match(acceptLanguage string) string {
	_, index := language.MatchStrings(matcher, acceptLanguage)
	return Languages[index]
}

// MatchAny is Match, but returns "" for an empty header: nothing is known then.
func MatchAny(acceptLanguage string) string {
	if acceptLanguage == "" {
		return ""
	}
	return Match(acceptLanguage)
}

// Speaks reports whether the shop has messages in a language.
func Speaks(lang string) bool { return slices.Contains(Languages, lang) }

// Bundle holds messages in each language. It is safe for concurrent use.
type Bundle struct{ translators map[string]*Translator }

// Load reads the message files of a program, of each of its parts. It returns an
// error for a file that can't be read and for a key that is defined twice in one
// language.
func Load(parts ...fs.FS) (*Bundle, error) {
	bundle := goi18n.NewBundle(language.English)
	b := &Bundle{map[string]*Translator{}}
	for _, lang := range Languages {
		t := &Translator{lang: lang, zone: time.UTC, fixed: map[string]string{}, known: map[string]bool{}}
		t.settle("")
		if _, err := t.load(formats, bundle); err != nil {
			return nil, err
		}
		for _, messages := range parts {
			keys, err := t.load(messages, bundle)
			if err != nil {
				return nil, err
			}
			t.keys = append(t.keys, keys...)
		}
		t.localizer = goi18n.NewLocalizer(bundle, lang)
		b.translators[lang] = t
	}
	return b, nil
}

// MustLoad is Load for embedded files: one that can't be read is a mistake of
// ours, and panics.
func MustLoad(parts ...fs.FS) *Bundle {
	b, err := Load(parts...)
	if err != nil {
		panic(err)
	}
	return b
}

// For returns the translator of a language, the first one's for a language
// that the shop does not speak.
func (b *Bundle) For(lang string) *Translator {
	if t, ok := b.translators[lang]; ok {
		return t
	}
	return b.translators[Languages[0]]
}

// In returns b for a shop in a country (ISO 3166-1 alpha-2) and a time zone:
// amounts and numbers are written as readers of each language do there, times in
// the zone. For "" they are written as the language's first country does, for nil
// in UTC.
func (b *Bundle) In(country string, zone *time.Location) *Bundle {
	if zone == nil {
		zone = time.UTC
	}
	moved := &Bundle{map[string]*Translator{}}
	for lang, t := range b.translators {
		there := *t
		there.zone = zone
		there.settle(country)
		moved.translators[lang] = &there
	}
	return moved
}

// load adds the messages of t's language to bundle and returns their keys.
func (t *Translator) load(messages fs.FS, bundle *goi18n.Bundle) ([]string, error) {
	files, err := fs.Glob(messages, path.Join("messages", t.lang, "*.json"))
	if err != nil {
		return nil, err
	}
	var keys []string
	for _, file := range files {
		data, err := fs.ReadFile(messages, file)
		if err != nil {
			return nil, err
		}
		added, err := bundle.ParseMessageBytes(language.Make(t.lang), data, json.Unmarshal)
		if err != nil {
			return nil, fmt.Errorf("read %s: %w", file, err)
		}
		for _, m := range added {
			if err := t.add(m); err != nil {
				return nil, fmt.Errorf("read %s: %w", file, err)
			}
			keys = append(keys, m.ID)
		}
	}
	return keys, nil
}

// add notes that a message exists. One that needs no work at all, as most do,
// is kept as it is.
func (t *Translator) add(m *goi18n.Message) error {
	if t.known[m.ID] {
		return fmt.Errorf("%q is defined twice", m.ID)
	}
	t.known[m.ID] = true
	if m.One == "" && !strings.Contains(m.Other, "{{") {
		t.fixed[m.ID] = m.Other
	}
	return nil
}
