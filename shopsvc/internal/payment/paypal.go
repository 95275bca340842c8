package payment

import (
	"context"
	"errors"
	"fmt"

	"bookstore/shopsvc/internal/ledger"
	"bookstore/shopsvc/internal/shop"
)

// Page returns the payment that the key of a PayPal page stands for. It
// returns shop.ErrPaymentNotFound.
func (g *Sandbox) Page(ctx context.Context, pageKey string) (shop.PaymentPage, error) {
	c, err := g.ledger.ChargeOfPage(ctx, pageKey)
	if errors.Is(err, ledger.ErrNotFound) {
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
func (g *Sandbox) Decide(ctx context.Context, pageKey string, approved bool) (shop.PaymentPage, error) {
	to, reason := ledger.Authorised, ""
	if !approved {
		to, reason = ledger.Declined, reasonBuyerLeft
	}
	if err := g.ledger.DecidePage(ctx, pageKey, to, reason); err != nil {
		return shop.PaymentPage{}, fmt.Errorf("decide charge: %w", err)
	}
	return g.Page(ctx, pageKey)
}
