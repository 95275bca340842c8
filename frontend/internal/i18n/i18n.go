// Package i18n holds every sentence that visitors read, in each language, in
// messages/<language>/<area>.json; see bookstore/shared/i18n.
package i18n

import (
	"embed"

	"bookstore/shared/i18n"
)

//go:embed messages
var messages embed.FS

var bundle = i18n.MustLoad(messages)

// Translator writes in one language.
type Translator = i18n.Translator

// Languages lists the languages of the shop. The first is for visitors who
// read none of them.
var Languages = i18n.Languages

// Match returns the language that suits an Accept-Language header best.
func Match(acceptLanguage string) string { return i18n.Match(acceptLanguage) }

// For returns the translator of a language, the default one's for a language
// that the shop does not speak.
func For(lang string) *Translator { return bundle.For(lang) }

// Speaks reports whether the shop has messages in a language.
func Speaks(lang string) bool { return i18n.Speaks(lang) }
