// Package view holds the pages and their parts. Each is fed with exactly what
// it shows: it knows neither requests nor backends.
package ui

import (
	"cmp"
	"embed"
	"strings"

	"bookstore/assets"
	"bookstore/shared/i18n"
	"bookstore/shared/token"

	"github.com/a-h/templ"
)

// Messages are the words that pages of all areas share.
//
//go:embed messages
var Messages embed.FS

// Page is what every page shows around its content, and the words for it:
// templates write p.T("cart.title"), p.Money(total). Times go through
// Instant, Day and Deadline.
type Page struct {
	*i18n.Translator
	Title       string // of this page alone
	Description string // for search engines, and for whoever is sent a link
	Public      Public // what programs are told of the page; zero where search engines have no business
	Here        string // path and query to come back to after a change of language
	Theme       string // "light", "dark", or "" to follow the system
	User        *User  // nil for a guest
	CartCount   int
	Flash       *Flash // nil if nothing is to be said
	Kept        string // what was typed into the page's form, sealed, to survive a change of language; "" for nothing
	Search      string // what is being searched for
	Results     bool   // whether the page shows what the search field finds
	OwnMark     string // stands where the visitor's own would, to be put there later; "" for a page of the visitor alone
	Refresh     int    // seconds after which a browser without scripts loads the page again; 0: never
}

// User is the signed-in visitor.
type User struct {
	ID   int64
	Name string
	Role token.Role
}

// IsSeller reports whether the user may sell.
func (u *User) IsSeller() bool { return u != nil && u.Role == token.Seller }

// IsAdmin reports whether the user runs the shop.
func (u *User) IsAdmin() bool { return u != nil && u.Role == token.Admin }

// The kinds of a Flash.
const (
	FlashSuccess = "success"
	FlashInfo    = "info"
	FlashWarning = "warning"
	FlashError   = "error"
)

// Flash is a sentence said once, at the top of a page.
type Flash struct {
	Kind string
	Text string
}

func (f *Flash) icon() string {
	switch f.Kind {
	case FlashSuccess:
		return "check"
	case FlashInfo:
		return "info"
	}
	return "warning"
}

func (f *Flash) role() string {
	if f.Kind == FlashError {
		return "alert"
	}
	return "status"
}

// FullTitle is the page's title with the shop's name.
func (p Page) FullTitle() string {
	site := p.T("site.name")
	if p.Title == "" {
		return site
	}
	return p.T("format.title", "Page", p.Title, "Site", site)
}

// previewTitle is the page's title where the shop's name stands beside it.
func (p Page) previewTitle() string { return cmp.Or(p.Title, p.T("site.name")) }

// own returns what is the visitor's own on a page, or what stands for it.
func (p Page) own(c templ.Component) templ.Component {
	if p.OwnMark != "" {
		return templ.Raw(p.OwnMark)
	}
	return c
}

// at reports whether the page lies at or below a path, for the navigation.
func (p Page) at(path string) bool {
	here, _, _ := strings.Cut(p.Here, "?")
	return here == path || strings.HasPrefix(here, path+"/")
}

// IconURL is the address of the icon of a name.
func IconURL(name string) string { return assets.URL("icons.svg") + "#" + name }
