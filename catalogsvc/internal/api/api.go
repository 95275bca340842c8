// Package api answers catalogsvc's HTTP calls. Its contract is
// shared/catalogapi.
package api

import (
	"net/http"

	"bookstore/catalogsvc/internal/catalog"
	"bookstore/shared/httpserver"
	"bookstore/shared/jsonapi"
	"bookstore/shared/token"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gorilla/mux"
)

type handler struct {
	catalog  *catalog.Service
	covers   *catalog.Covers
	currency string
}

// Config is what the routes need besides the books.
type Config struct {
	Covers      *catalog.Covers
	Currency    string // of every price, ISO 4217
	ServiceKey  string // guards the routes under /internal
	Verifier    *token.Verifier
	Revocations *token.Revocations
}

// New returns the handler of all of catalogsvc's routes.
func New(service *catalog.Service, cfg Config) http.Handler {
	router := mux.NewRouter()
	api := jsonapi.New("Bookstore catalogue", router)
	api.OpenAPI().Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"token": {Type: "http", Scheme: "bearer", BearerFormat: "JWT"},
	}
	h := &handler{service, cfg.Covers, cfg.Currency}
	h.registerBooks(api)
	h.registerCovers(api, router)
	h.registerReservations(api)

	guarded := jsonapi.RequireServiceKey(cfg.ServiceKey)(token.Middleware(cfg.Verifier, cfg.Revocations)(router))
	return httpserver.Wrap(guarded, httpserver.Options{MaxBody: 256 << 10, MaxUpload: uploads})
}

// withToken are the operations that need an access token.
var withToken = []map[string][]string{{"token": {}}}

// answer is the body of an answer.
type answer[T any] struct{ Body T }

func answerWith[T any](body T) *answer[T] { return &answer[T]{body} }
