package api

import (
	"net/http"
	"strings"

	"bookstore/shared/httpserver"
)

// classOf says how urgent a request is: what leads to a paid order comes first.
// The number in the cart is an ornament of every page.
func classOf(r *http.Request) httpserver.Class {
	switch path := r.URL.Path; {
	case path == "/v1/cart/count":
		return httpserver.Browsing
	case strings.HasPrefix(path, "/v1/cart"), strings.HasPrefix(path, "/v1/payment-"), strings.HasPrefix(path, "/v1/sandbox/"),
		strings.HasSuffix(path, "/payment"), path == "/v1/orders" && r.Method == http.MethodPost:
		return httpserver.Checkout
	}
	return httpserver.Browsing
}
