package sandbox

import (
	"context"
	"errors"
	"fmt"

	"bookstore/shopsvc/internal/shop"
)

// Page returns the payment that the key of a PayPal page stands for. It
// returns shop.ErrPaymentNotFound.
func (g *Gateway) Page(ctx context.Context, pageKey string) (shop.PaymentPage, error) {
	c, err := g.charges.byPage(ctx, pageKey)
	if errors.Is(err, errNotFound) {
		return shop.PaymentPage{}, shop.ErrPaymentNotFound
	}
	if err != nil {
		return shop.PaymentPage{}, fmt.Errorf("read charge: %w", err)
	}
	return shop.PaymentPage{
		PaymentID: c.ID, OrderNumber: c.OrderNumber, Amount: c.Amount, Currency: c.Currency,
		State: paymentStates[c.State], ReturnURL: c.ReturnURL,
	}, nil
}

// Decide notes what the buyer decided on the page; the first decision counts.
// It returns shop.ErrPaymentNotFound.
func (g *Gateway) Decide(ctx context.Context, pageKey string, approved bool) (shop.PaymentPage, error) {
	to, reason := stateAuthorised, ""
	if !approved {
		to, reason = stateDeclined, reasonBuyerLeft
	}
	if err := g.charges.decidePage(ctx, pageKey, to, reason); err != nil {
		return shop.PaymentPage{}, fmt.Errorf("decide charge: %w", err)
	}
	return g.Page(ctx, pageKey)
}
