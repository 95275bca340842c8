package ui

import (
	"net/url"

	"bookstore/shared/i18n"

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
	return WithNext("/login", p.Here)
}

// WithNext is the address of a page that leads on to next.
func WithNext(path, next string) string {
	if next == "" || next == "/" {
		return path
	}
	return path + "?next=" + url.QueryEscape(next)
}

// searchAttributes make the search field answer while one types: with the list
// itself where the page shows one, and elsewhere with a few suggestions.
func searchAttributes(p Page) templ.Attributes {
	if p.Results {
		return templ.Attributes{
			"hx-get": "/books", "hx-trigger": "input changed delay:250ms",
			"hx-include": "#filter-fields", "hx-target": "#results", "hx-swap": "outerHTML",
			"hx-sync": "this:replace", "hx-indicator": "#results",
		}
	}
	return templ.Attributes{
		"hx-get": "/books/suggestions", "hx-trigger": "input changed delay:200ms",
		"hx-target": "#suggestions", "hx-swap": "innerHTML", "hx-sync": "this:replace",
	}
}
