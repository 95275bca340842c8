package payment

import (
	"context"
	"errors"
	"fmt"

	"bookstore/shared/sqldb"
	"bookstore/shopsvc/internal/shop"

	sq "github.com/Masterminds/squirrel"
)

// PayPal is a payment as the sandbox's PayPal page shows it.
type PayPal struct {
	PaymentID   string
	OrderNumber string
	Amount      int64 // minor units
	Currency    string
	State       shop.PaymentState // PaymentRedirect until the buyer has decided
	ReturnURL   string
}

// PayPal returns the payment that a page's key stands for. It returns
// shop.ErrPaymentNotFound.
func (g *Sandbox) PayPal(ctx context.Context, pageKey string) (PayPal, error) {
	c, err := readCharge(ctx, g.db.Writer(), sq.Eq{"page_key": pageKey})
	if errors.Is(err, sqldb.ErrNotFound) {
		return PayPal{}, shop.ErrPaymentNotFound
	}
	if err != nil {
		return PayPal{}, fmt.Errorf("read charge: %w", err)
	}
	return PayPal{c.id, c.orderNumber, c.amount, c.currency, c.state, c.returnURL}, nil
}

// Decide notes what the buyer decided on the page; the first decision counts.
// It returns shop.ErrPaymentNotFound.
func (g *Sandbox) Decide(ctx context.Context, pageKey string, approved bool) (PayPal, error) {
	to, reason := shop.PaymentAuthorised, ""
	if !approved {
		to, reason = shop.PaymentDeclined, reasonBuyerLeft
	}
	_, err := sqldb.Exec(ctx, g.db.Writer(), sq.Update("sandbox_charges").
		Set("state", to).Set("reason", reason).
		Where(sq.Eq{"page_key": pageKey, "state": shop.PaymentRedirect}))
	if err != nil {
		return PayPal{}, fmt.Errorf("decide charge: %w", err)
	}
	return g.PayPal(ctx, pageKey)
}
