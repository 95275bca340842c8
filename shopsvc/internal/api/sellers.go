package api

import (
	"context"

	"bookstore/shared/jsonapi"
	"bookstore/shared/shopapi"
	"bookstore/shopsvc/internal/shop"

	"github.com/danielgtaylor/huma/v2"
)

// registerSellers registers what authsvc calls. Who it is, the service key has
// proven.
func (h *handler) registerSellers(api huma.API) {
	jsonapi.Handle(api, "PUT /internal/sellers/{id}", "put-seller", "Say who sells", h.putSeller)
}

func (h *handler) putSeller(ctx context.Context, in *struct {
	ID   int64 `path:"id" minimum:"1"`
	Body shopapi.Seller
}) (*struct{}, error) {
	return nil, h.shop.PutSeller(ctx, shop.Seller{ID: in.ID, MaySell: in.Body.MaySell, Version: in.Body.Version})
}
