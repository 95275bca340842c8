package api

import (
	"context"

	"bookstore/shared/jsonapi"
	"bookstore/shared/shopapi"
	"bookstore/shopsvc/internal/shop"

	"github.com/danielgtaylor/huma/v2"
)

func (h *handler) registerCarts(api huma.API) {
	jsonapi.Handle(api, "GET /v1/cart", "get-cart", "Show the caller's cart", h.getCart, jsonapi.MaybeAuthenticated)
	jsonapi.Handle(api, "GET /v1/cart/count", "count-cart", "Count the copies in the caller's cart", h.countCart, jsonapi.MaybeAuthenticated)
	jsonapi.Handle(api, "POST /v1/cart/merge", "merge-cart", "Move a guest's cart into the caller's", h.mergeCart, jsonapi.Authenticated)
	jsonapi.Handle(api, "PUT /v1/cart/lines/{book_id}", "set-cart-line", "Put copies of a book into the cart", h.setCartLine, jsonapi.MaybeAuthenticated)
	jsonapi.Handle(api, "DELETE /v1/cart/lines/{book_id}", "remove-cart-line", "Take a book out of the cart", h.removeCartLine, jsonapi.MaybeAuthenticated)
}

// CartToken says which cart is a guest's.
type CartToken struct {
	Token string `header:"Cart-Token" minLength:"16" maxLength:"100" pattern:"^[A-Za-z0-9_-]+$"`
}

// caller returns who calls, with the token of a guest.
func (in CartToken) caller(ctx context.Context) shop.Caller {
	who := caller(ctx)
	who.CartToken = in.Token
	return who
}

// Destination says where the books of a cart are to be sent, for the costs.
type Destination struct {
	Country string `header:"Delivery-Country" maxLength:"2" doc:"ISO 3166-1 alpha-2; the answer then has the cheapest deliveries to there"`
}

// quoted returns what converts a cart with the deliveries to the destination.
func (h *handler) quoted(ctx context.Context, to Destination) func(shop.PricedCart) shopapi.Cart {
	return func(c shop.PricedCart) shopapi.Cart { return h.toCart(h.shop.Quoted(ctx, c, to.Country)) }
}

func (h *handler) getCart(ctx context.Context, in *struct {
	CartToken
	Destination
}) (*jsonapi.Body[shopapi.Cart], error) {
	cart, err := h.shop.Cart(ctx, in.caller(ctx))
	return jsonapi.Answer(cart, err, h.quoted(ctx, in.Destination))
}

func (h *handler) countCart(ctx context.Context, in *CartToken) (*jsonapi.Body[shopapi.CartCount], error) {
	n, err := h.shop.CountCart(ctx, in.caller(ctx))
	return jsonapi.Answer(n, err, toCartCount)
}

func (h *handler) mergeCart(ctx context.Context, in *jsonapi.Body[shopapi.MergeCart]) (*jsonapi.Body[shopapi.Cart], error) {
	cart, err := h.shop.MergeCart(ctx, caller(ctx), in.Body.CartToken)
	return jsonapi.Answer(cart, err, h.toCart)
}

func (h *handler) setCartLine(ctx context.Context, in *struct {
	CartToken
	Destination
	BookID int64 `path:"book_id" minimum:"1"`
	Body   shopapi.SetCartLine
}) (*jsonapi.Body[shopapi.Cart], error) {
	cart, err := h.shop.SetCartLine(ctx, in.caller(ctx), in.BookID, in.Body.Quantity, in.Body.Add)
	return jsonapi.Answer(cart, err, h.quoted(ctx, in.Destination))
}

func (h *handler) removeCartLine(ctx context.Context, in *struct {
	CartToken
	Destination
	BookID int64 `path:"book_id" minimum:"1"`
}) (*jsonapi.Body[shopapi.Cart], error) {
	cart, err := h.shop.RemoveCartLine(ctx, in.caller(ctx), in.BookID)
	return jsonapi.Answer(cart, err, h.quoted(ctx, in.Destination))
}
