// Package payment holds the payment gateways. The sandbox takes test cards, a
// PayPal of its own and bank transfers, and keeps its own ledger, as a real
// gateway would: the shop knows only what the ledger answers.
package sandbox

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"net/url"
	"time"

	"bookstore/shared/shopapi"
	"bookstore/shared/sqldb"
	"bookstore/shopsvc/internal/shop"
)

// reasonBuyerLeft is why a redirected payment was declined.
const reasonBuyerLeft = shopapi.DeclinedBuyerLeft

// Gateway is the sandbox as a shop.Gateway. It is safe for concurrent use by
// any number of processes on the same database.
type Gateway struct {
	charges   chargeStore
	publicURL string
	late      time.Duration
	clock     shop.Clock
}

// New returns a gateway that keeps its charges in db, in the tables that the
// migrations of package store describe. Its PayPal page is part of the web shop
// at publicURL. Cards that answer late take as long as late.
func New(db *sqldb.DB, publicURL string, late time.Duration, clock shop.Clock) *Gateway {
	return &Gateway{chargeStore{db}, publicURL, late, clock}
}

// Name implements shop.Gateway.
func (g *Gateway) Name() string { return "sandbox" }

// Methods implements shop.Gateway.
func (g *Gateway) Methods() (methods []shop.Method, hostedCard bool) {
	return []shop.Method{shop.MethodCard, shop.MethodPayPal, shop.MethodTransfer}, false
}

// Begin implements shop.Gateway.
func (g *Gateway) Begin(ctx context.Context, c shop.Charge) (shop.Outcome, error) {
	does, err := g.behaviour(ctx, c)
	if err != nil {
		return shop.Outcome{}, err
	}
	made := charge{
		ID: c.Key, OrderNumber: c.OrderNumber, Method: string(c.Method), Amount: c.Amount, Currency: c.Currency,
		State: does.state, LateState: does.late, Reason: does.reason, RefusesCapture: does.refusesCapture,
		ReturnURL: c.ReturnURL, CreatedAt: g.clock(),
	}
	if does.late != "" {
		made.ReadyAt = g.clock().Add(g.late)
	}
	if c.Method == shop.MethodPayPal {
		made.PageKey = rand.Text()
	}
	err = g.charges.insert(ctx, made)
	if err != nil && !errors.Is(err, errTaken) {
		return shop.Outcome{}, fmt.Errorf("write charge: %w", err)
	}
	if err == nil && does.answersLate {
		if err := pause(ctx, g.late); err != nil {
			return shop.Outcome{}, err
		}
	}
	if err == nil && made.LateState == "" {
		return g.outcome(made), nil
	}
	return g.Lookup(ctx, c.Key)
}

// behaviour returns what will happen to a charge.
func (g *Gateway) behaviour(ctx context.Context, c shop.Charge) (behaviour, error) {
	switch c.Method {
	case shop.MethodPayPal:
		return behaviour{state: stateRedirected}, nil
	case shop.MethodTransfer:
		return behaviour{state: statePending}, nil
	}
	does := behaviourOf(c.Card)
	if !does.onlyFirstTime {
		return does, nil
	}
	before, err := g.charges.countDeclined(ctx, c.OrderNumber, does.reason)
	if err != nil {
		return does, fmt.Errorf("count earlier charges: %w", err)
	}
	if before > 0 {
		return pays, nil
	}
	return does, nil
}

// Lookup implements shop.Gateway.
func (g *Gateway) Lookup(ctx context.Context, key string) (shop.Outcome, error) {
	c, err := g.charges.byID(ctx, key)
	if errors.Is(err, errNotFound) {
		return shop.Outcome{State: shop.PaymentUnknown}, nil
	}
	if err != nil {
		return shop.Outcome{}, fmt.Errorf("read charge: %w", err)
	}
	if c.LateState != "" && !g.clock().Before(c.ReadyAt) {
		if err := g.charges.decide(ctx, c); err != nil {
			return shop.Outcome{}, fmt.Errorf("decide late charge: %w", err)
		}
		return g.Lookup(ctx, key)
	}
	return g.outcome(c), nil
}

// paymentStates are what the states of a charge mean to the shop.
var paymentStates = map[chargeState]shop.PaymentState{
	stateStarted:    shop.PaymentStarted,
	stateRedirected: shop.PaymentRedirect,
	statePending:    shop.PaymentPending,
	stateAuthorised: shop.PaymentAuthorised,
	stateCaptured:   shop.PaymentCaptured,
	stateDeclined:   shop.PaymentDeclined,
	stateVoided:     shop.PaymentVoided,
}

func (g *Gateway) outcome(c charge) shop.Outcome {
	out := shop.Outcome{State: paymentStates[c.State], Captured: c.Captured}
	switch c.State {
	case stateDeclined:
		out.Reason = shop.Code(c.Reason)
	case stateRedirected:
		out.RedirectURL = g.publicURL + "/sandbox/paypal?key=" + url.QueryEscape(c.PageKey)
	}
	return out
}

// Capture implements shop.Gateway.
func (g *Gateway) Capture(ctx context.Context, key string) (shop.Outcome, error) {
	c, err := g.charges.byID(ctx, key)
	if errors.Is(err, errNotFound) {
		return shop.Outcome{State: shop.PaymentUnknown}, nil
	}
	if err != nil {
		return shop.Outcome{}, fmt.Errorf("read charge: %w", err)
	}
	first, err := g.charges.capture(ctx, &c, shop.DeclinedCapture)
	if err != nil {
		return shop.Outcome{}, fmt.Errorf("capture charge: %w", err)
	}
	if first {
		return g.outcome(c), nil
	}
	return g.Lookup(ctx, key)
}

// Void implements shop.Gateway.
func (g *Gateway) Void(ctx context.Context, key string) (shop.Outcome, error) {
	tombstone := charge{ID: key, State: stateVoided, CreatedAt: g.clock()}
	err := g.charges.insert(ctx, tombstone)
	if err != nil && !errors.Is(err, errTaken) {
		return shop.Outcome{}, fmt.Errorf("remember voided charge: %w", err)
	}
	if err := g.charges.void(ctx, key); err != nil {
		return shop.Outcome{}, fmt.Errorf("void charge: %w", err)
	}
	return g.Lookup(ctx, key)
}

// Refund implements shop.Gateway.
func (g *Gateway) Refund(ctx context.Context, key, refundKey string, amount int64) error {
	err := g.charges.refund(ctx, key, refundKey, amount, g.clock())
	if err != nil && !errors.Is(err, errTaken) {
		return fmt.Errorf("refund charge: %w", err)
	}
	return nil
}

// Receive implements shop.Gateway.
func (g *Gateway) Receive(ctx context.Context, key string, amount int64) error {
	first, err := g.charges.receive(ctx, key, string(shop.MethodTransfer), amount)
	if err != nil {
		return fmt.Errorf("book transfer: %w", err)
	}
	if first {
		return nil
	}
	c, err := g.charges.byID(ctx, key)
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
