// Package api answers authsvc's HTTP calls. Its contract is shared/authapi.
package api

import (
	"net/http"

	"bookstore/authsvc/internal/auth"
	"bookstore/shared/authapi"
	"bookstore/shared/httpserver"
	"bookstore/shared/jsonapi"
	"bookstore/shared/token"

	"github.com/gorilla/mux"
)

// Config is what the routes need besides the accounts.
type Config struct {
	Mails       Mails
	Audit       AuditLog
	Issuer      *token.Issuer
	ServiceKey  string // guards the routes under /internal
	Limits      httpserver.Limits
	Clients     httpserver.Clients
	Verifier    *token.Verifier
	Revocations *token.Revocations // nil: the accounts know more of sessions than is published
}

type handler struct {
	auth   *auth.Service
	mails  Mails
	audit  AuditLog
	issuer *token.Issuer

	clients httpserver.Clients
}

// New returns the handler of all of authsvc's routes.
func New(service *auth.Service, cfg Config) http.Handler {
	router := newRouter(service, cfg)
	guarded := jsonapi.RequireServiceKey(cfg.ServiceKey)(token.Middleware(cfg.Verifier, cfg.Revocations)(noStore(router)))
	return httpserver.Wrap(guarded, httpserver.Options{
		Limits: cfg.Limits, Class: classOf, Clients: cfg.Clients, ServiceKey: cfg.ServiceKey,
		MaxBody: 64 << 10, Routers: []*mux.Router{router},
	})
}

func newRouter(service *auth.Service, cfg Config) *mux.Router {
	router := mux.NewRouter()
	api := jsonapi.New("Bookstore accounts", authapi.DocumentPath, router)
	h := &handler{service, cfg.Mails, cfg.Audit, cfg.Issuer, cfg.Clients}
	h.registerKeySet(router)
	h.registerSessions(api)
	h.registerUsers(api)
	h.registerResets(api)
	h.registerMails(api)
	h.registerAudit(api)
	h.registerAdmin(api)
	h.registerInternal(api)
	return router
}

// noStore keeps every cache from what is said of accounts.
func noStore(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Cache-Control", "no-store")
		next.ServeHTTP(w, r)
	})
}
