// Package api answers shopsvc's HTTP calls. Its contract is shared/shopapi.
package api

import (
	"context"
	"net/http"

	"bookstore/shared/httpserver"
	"bookstore/shared/jsonapi"
	"bookstore/shared/shopapi"
	"bookstore/shared/token"
	"bookstore/shopsvc/internal/shop"

	"github.com/gorilla/mux"
)

// Config is what the routes need besides the shop.
type Config struct {
	Mails       Mails
	Audit       AuditLog
	Gateways    Gateways
	ServiceKey  string // guards the routes under /internal
	Limits      httpserver.Limits
	Clients     httpserver.Clients
	Verifier    *token.Verifier
	Revocations *token.Revocations
}

// Gateways are what payment gateways need besides the calls of buyers. Those
// that are not at work are nil.
type Gateways struct {
	Sandbox Sandbox
	Stripe  Stripe
}

// Sandbox is what the sandbox's PayPal page calls.
type Sandbox interface {
	Page(ctx context.Context, pageKey string) (shop.PaymentPage, error)
	Decide(ctx context.Context, pageKey string, approved bool) (shop.PaymentPage, error)
}

// Stripe reads Stripe's call-backs.
type Stripe interface {
	// TakeEvent calls decided with the payment that a signed call-back is about,
	// unless it was taken before. It returns shop.ErrBadSignature.
	TakeEvent(ctx context.Context, body []byte, signature string, decided func(ctx context.Context, paymentID string) error) error
}

type handler struct {
	shop     *shop.Service
	mails    Mails
	audit    AuditLog
	gateways Gateways

	sendsMail bool
}

// New returns the handler of all of shopsvc's routes.
func New(service *shop.Service, cfg Config) http.Handler {
	router := newRouter(service, cfg)
	guarded := jsonapi.RequireServiceKey(cfg.ServiceKey)(token.Middleware(cfg.Verifier, cfg.Revocations)(router))
	return httpserver.Wrap(guarded, httpserver.Options{
		Limits: cfg.Limits, Class: classOf, Clients: cfg.Clients, ServiceKey: cfg.ServiceKey,
		SecretPaths: []string{"/v1/sandbox/paypal/"}, Routers: []*mux.Router{router},
	})
}

func newRouter(service *shop.Service, cfg Config) *mux.Router {
	router := mux.NewRouter()
	api := jsonapi.New("Bookstore shop", shopapi.DocumentPath, router)
	h := &handler{service, cfg.Mails, cfg.Audit, cfg.Gateways, cfg.Mails != nil && cfg.Mails.Sends()}
	h.registerCarts(api)
	h.registerOrders(api)
	h.registerPayments(api)
	h.registerSales(api)
	h.registerProviders(api)
	h.registerLedger(api)
	h.registerMails(api)
	h.registerAudit(api)
	h.registerSellers(api)
	return router
}
