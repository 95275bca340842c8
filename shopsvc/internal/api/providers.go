package api

import (
	"context"
	"net/http"

	"bookstore/shared/money"
	"bookstore/shared/shopapi"
	"bookstore/shopsvc/internal/shop"

	"github.com/danielgtaylor/huma/v2"
)

func (h *handler) routeProviders(api huma.API) {
	huma.Register(api, op(http.MethodGet, "/v1/delivery-providers", "list-delivery-providers", "List delivery providers"), h.providers)
	create := op(http.MethodPost, "/v1/delivery-providers", "create-delivery-provider", "Add a delivery provider")
	create.DefaultStatus = http.StatusCreated
	huma.Register(api, create, h.createProvider)
	huma.Register(api, op(http.MethodPut, "/v1/delivery-providers/{id}", "update-delivery-provider", "Change a delivery provider"), h.updateProvider)
	huma.Register(api, op(http.MethodDelete, "/v1/delivery-providers/{id}", "delete-delivery-provider", "Remove a delivery provider"), h.deleteProvider)
}

// ProviderInput names a delivery provider.
type ProviderInput struct {
	ID int64 `path:"id" minimum:"1"`
}

func (h *handler) providers(ctx context.Context, _ *struct{}) (*body[shopapi.DeliveryProviders], error) {
	all, err := h.shop.Providers(ctx, caller(ctx))
	if err != nil {
		return nil, err
	}
	out := shopapi.DeliveryProviders{HomeCountry: h.shop.HomeCountry(), Items: []shopapi.DeliveryProvider{}}
	for _, p := range all {
		out.Items = append(out.Items, h.provider(p))
	}
	return answer(out), nil
}

func (h *handler) createProvider(ctx context.Context, in *struct{ Body shopapi.DeliveryProviderInput }) (*body[shopapi.DeliveryProvider], error) {
	p, err := h.shop.CreateProvider(ctx, caller(ctx), fromInput(0, in.Body))
	return h.providerAnswer(p, err)
}

func (h *handler) updateProvider(ctx context.Context, in *struct {
	ProviderInput
	Body shopapi.DeliveryProviderInput
}) (*body[shopapi.DeliveryProvider], error) {
	p, err := h.shop.UpdateProvider(ctx, caller(ctx), fromInput(in.ID, in.Body))
	return h.providerAnswer(p, err)
}

func (h *handler) deleteProvider(ctx context.Context, in *ProviderInput) (*struct{}, error) {
	return nil, h.shop.DeleteProvider(ctx, caller(ctx), in.ID)
}

func (h *handler) providerAnswer(p shop.Provider, err error) (*body[shopapi.DeliveryProvider], error) {
	if err != nil {
		return nil, err
	}
	return answer(h.provider(p)), nil
}

func (h *handler) provider(p shop.Provider) shopapi.DeliveryProvider {
	return shopapi.DeliveryProvider{
		ID: p.ID, Name: p.Name, Coverage: string(p.Coverage), Cost: money.New(p.Cost, h.shop.Currency()), Active: p.Active,
	}
}

func fromInput(id int64, in shopapi.DeliveryProviderInput) shop.Provider {
	return shop.Provider{ID: id, Name: in.Name, Coverage: shop.Coverage(in.Coverage), Cost: in.Cost, Active: in.Active}
}
