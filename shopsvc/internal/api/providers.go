package api

import (
	"context"

	"bookstore/shared/jsonapi"
	"bookstore/shared/shopapi"
	"bookstore/shopsvc/internal/shop"

	"github.com/danielgtaylor/huma/v2"
)

func (h *handler) registerProviders(api huma.API) {
	jsonapi.Handle(api, "GET /v1/delivery-providers", "list-delivery-providers", "List delivery providers", h.listDeliveryProviders, jsonapi.MaybeAuthenticated)
	jsonapi.Handle(api, "GET /v1/delivery-providers/cheapest", "list-cheapest-deliveries", "Find each seller's cheapest delivery to a country", h.listCheapestDeliveries)
	jsonapi.Handle(api, "POST /v1/delivery-providers", "create-delivery-provider", "Add a delivery provider (admins)", h.createDeliveryProvider, jsonapi.Authenticated, jsonapi.Created)
	jsonapi.Handle(api, "PUT /v1/delivery-providers/{id}", "update-delivery-provider", "Change a delivery provider (admins)", h.updateDeliveryProvider, jsonapi.Authenticated)
	jsonapi.Handle(api, "DELETE /v1/delivery-providers/{id}", "delete-delivery-provider", "Remove a delivery provider (admins)", h.deleteDeliveryProvider, jsonapi.Authenticated)
}

// ProviderID is the path of a delivery provider.
type ProviderID struct {
	ID int64 `path:"id" minimum:"1"`
}

func (h *handler) listDeliveryProviders(ctx context.Context, _ *struct{}) (*jsonapi.Body[shopapi.DeliveryProviders], error) {
	providers, err := h.shop.Providers(ctx, caller(ctx))
	return jsonapi.Answer(providers, err, h.toProviders)
}

func (h *handler) listCheapestDeliveries(ctx context.Context, in *shopapi.DeliveryQuery) (*jsonapi.Body[shopapi.DeliveryQuotes], error) {
	quotes, err := h.shop.CheapestDeliveries(ctx, in.Country, in.SellerIDs)
	return jsonapi.Answer(quotes, err, func(quotes []shop.DeliveryQuote) shopapi.DeliveryQuotes {
		return shopapi.DeliveryQuotes{Country: in.Country, Items: h.toDeliveryQuotes(quotes)}
	})
}

// NewProvider is a delivery provider to be added.
type NewProvider struct {
	jsonapi.IdempotencyKey
	Body shopapi.DeliveryProviderInput
}

// Resolve implements huma.Resolver.
func (in *NewProvider) Resolve(huma.Context) []error { return providerFaults(in.Body) }

// ChangedProvider is a delivery provider to be replaced.
type ChangedProvider struct {
	ProviderID
	Body shopapi.DeliveryProviderInput
}

// Resolve implements huma.Resolver.
func (in *ChangedProvider) Resolve(huma.Context) []error { return providerFaults(in.Body) }

func providerFaults(in shopapi.DeliveryProviderInput) []error {
	p := fromProviderInput(0, in)
	if in.TrackingURL != nil {
		p.TrackingURL = *in.TrackingURL
	}
	return jsonapi.Faults(p.Check())
}

func (h *handler) createDeliveryProvider(ctx context.Context, in *NewProvider) (*jsonapi.Body[shopapi.DeliveryProvider], error) {
	provider, err := h.shop.CreateProvider(ctx, caller(ctx), in.Key, fromProviderInput(0, in.Body), in.Body.TrackingURL)
	return jsonapi.Answer(provider, err, h.toProvider)
}

func (h *handler) updateDeliveryProvider(ctx context.Context, in *ChangedProvider) (*jsonapi.Body[shopapi.DeliveryProvider], error) {
	provider, err := h.shop.UpdateProvider(ctx, caller(ctx), fromProviderInput(in.ID, in.Body), in.Body.TrackingURL)
	return jsonapi.Answer(provider, err, h.toProvider)
}

func (h *handler) deleteDeliveryProvider(ctx context.Context, in *ProviderID) (*struct{}, error) {
	return nil, h.shop.DeleteProvider(ctx, caller(ctx), in.ID)
}
