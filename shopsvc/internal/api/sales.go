package api

import (
	"context"

	"bookstore/shared/jsonapi"
	"bookstore/shared/shopapi"
	"bookstore/shopsvc/internal/shop"

	"github.com/danielgtaylor/huma/v2"
)

func (h *handler) registerSales(api huma.API) {
	jsonapi.Handle(api, "GET /v1/sales", "list-sales", "List the calling seller's sales", h.listSales, jsonapi.Authenticated)
	jsonapi.Handle(api, "GET /v1/sales/{id}", "get-sale", "Show a sale", h.getSale, jsonapi.Authenticated)
	jsonapi.Handle(api, "POST /v1/shipments/{id}/accept", "accept-shipment", "Say that a shipment is prepared", h.acceptShipment, jsonapi.Authenticated)
	jsonapi.Handle(api, "POST /v1/shipments/{id}/dispatch", "dispatch-shipment", "Say that a shipment is on its way", h.dispatchShipment, jsonapi.Authenticated)
	jsonapi.Handle(api, "POST /v1/shipments/{id}/deliver", "deliver-shipment", "Say that a shipment has arrived", h.deliverShipment, jsonapi.Authenticated)
	jsonapi.Handle(api, "POST /v1/shipments/{id}/reject", "reject-shipment", "Say that a shipment can't be sent", h.rejectShipment, jsonapi.Authenticated)
}

// ShipmentID is the path of a shipment.
type ShipmentID struct {
	ID string `path:"id" maxLength:"36" pattern:"^[A-Za-z0-9-]+$"`
}

func (h *handler) listSales(ctx context.Context, in *shopapi.SaleQuery) (*jsonapi.Body[shopapi.Sales], error) {
	sales, err := h.shop.Sales(ctx, caller(ctx), fromSaleQuery(*in))
	return jsonapi.Answer(sales, err, h.toSales)
}

func (h *handler) getSale(ctx context.Context, in *ShipmentID) (*jsonapi.Body[shopapi.Sale], error) {
	order, events, err := h.shop.Sale(ctx, caller(ctx), in.ID)
	return jsonapi.Answer(order, err, func(o *shop.Order) shopapi.Sale { return h.toSale(o, o.Shipment(in.ID), events) })
}

func (h *handler) acceptShipment(ctx context.Context, in *ShipmentID) (*jsonapi.Body[shopapi.Sale], error) {
	order, err := h.shop.Accept(ctx, caller(ctx), in.ID)
	return jsonapi.Answer(order, err, h.toSaleOf(in.ID))
}

func (h *handler) dispatchShipment(ctx context.Context, in *struct {
	ShipmentID
	Body shopapi.Dispatch
}) (*jsonapi.Body[shopapi.Sale], error) {
	order, err := h.shop.Dispatch(ctx, caller(ctx), in.ID, in.Body.TrackingNumber)
	return jsonapi.Answer(order, err, h.toSaleOf(in.ID))
}

func (h *handler) deliverShipment(ctx context.Context, in *ShipmentID) (*jsonapi.Body[shopapi.Sale], error) {
	order, err := h.shop.Deliver(ctx, caller(ctx), in.ID)
	return jsonapi.Answer(order, err, h.toSaleOf(in.ID))
}

func (h *handler) rejectShipment(ctx context.Context, in *struct {
	ShipmentID
	Body shopapi.Reject
}) (*jsonapi.Body[shopapi.Sale], error) {
	order, err := h.shop.Reject(ctx, caller(ctx), in.ID, in.Body.Reason, in.Body.Restock)
	return jsonapi.Answer(order, err, h.toSaleOf(in.ID))
}
