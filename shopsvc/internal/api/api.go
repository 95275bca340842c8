// Package api serves the shop over HTTP as shopapi describes it.
package api

import (
	"context"
	"net/http"

	"bookstore/shared/httpserver"
	"bookstore/shared/jsonapi"
	"bookstore/shopsvc/internal/shop"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gorilla/mux"
)

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

// Gateways are what payment gateways need beside the calls of buyers. Those
// that are not at work are nil.
type Gateways struct {
	Sandbox Sandbox
	Stripe  Stripe
}

type handler struct {
	shop     *shop.Service
	gateways Gateways
	letters  Letters
}

// New returns the handler of all public paths. authenticate finds out who
// calls.
func New(s *shop.Service, gateways Gateways, letters Letters, authenticate func(http.Handler) http.Handler) http.Handler {
	router := mux.NewRouter()
	api := jsonapi.New("Bookstore: shop", router)
	h := &handler{s, gateways, letters}
	h.routeCarts(api)
	h.routeOrders(api)
	h.routePayments(api)
	h.routeSales(api)
	h.routeProviders(api)
	h.routeMails(api)
	return httpserver.Wrap(authenticate(router), httpserver.Options{SecretPaths: []string{"/v1/sandbox/paypal/"}})
}

// op describes an operation: what it does, in a few words, and where.
func op(method, path, id, summary string) huma.Operation {
	return huma.Operation{Method: method, Path: path, OperationID: id, Summary: summary}
}

// body is an answer with nothing but a body.
type body[T any] struct{ Body T }

func answer[T any](v T) *body[T] { return &body[T]{v} }
