package site

import (
	"net/http"
	"strings"

	"bookstore/assets"
	"bookstore/frontend/internal/ui"
	"bookstore/shared/i18n"
)

// Public says that search engines may list the page that stands at a path, and
// what a link to it shows.
func (s *Site) Public(path string) ui.Public {
	return ui.Public{Address: s.Absolute(path), Kind: "website", Picture: s.Absolute(assets.URL("share.png"))}
}

// takeLanguage returns r without the language that its address asks for, as links
// of search engines do, and that language; "" if it asks for none that the shop
// speaks.
func takeLanguage(r *http.Request) (*http.Request, string) {
	if !isRead(r) || !strings.Contains(r.URL.RawQuery, ui.FieldLang+"=") {
		return r, ""
	}
	query := r.URL.Query()
	lang := query.Get(ui.FieldLang)
	query.Del(ui.FieldLang)
	r = r.Clone(r.Context())
	r.URL.RawQuery = query.Encode()
	if !i18n.Speaks(lang) {
		return r, ""
	}
	return r, lang
}
