package api

import (
	"context"
	"net/http"

	"bookstore/shared/page"
	"bookstore/shared/shopapi"
	"bookstore/shopsvc/internal/shop"

	"github.com/danielgtaylor/huma/v2"
)

func (h *handler) routeSales(api huma.API) {
	huma.Register(api, op(http.MethodGet, "/v1/sales", "list-sales", "List the calling seller's sales"), h.sales)
	huma.Register(api, op(http.MethodGet, "/v1/sales/{id}", "get-sale", "Show a sale"), h.sale)
	huma.Register(api, op(http.MethodPost, "/v1/shipments/{id}/accept", "accept-shipment", "Say that a shipment is prepared"), h.accept)
	huma.Register(api, op(http.MethodPost, "/v1/shipments/{id}/dispatch", "dispatch-shipment", "Say that a shipment is on its way"), h.dispatch)
	huma.Register(api, op(http.MethodPost, "/v1/shipments/{id}/deliver", "deliver-shipment", "Say that a shipment has arrived"), h.deliver)
	huma.Register(api, op(http.MethodPost, "/v1/shipments/{id}/reject", "reject-shipment", "Say that a shipment can't be sent"), h.reject)
}

// ShipmentInput names a shipment.
type ShipmentInput struct {
	ID string `path:"id" maxLength:"36" pattern:"^[A-Za-z0-9-]+$"`
}

func (h *handler) sales(ctx context.Context, in *shopapi.SaleQuery) (*body[shopapi.Sales], error) {
	p, err := h.shop.Sales(ctx, caller(ctx), shop.SaleQuery{State: shop.ShipmentState(in.State), Limit: in.Limit, Cursor: in.Cursor})
	if err != nil {
		return nil, err
	}
	return answer(page.Map(p, func(o *shop.Order) shopapi.Sale { return sale(o, o.Shipments[0], nil) })), nil
}

func (h *handler) sale(ctx context.Context, in *ShipmentInput) (*body[shopapi.Sale], error) {
	o, events, err := h.shop.Sale(ctx, caller(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	return answer(sale(o, o.Shipment(in.ID), events)), nil
}

func (h *handler) accept(ctx context.Context, in *ShipmentInput) (*body[shopapi.Sale], error) {
	o, err := h.shop.Accept(ctx, caller(ctx), in.ID)
	return saleAnswer(o, in.ID, err)
}

func (h *handler) dispatch(ctx context.Context, in *struct {
	ShipmentInput
	Body shopapi.Dispatch
}) (*body[shopapi.Sale], error) {
	o, err := h.shop.Dispatch(ctx, caller(ctx), in.ID, in.Body.TrackingNumber)
	return saleAnswer(o, in.ID, err)
}

func (h *handler) deliver(ctx context.Context, in *ShipmentInput) (*body[shopapi.Sale], error) {
	o, err := h.shop.Deliver(ctx, caller(ctx), in.ID)
	return saleAnswer(o, in.ID, err)
}

func (h *handler) reject(ctx context.Context, in *struct {
	ShipmentInput
	Body shopapi.Reject
}) (*body[shopapi.Sale], error) {
	o, err := h.shop.Reject(ctx, caller(ctx), in.ID, in.Body.Reason, in.Body.Restock)
	return saleAnswer(o, in.ID, err)
}

func saleAnswer(o *shop.Order, shipmentID string, err error) (*body[shopapi.Sale], error) {
	if err != nil {
		return nil, err
	}
	return answer(sale(o, o.Shipment(shipmentID), nil)), nil
}
