package api

import (
	"context"

	"bookstore/shared/i18n"
	"bookstore/shared/jsonapi"
	"bookstore/shared/shopapi"
	"bookstore/shopsvc/internal/shop"

	"github.com/danielgtaylor/huma/v2"
)

func (h *handler) registerOrders(api huma.API) {
	jsonapi.Handle(api, "POST /v1/orders", "place-order", "Place an order", h.placeOrder, jsonapi.Authenticated, jsonapi.Created)
	jsonapi.Handle(api, "GET /v1/orders", "list-orders", "List the caller's orders", h.listOrders, jsonapi.Authenticated)
	jsonapi.Handle(api, "GET /v1/orders/{id}", "get-order", "Show an order", h.getOrder, jsonapi.Authenticated)
	jsonapi.Handle(api, "POST /v1/orders/{id}/cancel", "cancel-order", "Call an order or a shipment off", h.cancelOrder, jsonapi.Authenticated)
	jsonapi.Handle(api, "GET /v1/admin/orders", "list-all-orders", "List everybody's orders (admins)", h.listAllOrders, jsonapi.Authenticated)
	jsonapi.Handle(api, "POST /v1/admin/orders/{id}/refunds", "refund-order", "Give money back (admins)", h.refundOrder, jsonapi.Authenticated, jsonapi.Created)
}

// OrderID is the path of an order.
type OrderID struct {
	ID string `path:"id" maxLength:"36" pattern:"^[A-Za-z0-9-]+$"`
}

// NewOrder is an order to be placed.
type NewOrder struct {
	Key      string `header:"Idempotency-Key" required:"true" minLength:"8" maxLength:"100" pattern:"^[!-~]+$"`
	Language string `header:"Accept-Language" doc:"in which the buyer is written to"`
	Body     shopapi.PlaceOrder
}

// Resolve implements huma.Resolver.
func (in *NewOrder) Resolve(huma.Context) []error {
	return jsonapi.Faults(fromPlaceOrder(in.Body).Address.Check())
}

func (h *handler) placeOrder(ctx context.Context, in *NewOrder) (*jsonapi.Body[shopapi.Order], error) {
	in.Body.Language = i18n.MatchAny(in.Language)
	order, err := h.shop.PlaceOrder(ctx, caller(ctx), in.Key, fromPlaceOrder(in.Body))
	return jsonapi.Answer(order, err, h.toOrder)
}

func (h *handler) listOrders(ctx context.Context, in *shopapi.OrderQuery) (*jsonapi.Body[shopapi.Orders], error) {
	orders, err := h.shop.Orders(ctx, caller(ctx), fromOrderQuery(*in))
	return jsonapi.Answer(orders, err, h.toOrders)
}

func (h *handler) listAllOrders(ctx context.Context, in *shopapi.OrderQuery) (*jsonapi.Body[shopapi.Orders], error) {
	orders, err := h.shop.AllOrders(ctx, caller(ctx), fromOrderQuery(*in))
	return jsonapi.Answer(orders, err, h.toOrders)
}

func (h *handler) getOrder(ctx context.Context, in *OrderID) (*jsonapi.Body[shopapi.Order], error) {
	order, events, err := h.shop.Order(ctx, caller(ctx), in.ID)
	return jsonapi.Answer(order, err, func(o *shop.Order) shopapi.Order { return h.toOrderWithEvents(o, events) })
}

func (h *handler) cancelOrder(ctx context.Context, in *struct {
	OrderID
	Body shopapi.Cancel
}) (*jsonapi.Body[shopapi.Order], error) {
	order, err := h.shop.Cancel(ctx, caller(ctx), in.ID, in.Body.ShipmentID, in.Body.Reason)
	return jsonapi.Answer(order, err, h.toOrder)
}

// NewRefund is money to be given back.
type NewRefund struct {
	OrderID
	jsonapi.IdempotencyKey
	Body shopapi.RefundInput
}

// Resolve implements huma.Resolver.
func (in *NewRefund) Resolve(huma.Context) []error { return jsonapi.Faults(in.request().Check()) }

func (in *NewRefund) request() shop.RefundRequest {
	return shop.RefundRequest{Key: in.Key, ShipmentID: in.Body.ShipmentID, Amount: in.Body.Amount, Note: in.Body.Reason}
}

func (h *handler) refundOrder(ctx context.Context, in *NewRefund) (*jsonapi.Body[shopapi.Order], error) {
	order, err := h.shop.Refund(ctx, caller(ctx), in.ID, in.request())
	return jsonapi.Answer(order, err, h.toOrder)
}
