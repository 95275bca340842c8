package api

import (
	"context"
	"net/http"

	"bookstore/shared/money"
	"bookstore/shared/shopapi"
	"bookstore/shopsvc/internal/shop"

	"github.com/danielgtaylor/huma/v2"
)

func (h *handler) routeCarts(api huma.API) {
	huma.Register(api, op(http.MethodGet, "/v1/cart", "get-cart", "Show the caller's cart"), h.cart)
	huma.Register(api, op(http.MethodGet, "/v1/cart/count", "count-cart", "Count the copies in the caller's cart"), h.cartCount)
	huma.Register(api, op(http.MethodPost, "/v1/cart/merge", "merge-cart", "Move a guest's cart into the caller's"), h.mergeCart)
	huma.Register(api, op(http.MethodPut, "/v1/cart/lines/{book_id}", "set-cart-line", "Put copies of a book into the cart"), h.setCartLine)
	huma.Register(api, op(http.MethodDelete, "/v1/cart/lines/{book_id}", "remove-cart-line", "Take a book out of the cart"), h.removeCartLine)
}

// CartInput says whose cart it is.
type CartInput struct {
	Token string `header:"Cart-Token" minLength:"16" maxLength:"100" pattern:"^[A-Za-z0-9_-]+$"`
}

func (in CartInput) owner(ctx context.Context) shop.CartOwner {
	return shop.OwnerOf(caller(ctx), in.Token)
}

func (h *handler) cart(ctx context.Context, in *CartInput) (*body[shopapi.Cart], error) {
	c, err := h.shop.Cart(ctx, in.owner(ctx))
	return h.cartAnswer(c, err)
}

func (h *handler) cartCount(ctx context.Context, in *CartInput) (*body[shopapi.CartCount], error) {
	n, err := h.shop.CountCart(ctx, in.owner(ctx))
	if err != nil {
		return nil, err
	}
	return answer(shopapi.CartCount{Count: n}), nil
}

func (h *handler) mergeCart(ctx context.Context, in *struct{ Body shopapi.MergeCart }) (*body[shopapi.Cart], error) {
	c, err := h.shop.MergeCart(ctx, caller(ctx), shop.Guest(in.Body.CartToken))
	return h.cartAnswer(c, err)
}

func (h *handler) setCartLine(ctx context.Context, in *struct {
	CartInput
	BookID int64 `path:"book_id" minimum:"1"`
	Body   shopapi.SetCartLine
}) (*body[shopapi.Cart], error) {
	c, err := h.shop.SetCartLine(ctx, in.owner(ctx), in.BookID, in.Body.Quantity, in.Body.Add)
	return h.cartAnswer(c, err)
}

func (h *handler) removeCartLine(ctx context.Context, in *struct {
	CartInput
	BookID int64 `path:"book_id" minimum:"1"`
}) (*body[shopapi.Cart], error) {
	c, err := h.shop.RemoveCartLine(ctx, in.owner(ctx), in.BookID)
	return h.cartAnswer(c, err)
}

func (h *handler) cartAnswer(c shop.PricedCart, err error) (*body[shopapi.Cart], error) {
	if err != nil {
		return nil, err
	}
	currency := h.shop.Currency()
	out := shopapi.Cart{CheckoutKey: c.Key, Lines: []shopapi.CartLine{}, Count: c.Count, Subtotal: money.New(c.Subtotal, currency)}
	for _, l := range c.Priced {
		price := money.New(l.Book.Price, currency)
		out.Lines = append(out.Lines, shopapi.CartLine{
			BookID: l.BookID, Title: l.Book.Title, Authors: nonNil(l.Book.Authors), Condition: l.Book.Condition, Cover: l.Book.Cover,
			SellerID: l.Book.SellerID, SellerName: l.Book.SellerName, Price: price,
			Quantity: l.Quantity, Total: price.Times(l.Quantity), Available: l.Book.Stock, Problem: l.Problem,
		})
	}
	return answer(out), nil
}

// nonNil returns items as JSON's empty list rather than its null.
func nonNil[T any](items []T) []T {
	if items == nil {
		return []T{}
	}
	return items
}
