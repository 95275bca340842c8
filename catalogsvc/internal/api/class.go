package api

import (
	"net/http"
	"strings"

	"bookstore/shared/httpserver"
)

// classOf says how urgent a request is: an order's copies before books to look
// at, and those before books to look for.
func classOf(r *http.Request) httpserver.Class {
	switch {
	case strings.HasPrefix(r.URL.Path, "/internal/reservations/"):
		return httpserver.Checkout
	case r.URL.Path == "/v1/books" && r.Method == http.MethodGet && r.URL.Query().Get("q") != "":
		return httpserver.Search
	}
	return httpserver.Browsing
}
