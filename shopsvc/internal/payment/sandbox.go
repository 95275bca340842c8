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

	"bookstore/shopsvc/internal/ledger"
	"bookstore/shopsvc/internal/shop"
)

// reasonBuyerLeft is why a redirected payment was declined.
const reasonBuyerLeft = "buyer_left"

// Ledger is where the sandbox remembers its charges, each change a guarded one.
type Ledger interface {
	Insert(ctx context.Context, c ledger.Charge) error
	Charge(ctx context.Context, id string) (ledger.Charge, error)
	ChargeOfPage(ctx context.Context, pageKey string) (ledger.Charge, error)
	CountDeclined(ctx context.Context, orderNumber, reason string) (int64, error)
	Decide(ctx context.Context, c ledger.Charge) error
	DecidePage(ctx context.Context, pageKey string, to ledger.State, reason string) error
	Capture(ctx context.Context, id, refused string) error
	Void(ctx context.Context, id string) error
	Receive(ctx context.Context, id, method string, amount int64) (first bool, err error)
	Refund(ctx context.Context, id, refundID string, amount int64, at time.Time) error
}

// Sandbox is the gateway for development and tests. It is safe for concurrent
// use by any number of processes on the same ledger.
type Sandbox struct {
	ledger    Ledger
	publicURL string
	late      time.Duration
	clock     shop.Clock
}

// NewSandbox returns a sandbox whose PayPal page is part of the web shop at
// publicURL. Cards that answer late take as long as late.
func NewSandbox(l Ledger, publicURL string, late time.Duration, clock shop.Clock) *Sandbox {
	return &Sandbox{l, publicURL, late, clock}
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
	line := ledger.Charge{
		ID: c.Key, OrderNumber: c.OrderNumber, Method: string(c.Method), Amount: c.Amount, Currency: c.Currency,
		State: does.state, LateState: does.late, Reason: does.reason, RefusesCapture: does.refusesCapture,
		ReturnURL: c.ReturnURL, CreatedAt: g.clock(),
	}
	if does.late != "" {
		line.ReadyAt = g.clock().Add(g.late)
	}
	if c.Method == shop.MethodPayPal {
		line.PageKey = rand.Text()
	}
	err = g.ledger.Insert(ctx, line)
	if err != nil && !errors.Is(err, ledger.ErrTaken) {
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
		return behaviour{state: ledger.Redirected}, nil
	case shop.MethodTransfer:
		return behaviour{state: ledger.Pending}, nil
	}
	does := behaviourOf(c.Card)
	if !does.onlyFirstTime {
		return does, nil
	}
	before, err := g.ledger.CountDeclined(ctx, c.OrderNumber, does.reason)
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
	c, err := g.ledger.Charge(ctx, key)
	if errors.Is(err, ledger.ErrNotFound) {
		return shop.Outcome{State: shop.PaymentUnknown}, nil
	}
	if err != nil {
		return shop.Outcome{}, fmt.Errorf("read charge: %w", err)
	}
	if c.LateState != "" && !g.clock().Before(c.ReadyAt) {
		if err := g.ledger.Decide(ctx, c); err != nil {
			return shop.Outcome{}, fmt.Errorf("decide late charge: %w", err)
		}
		return g.Lookup(ctx, key)
	}
	return g.outcome(c), nil
}

// paymentStates are the ledger's states in the shop's words.
var paymentStates = map[ledger.State]shop.PaymentState{
	ledger.Started:    shop.PaymentStarted,
	ledger.Redirected: shop.PaymentRedirect,
	ledger.Pending:    shop.PaymentPending,
	ledger.Authorised: shop.PaymentAuthorised,
	ledger.Captured:   shop.PaymentCaptured,
	ledger.Declined:   shop.PaymentDeclined,
	ledger.Voided:     shop.PaymentVoided,
}

func (g *Sandbox) outcome(c ledger.Charge) shop.Outcome {
	out := shop.Outcome{State: paymentStates[c.State], Captured: c.Captured}
	switch c.State {
	case ledger.Declined:
		out.Reason = c.Reason
	case ledger.Redirected:
		out.RedirectURL = g.publicURL + "/sandbox/paypal?key=" + url.QueryEscape(c.PageKey)
	}
	return out
}

// Capture implements shop.Gateway.
func (g *Sandbox) Capture(ctx context.Context, key string) (shop.Outcome, error) {
	if err := g.ledger.Capture(ctx, key, shop.DeclinedCapture); err != nil {
		return shop.Outcome{}, fmt.Errorf("capture charge: %w", err)
	}
	return g.Lookup(ctx, key)
}

// Void implements shop.Gateway.
func (g *Sandbox) Void(ctx context.Context, key string) (shop.Outcome, error) {
	tombstone := ledger.Charge{ID: key, State: ledger.Voided, CreatedAt: g.clock()}
	err := g.ledger.Insert(ctx, tombstone)
	if err != nil && !errors.Is(err, ledger.ErrTaken) {
		return shop.Outcome{}, fmt.Errorf("remember voided charge: %w", err)
	}
	if err := g.ledger.Void(ctx, key); err != nil {
		return shop.Outcome{}, fmt.Errorf("void charge: %w", err)
	}
	return g.Lookup(ctx, key)
}

// Refund implements shop.Gateway.
func (g *Sandbox) Refund(ctx context.Context, key, refundKey string, amount int64) error {
	err := g.ledger.Refund(ctx, key, refundKey, amount, g.clock())
	if err != nil && !errors.Is(err, ledger.ErrTaken) {
		return fmt.Errorf("refund charge: %w", err)
	}
	return nil
}

// Receive implements shop.Gateway.
func (g *Sandbox) Receive(ctx context.Context, key string, amount int64) error {
	first, err := g.ledger.Receive(ctx, key, string(shop.MethodTransfer), amount)
	if err != nil {
		return fmt.Errorf("book transfer: %w", err)
	}
	if first {
		return nil
	}
	c, err := g.ledger.Charge(ctx, key)
	if err != nil {
		return fmt.Errorf("read charge: %w", err)
	}
	if c.Captured != amount {
		return shop.ErrPaymentState.With("state", string(c.State))
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
