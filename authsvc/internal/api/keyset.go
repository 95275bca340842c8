package api

import (
	"net/http"

	"github.com/gorilla/mux"
)

// registerKeySet registers the key set as a plain handler: its media type is
// not JSON's own.
func (h *handler) registerKeySet(router *mux.Router) {
	router.Path("/.well-known/jwks.json").Methods(http.MethodGet).HandlerFunc(h.getKeySet)
}

// getKeySet answers with the keys that verify access tokens.
func (h *handler) getKeySet(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/jwk-set+json")
	w.Header().Set("Cache-Control", "public, max-age=30")
	// A write fails only when the caller has gone.
	_, _ = w.Write(h.issuer.JWKS())
}
