package view

import (
	"net/url"

	"bookstore/frontend/internal/i18n"

	"github.com/a-h/templ"
)

func languages() []string { return i18n.Languages }

// pressed marks the chosen one of several buttons.
func pressed(chosen bool) templ.Attributes {
	if !chosen {
		return nil
	}
	return templ.Attributes{"aria-current": "true"}
}

// signInURL leads back to this page after signing in, unless it is itself
// about that.
func signInURL(p Page) string {
	if p.Here == "" || p.Here == "/" || p.at("/login") || p.at("/register") {
		return "/login"
	}
	return "/login?next=" + url.QueryEscape(p.Here)
}
