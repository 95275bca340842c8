package api

import (
	"testing"

	"bookstore/shared/jsonapi/jsonapitest"
	"bookstore/shared/shopapi"
	"bookstore/shopsvc/internal/sandbox"
	"bookstore/shopsvc/internal/stripe"
)

func TestTheContractListsAllRoutes(t *testing.T) {
	gateways := Gateways{Sandbox: &sandbox.Gateway{}, Stripe: &stripe.Gateway{}}
	jsonapitest.CheckRoutes(t, newRouter(nil, Config{Gateways: gateways}), shopapi.DocumentPath, shopapi.Prefixes)
}
