// Package web puts the shop together: the areas' pages, and the files that they
// refer to.
package web

import (
	"net/http"

	"bookstore/assets"
	"bookstore/frontend/internal/account"
	"bookstore/frontend/internal/admin"
	"bookstore/frontend/internal/cart"
	"bookstore/frontend/internal/catalog"
	"bookstore/frontend/internal/checkout"
	"bookstore/frontend/internal/orders"
	"bookstore/frontend/internal/selling"
	"bookstore/frontend/internal/site"
	"bookstore/shared/httpserver"

	"github.com/gorilla/mux"
)

// areas are the parts of the shop.
var areas = []site.Area{catalog.Area, account.Area, cart.Area, checkout.Area, orders.Area, selling.Area, admin.Area}

// Config is what the shop works with.
type Config = site.Config

// New returns the web shop's handler.
func New(cfg Config) http.Handler {
	s := site.New(cfg)
	r := mux.NewRouter()
	r.Use(httpserver.NameRoute)
	r.PathPrefix("/assets/").Handler(assets.Handler())
	r.Path("/covers/{name}.svg").Methods(http.MethodGet, http.MethodHead).Handler(site.Compress(http.HandlerFunc(serveCover)))
	r.Path("/covers/{key:[0-9a-f]{64}}.jpg").Methods(http.MethodGet, http.MethodHead).Handler(pictures{cfg.Catalog})
	r.PathPrefix("/").Handler(s.Pages(areas))
	return httpserver.Wrap(s.WithHeaders(r), httpserver.Options{IgnoreCacheControl: true, MaxUpload: site.MaxUpload})
}
