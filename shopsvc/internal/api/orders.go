package api

import (
	"context"
	"net/http"

	"bookstore/shared/page"
	"bookstore/shared/shopapi"
	"bookstore/shopsvc/internal/shop"

	"github.com/danielgtaylor/huma/v2"
)

func (h *handler) routeOrders(api huma.API) {
	huma.Register(api, op(http.MethodPost, "/v1/orders", "place-order", "Place an order"), h.placeOrder)
	huma.Register(api, op(http.MethodGet, "/v1/orders", "list-orders", "List the caller's orders"), h.orders)
	huma.Register(api, op(http.MethodGet, "/v1/orders/{id}", "get-order", "Show an order"), h.order)
	huma.Register(api, op(http.MethodPost, "/v1/orders/{id}/cancel", "cancel-order", "Call an order or a shipment off"), h.cancelOrder)
	huma.Register(api, op(http.MethodGet, "/v1/admin/orders", "list-all-orders", "List everybody's orders"), h.allOrders)
	huma.Register(api, op(http.MethodPost, "/v1/admin/orders/{id}/refunds", "refund-order", "Give money back"), h.refundOrder)
}

// OrderInput names an order.
type OrderInput struct {
	ID string `path:"id" maxLength:"36" pattern:"^[A-Za-z0-9-]+$"`
}

func (h *handler) placeOrder(ctx context.Context, in *struct {
	Key  string `header:"Idempotency-Key" required:"true" minLength:"8" maxLength:"100" pattern:"^[!-~]+$"`
	Body shopapi.PlaceOrder
}) (*body[shopapi.Order], error) {
	o, err := h.shop.PlaceOrder(ctx, caller(ctx), in.Key, placeOrder(in.Body))
	return h.orderAnswer(o, nil, err)
}

func (h *handler) orders(ctx context.Context, in *shopapi.OrderQuery) (*body[shopapi.Orders], error) {
	p, err := h.shop.Orders(ctx, caller(ctx), orderQuery(*in))
	return h.ordersAnswer(p, err)
}

func (h *handler) allOrders(ctx context.Context, in *shopapi.OrderQuery) (*body[shopapi.Orders], error) {
	p, err := h.shop.AllOrders(ctx, caller(ctx), orderQuery(*in))
	return h.ordersAnswer(p, err)
}

func (h *handler) order(ctx context.Context, in *OrderInput) (*body[shopapi.Order], error) {
	o, events, err := h.shop.Order(ctx, caller(ctx), in.ID)
	return h.orderAnswer(o, events, err)
}

func (h *handler) cancelOrder(ctx context.Context, in *struct {
	OrderInput
	Body shopapi.Cancel
}) (*body[shopapi.Order], error) {
	o, err := h.shop.Cancel(ctx, caller(ctx), in.ID, in.Body.ShipmentID, in.Body.Reason)
	return h.orderAnswer(o, nil, err)
}

func (h *handler) refundOrder(ctx context.Context, in *struct {
	OrderInput
	Key  string `header:"Idempotency-Key" maxLength:"100" doc:"the same again gives nothing more"`
	Body shopapi.RefundInput
}) (*body[shopapi.Order], error) {
	o, err := h.shop.Refund(ctx, caller(ctx), in.ID, shop.RefundRequest{
		Key: in.Key, ShipmentID: in.Body.ShipmentID, Amount: in.Body.Amount, Note: in.Body.Reason,
	})
	return h.orderAnswer(o, nil, err)
}

func (h *handler) orderAnswer(o *shop.Order, events []shop.Event, err error) (*body[shopapi.Order], error) {
	if err != nil {
		return nil, err
	}
	return answer(h.wireOrder(o, events)), nil
}

func (h *handler) ordersAnswer(p page.Page[*shop.Order], err error) (*body[shopapi.Orders], error) {
	if err != nil {
		return nil, err
	}
	return answer(page.Map(p, func(o *shop.Order) shopapi.Order { return h.wireOrder(o, nil) })), nil
}

func orderQuery(in shopapi.OrderQuery) shop.OrderQuery {
	return shop.OrderQuery{BuyerID: in.BuyerID, State: shop.State(in.State), Text: in.Q, Limit: in.Limit, Cursor: in.Cursor}
}

func placeOrder(in shopapi.PlaceOrder) shop.PlaceOrder {
	out := shop.PlaceOrder{Address: shop.Address(in.Address)}
	for _, l := range in.Lines {
		out.Lines = append(out.Lines, shop.PlaceLine{BookID: l.BookID, Quantity: l.Quantity, Price: l.Price})
	}
	for _, d := range in.Deliveries {
		out.Deliveries = append(out.Deliveries, shop.DeliveryChoice{SellerID: d.SellerID, ProviderID: d.ProviderID})
	}
	return out
}
