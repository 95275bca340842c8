package web

import (
	"net/http"
	"strings"
)

// closed are the beginnings of addresses at which programs find nothing to list:
// pages of the visitor's own, and what pages are made of. A star stands for
// anything: lists as a reader of the moment picks them are without number.
var closed = []string{
	"/account", "/admin", "/cart", "/checkout", "/cookies", "/delivery-country", "/kept-form", "/login", "/logout", "/orders",
	"/password", "/preferences", "/register", "/sandbox", "/selling", "/v1/", "/books/suggestions",
	"/*?*q=", "/*?*condition=", "/*?*language=", "/*?*min_price=", "/*?*max_price=", "/*?*in_stock=", "/*?*sort=", "/*?*cursor=",
}

// robots answers GET /robots.txt (RFC 9309): what programs are asked to leave alone,
// and where what there is is named.
func robots(sitemap string) http.Handler {
	var rules strings.Builder
	rules.WriteString("User-agent: *\n")
	for _, path := range closed {
		rules.WriteString("Disallow: " + path + "\n")
	}
	rules.WriteString("\nSitemap: " + sitemap + "\n")
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		w.Header().Set("Cache-Control", "public, max-age=3600")
		_, _ = w.Write([]byte(rules.String())) // fails only when the visitor has gone
	})
}
