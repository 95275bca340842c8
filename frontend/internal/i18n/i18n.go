// Package i18n holds every sentence that visitors read, in each language, in
// messages/<language>/<area>.json. Keys are dotted and begin with the area
// ("cart.title"); a message with plural forms is an object with "one" and
// "other". Values are templates: "{{.Name}}".
package i18n

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"strings"

	goi18n "github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

//go:embed messages
var messages embed.FS

// Languages lists the languages of the shop. The first is for visitors who
// read none of them.
var Languages = []string{"en", "es"}

var matcher = language.NewMatcher([]language.Tag{language.English, language.Spanish})

// Match returns the language that suits an Accept-Language header best.
func Match(acceptLanguage string) string {
	_, index := language.MatchStrings(matcher, acceptLanguage)
	return Languages[index]
}

// translators are ready for each language. Messages are embedded, so one that
// can't be read is a mistake of ours and panics at start.
var translators = func() map[string]*Translator {
	all, err := load(messages)
	if err != nil {
		panic(err)
	}
	return all
}()

// For returns the translator of a language, the default one's for a language
// that the shop does not speak.
func For(lang string) *Translator {
	if t, ok := translators[lang]; ok {
		return t
	}
	return translators[Languages[0]]
}

// Speaks tells whether the shop has messages in a language.
func Speaks(lang string) bool { return translators[lang] != nil }

func load(fsys fs.FS) (map[string]*Translator, error) {
	bundle := goi18n.NewBundle(language.English)
	all := make(map[string]*Translator, len(Languages))
	for _, lang := range Languages {
		t := &Translator{lang: lang, fixed: map[string]string{}, known: map[string]bool{}}
		if err := t.load(fsys, bundle); err != nil {
			return nil, err
		}
		t.localizer = goi18n.NewLocalizer(bundle, lang)
		all[lang] = t
	}
	return all, nil
}

func (t *Translator) load(fsys fs.FS, bundle *goi18n.Bundle) error {
	files, err := fs.Glob(fsys, path.Join("messages", t.lang, "*.json"))
	if err != nil {
		return err
	}
	for _, file := range files {
		data, err := fs.ReadFile(fsys, file)
		if err != nil {
			return err
		}
		added, err := bundle.ParseMessageBytes(language.Make(t.lang), data, json.Unmarshal)
		if err != nil {
			return fmt.Errorf("read %s: %w", file, err)
		}
		if err := t.add(added); err != nil {
			return fmt.Errorf("read %s: %w", file, err)
		}
	}
	return nil
}

// add notes which keys exist. Messages that need no work at all, which is most
// of them, are kept as they are.
func (t *Translator) add(messages []*goi18n.Message) error {
	for _, m := range messages {
		if t.known[m.ID] {
			return fmt.Errorf("%q is defined twice", m.ID)
		}
		t.known[m.ID] = true
		if m.One == "" && !strings.Contains(m.Other, "{{") {
			t.fixed[m.ID] = m.Other
		}
	}
	return nil
}
