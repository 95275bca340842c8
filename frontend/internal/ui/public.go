package ui

import (
	"net/url"
	"strings"

	"bookstore/shared/i18n"
)

// FieldLang is the parameter of an address that asks for a page in a language,
// whatever the visitor's is.
const FieldLang = "lang"

// Public is what programs are told of a page: search engines, which list it, and
// those that show a link to it with a picture.
type Public struct {
	Address string // the page's one absolute address, without a language; "" if it is not to be listed
	Picture string // absolute address of a picture in a format that all can show
	Kind    string // of the page as Open Graph (ogp.me) has it: website or book
	Facts   any    // of schema.org, as JSON-LD has them; nil for none
}

// In returns the page's address in a language. The first language of the shop is
// what a program gets that asks for none.
func (p Public) In(lang string) string {
	if lang == i18n.Languages[0] {
		return p.Address
	}
	separator := "?"
	if strings.Contains(p.Address, "?") {
		separator = "&"
	}
	return p.Address + separator + FieldLang + "=" + url.QueryEscape(lang)
}
