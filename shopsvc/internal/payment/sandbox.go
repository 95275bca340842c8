// Package payment holds the payment gateways. The sandbox takes test cards, a
// PayPal of its own and bank transfers, and keeps its own ledger, as a real
// gateway would: the shop knows only what the ledger answers.
package payment

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/url"
	"time"

	"bookstore/shared/sqldb"
	"bookstore/shopsvc/internal/shop"

	sq "github.com/Masterminds/squirrel"
)

// reasonBuyerLeft is why a redirected payment was declined.
const reasonBuyerLeft = "buyer_left"

// Sandbox is the gateway for development and tests. It is safe for concurrent
// use by any number of processes on the same database.
type Sandbox struct {
	db        *sqldb.DB
	publicURL string
	late      time.Duration
	clock     shop.Clock
}

// NewSandbox returns a sandbox whose ledger is in db and whose PayPal page is
// part of the web shop at publicURL. Cards that answer late take as long as late.
func NewSandbox(db *sqldb.DB, publicURL string, late time.Duration, clock shop.Clock) *Sandbox {
	return &Sandbox{db, publicURL, late, clock}
}

// Name implements shop.Gateway.
func (g *Sandbox) Name() string { return "sandbox" }

// Methods implements shop.Gateway.
func (g *Sandbox) Methods() (methods []shop.Method, hostedCard bool) {
	return []shop.Method{shop.MethodCard, shop.MethodPayPal, shop.MethodTransfer}, false
}

// Begin implements shop.Gateway.
func (g *Sandbox) Begin(ctx context.Context, c shop.Charge) (shop.Outcome, error) {
	does, err := g.behaviour(ctx, c)
	if err != nil {
		return shop.Outcome{}, err
	}
	row := charge{
		id: c.Key, orderNumber: c.OrderNumber, method: c.Method, amount: c.Amount, currency: c.Currency,
		state: does.state, lateState: does.late, reason: does.reason, refusesCapture: does.refusesCapture,
		returnURL: c.ReturnURL, createdAt: g.clock(),
	}
	if does.late != "" {
		row.readyAt = g.clock().Add(g.late)
	}
	if c.Method == shop.MethodPayPal {
		row.pageKey = rand.Text()
	}
	err = insertCharge(ctx, g.db.Writer(), row)
	if err != nil && !sqldb.IsDuplicate(err) {
		return shop.Outcome{}, fmt.Errorf("write charge: %w", err)
	}
	if err == nil && does.answersLate {
		if err := pause(ctx, g.late); err != nil {
			return shop.Outcome{}, err
		}
	}
	return g.Lookup(ctx, c.Key)
}

// behaviour returns what will happen to a charge.
func (g *Sandbox) behaviour(ctx context.Context, c shop.Charge) (behaviour, error) {
	switch c.Method {
	case shop.MethodPayPal:
		return behaviour{state: shop.PaymentRedirect}, nil
	case shop.MethodTransfer:
		return behaviour{state: shop.PaymentPending}, nil
	}
	does := behaviourOf(c.Card)
	if !does.onlyFirstTime {
		return does, nil
	}
	before, err := countCharges(ctx, g.db.Writer(), sq.Eq{"order_number": c.OrderNumber, "reason": does.reason})
	if err != nil {
		return does, fmt.Errorf("count earlier charges: %w", err)
	}
	if before > 0 {
		return pays, nil
	}
	return does, nil
}

// Lookup implements shop.Gateway.
func (g *Sandbox) Lookup(ctx context.Context, key string) (shop.Outcome, error) {
	c, err := readCharge(ctx, g.db.Writer(), sq.Eq{"id": key})
	if errors.Is(err, sqldb.ErrNotFound) {
		return shop.Outcome{State: shop.PaymentUnknown}, nil
	}
	if err != nil {
		return shop.Outcome{}, fmt.Errorf("read charge: %w", err)
	}
	if c.lateState != "" && !g.clock().Before(c.readyAt) {
		if err := g.ripen(ctx, c); err != nil {
			return shop.Outcome{}, err
		}
		return g.Lookup(ctx, key)
	}
	return g.outcome(c), nil
}

// ripen brings a charge that took its time to its decision.
func (g *Sandbox) ripen(ctx context.Context, c charge) error {
	_, err := sqldb.Exec(ctx, g.db.Writer(), sq.Update("sandbox_charges").
		Set("state", c.lateState).Set("late_state", "").
		Where(sq.Eq{"id": c.id, "state": c.state, "late_state": c.lateState}))
	if err != nil {
		return fmt.Errorf("decide late charge: %w", err)
	}
	return nil
}

func (g *Sandbox) outcome(c charge) shop.Outcome {
	out := shop.Outcome{State: c.state, Captured: c.captured}
	switch c.state {
	case shop.PaymentDeclined:
		out.Reason = c.reason
	case shop.PaymentRedirect:
		out.RedirectURL = g.publicURL + "/sandbox/paypal?key=" + url.QueryEscape(c.pageKey)
	}
	return out
}

// Capture implements shop.Gateway.
func (g *Sandbox) Capture(ctx context.Context, key string) (shop.Outcome, error) {
	_, err := sqldb.Exec(ctx, g.db.Writer(), sq.Update("sandbox_charges").
		Set("state", shop.PaymentCaptured).Set("captured", sq.Expr("amount")).
		Where(sq.Eq{"id": key, "state": shop.PaymentAuthorised, "refuses_capture": false}))
	if err != nil {
		return shop.Outcome{}, fmt.Errorf("capture charge: %w", err)
	}
	_, err = sqldb.Exec(ctx, g.db.Writer(), sq.Update("sandbox_charges").
		Set("state", shop.PaymentDeclined).Set("reason", shop.DeclinedCapture).
		Where(sq.Eq{"id": key, "state": shop.PaymentAuthorised, "refuses_capture": true}))
	if err != nil {
		return shop.Outcome{}, fmt.Errorf("refuse capture: %w", err)
	}
	return g.Lookup(ctx, key)
}

// Void implements shop.Gateway.
func (g *Sandbox) Void(ctx context.Context, key string) (shop.Outcome, error) {
	tombstone := charge{id: key, state: shop.PaymentVoided, createdAt: g.clock()}
	err := insertCharge(ctx, g.db.Writer(), tombstone)
	if err != nil && !sqldb.IsDuplicate(err) {
		return shop.Outcome{}, fmt.Errorf("remember voided charge: %w", err)
	}
	_, err = sqldb.Exec(ctx, g.db.Writer(), sq.Update("sandbox_charges").
		Set("state", shop.PaymentVoided).Set("late_state", "").
		Where(sq.Eq{"id": key}).
		Where(sq.NotEq{"state": []shop.PaymentState{shop.PaymentCaptured, shop.PaymentDeclined, shop.PaymentVoided}}))
	if err != nil {
		return shop.Outcome{}, fmt.Errorf("void charge: %w", err)
	}
	return g.Lookup(ctx, key)
}

// Refund implements shop.Gateway.
func (g *Sandbox) Refund(ctx context.Context, key, refundKey string, amount int64) error {
	err := g.db.Tx(ctx, func(ctx context.Context, tx *sqldb.Tx) error {
		n, err := sqldb.Exec(ctx, tx, sq.Update("sandbox_charges").
			Set("refunded", sq.Expr("refunded + ?", amount)).
			Where(sq.Eq{"id": key}).Where("refunded + ? <= captured", amount))
		if err != nil {
			return err
		}
		refused := n == 0
		_, err = sqldb.Exec(ctx, tx, sq.Insert("sandbox_refunds").
			Columns("id", "charge_id", "amount", "created_at").
			Values(refundKey, key, amount, sqldb.Micros(g.clock())))
		if err == nil && refused {
			return fmt.Errorf("more than was captured by charge %s", key)
		}
		return err
	})
	if sqldb.IsDuplicate(err) {
		return nil // paid before; this time nothing was
	}
	if err != nil {
		return fmt.Errorf("refund charge: %w", err)
	}
	return nil
}

// Receive implements shop.Gateway.
func (g *Sandbox) Receive(ctx context.Context, key string, amount int64) error {
	n, err := sqldb.Exec(ctx, g.db.Writer(), sq.Update("sandbox_charges").
		Set("state", shop.PaymentCaptured).Set("captured", amount).
		Where(sq.Eq{"id": key, "method": shop.MethodTransfer, "captured": 0}))
	if err != nil {
		return fmt.Errorf("book transfer: %w", err)
	}
	if n > 0 {
		return nil
	}
	c, err := readCharge(ctx, g.db.Writer(), sq.Eq{"id": key})
	if err != nil {
		return fmt.Errorf("read charge: %w", err)
	}
	if c.captured != amount {
		return shop.ErrPaymentState.With("state", string(c.state))
	}
	return nil
}

// pause waits like a slow gateway.
func pause(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("no answer in time: %w", ctx.Err())
	}
}
