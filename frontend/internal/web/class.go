package web

import (
	"net/http"
	"slices"
	"strings"

	"bookstore/shared/httpserver"
)

// hashing are the paths of the forms with a password.
var hashing = []string{"/login", "/register", "/account/password", "/password/reset"}

// classOf says how urgent a request is: buying before looking, and looking
// before looking for.
func classOf(r *http.Request) httpserver.Class {
	switch path := r.URL.Path; {
	case strings.HasPrefix(path, "/assets/"), strings.HasPrefix(path, "/covers/"), path == "/robots.txt":
		return httpserver.Unqueued
	case path == "/cart/count": // an ornament
		return httpserver.Browsing
	case strings.HasPrefix(path, "/cart"), path == "/checkout", strings.HasPrefix(path, "/sandbox/"), strings.HasSuffix(path, "/payment"):
		return httpserver.Checkout
	case path == "/books/suggestions", strings.HasPrefix(path, "/sitemap"), path == "/books" && r.URL.Query().Get("q") != "":
		return httpserver.Search
	case r.Method == http.MethodPost && slices.Contains(hashing, path):
		return httpserver.Heavy
	}
	return httpserver.Browsing
}
