package api

import (
	"context"

	"bookstore/shared/catalogapi"
	"bookstore/shared/jsonapi"

	"github.com/danielgtaylor/huma/v2"
)

// registerSellers registers what authsvc calls. Who it is, the service key has
// proven.
func (h *handler) registerSellers(api huma.API) {
	jsonapi.Handle(api, "PUT /internal/sellers/{id}", "put-seller", "Say who sells, and under which name", h.putSeller)
}

func (h *handler) putSeller(ctx context.Context, in *struct {
	ID   int64 `path:"id" minimum:"1"`
	Body catalogapi.Seller
}) (*struct{}, error) {
	return nil, h.catalog.PutSeller(ctx, fromSeller(in.ID, in.Body))
}
