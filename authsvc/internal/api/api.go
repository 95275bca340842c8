// Package api answers authsvc's HTTP calls. Its contract is shared/authapi.
package api

import (
	"net/http"

	"bookstore/authsvc/internal/auth"
	"bookstore/shared/httpserver"
	"bookstore/shared/jsonapi"
	"bookstore/shared/token"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gorilla/mux"
)

type handler struct{ auth *auth.Service }

// New returns the handler of all of authsvc's routes. serviceKey guards those
// under /internal.
func New(service *auth.Service, issuer *token.Issuer, verifier *token.Verifier, serviceKey string) http.Handler {
	router := mux.NewRouter()
	router.Handle("/.well-known/jwks.json", serveKeySet(issuer)).Methods(http.MethodGet)
	api := jsonapi.New("Bookstore accounts", router)
	api.OpenAPI().Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"token": {Type: "http", Scheme: "bearer", BearerFormat: "JWT"},
	}
	h := &handler{service}
	h.registerSessions(api)
	h.registerUsers(api)
	h.registerAdmin(api)
	h.registerInternal(api)

	// The service asks its own database about sessions, which knows more than
	// the published revocations.
	guarded := jsonapi.RequireServiceKey(serviceKey)(token.Middleware(verifier, nil)(noStore(router)))
	return httpserver.Wrap(guarded, httpserver.Options{MaxBody: 64 << 10})
}

// noStore keeps every cache from what is said of accounts.
func noStore(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		next.ServeHTTP(w, r)
	})
}

// serveKeySet answers with the keys that verify access tokens.
func serveKeySet(issuer *token.Issuer) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/jwk-set+json")
		w.Header().Set("Cache-Control", "public, max-age=30")
		// A write fails only when the caller has gone.
		_, _ = w.Write(issuer.JWKS())
	})
}

// withToken are the operations that need an access token.
var withToken = []map[string][]string{{"token": {}}}

// with is the body of a request.
type with[T any] struct{ Body T }

// answer is the body of an answer.
type answer[T any] struct{ Body T }

func answerWith[T any](body T) *answer[T] { return &answer[T]{body} }
