// Package web puts the shop together: the areas' pages, and the files that they
// refer to.
package web

import (
	"io/fs"
	"net/http"

	"bookstore/assets"
	"bookstore/frontend/internal/account"
	"bookstore/frontend/internal/admin"
	"bookstore/frontend/internal/cart"
	"bookstore/frontend/internal/catalog"
	"bookstore/frontend/internal/checkout"
	"bookstore/frontend/internal/delivery"
	"bookstore/frontend/internal/info"
	"bookstore/frontend/internal/orders"
	"bookstore/frontend/internal/selling"
	"bookstore/frontend/internal/site"
	"bookstore/frontend/internal/sitemap"
	"bookstore/frontend/internal/ui"
	"bookstore/shared/httpserver"
	"bookstore/shared/i18n"

	"github.com/gorilla/mux"
)

// areas are the parts of the shop.
var areas = []site.Area{catalog.Area, account.Area, cart.Area, delivery.Area, checkout.Area, orders.Area, selling.Area, admin.Area, info.Area}

// words are the messages of all areas.
var words = i18n.MustLoad(messageFiles()...)

func messageFiles() []fs.FS {
	files := []fs.FS{ui.Messages, site.Messages}
	for _, area := range areas {
		files = append(files, area.Messages)
	}
	return files
}

// Words returns what the shop says in a language.
func Words(lang string) *i18n.Translator { return words.For(lang) }

// Config is what the shop works with.
type Config = site.Config

// New returns the web shop's handler.
func New(cfg Config) http.Handler {
	s := site.New(cfg, words, areas)
	r := mux.NewRouter()
	r.Use(httpserver.NameRoute)
	r.Path("/robots.txt").Methods(http.MethodGet, http.MethodHead).Handler(robots(s.Absolute(sitemap.IndexPath)))
	sitemap.New(cfg.Catalog, s.Absolute("")).Routes(r)
	r.PathPrefix("/assets/").Handler(assets.Handler())
	r.Path("/covers/{name}.svg").Methods(http.MethodGet, http.MethodHead).Handler(site.Compress(http.HandlerFunc(serveCover)))
	r.Path("/covers/{key:[0-9a-f]{64}}.jpg").Methods(http.MethodGet, http.MethodHead).Handler(pictures{cfg.Catalog})
	pages := s.Router()
	r.PathPrefix("/").Handler(s.Pages(pages))
	return httpserver.Wrap(s.WithHeaders(r), httpserver.Options{
		IgnoreCacheControl: true, MaxUpload: s.MaxUpload,
		Limits: cfg.Limits, Class: classOf, Clients: cfg.Clients, LimitClients: true, Refused: s.Refused(r),
		Routers: []*mux.Router{r, pages},
	})
}
