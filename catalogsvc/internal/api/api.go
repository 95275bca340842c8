// Package api answers catalogsvc's HTTP calls. Its contract is
// shared/catalogapi.
package api

import (
	"net/http"

	"bookstore/catalogsvc/internal/catalog"
	"bookstore/shared/catalogapi"
	"bookstore/shared/httpserver"
	"bookstore/shared/jsonapi"
	"bookstore/shared/token"

	"github.com/gorilla/mux"
)

// Config is what the routes need besides the books.
type Config struct {
	Covers      *catalog.Covers
	Currency    string // of every price, ISO 4217
	ServiceKey  string // guards the routes under /internal
	Limits      httpserver.Limits
	Clients     httpserver.Clients
	Verifier    *token.Verifier
	Revocations *token.Revocations
	AllowReset  bool // admins may take all listings off at once
}

type handler struct {
	catalog    *catalog.Service
	covers     *catalog.Covers
	currency   string
	allowReset bool
}

// New returns the handler of all of catalogsvc's routes.
func New(service *catalog.Service, cfg Config) http.Handler {
	router := newRouter(service, cfg)
	guarded := jsonapi.RequireServiceKey(cfg.ServiceKey)(token.Middleware(cfg.Verifier, cfg.Revocations)(router))
	return httpserver.Wrap(guarded, httpserver.Options{
		Limits: cfg.Limits, Class: classOf, Clients: cfg.Clients, ServiceKey: cfg.ServiceKey,
		MaxBody: 256 << 10, MaxUpload: uploads, Routers: []*mux.Router{router},
	})
}

func newRouter(service *catalog.Service, cfg Config) *mux.Router {
	router := mux.NewRouter()
	api := jsonapi.New("Bookstore catalog", catalogapi.DocumentPath, router)
	h := &handler{service, cfg.Covers, cfg.Currency, cfg.AllowReset}
	h.registerBooks(api)
	h.registerCovers(api, router)
	h.registerReservations(api)
	h.registerSellers(api)
	return router
}
