// Package stripe is the payment gateway Stripe: buyers type their card on
// Stripe's hosted Checkout page, so that no card number reaches the shop; the
// amount is authorised there and captured once the copies are sold
// (https://docs.stripe.com/payments/place-a-hold-on-a-payment-method).
package stripe

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	"bookstore/shared/sqldb"
	"bookstore/shopsvc/internal/shop"

	"github.com/stripe/stripe-go/v85"
)

const (
	// CallTimeout bounds one call of Stripe's API.
	CallTimeout = 8 * time.Second
	// repeatable is for how long the creation of a session is repeated under its
	// idempotency key. Stripe remembers keys, and whatever it answered, failures
	// of its own as well, for 24 hours at least; nobody waits for a page so long.
	// A payment given up after that can't be paid: nobody has its page's address.
	repeatable = 10 * time.Minute
	// sessionLife is how long a page can be paid. Stripe wants half an hour at
	// least when it is asked; the shop holds copies about as long.
	sessionLife = repeatable + 35*time.Minute
	// metadataKey names the shop's key in what Stripe stores.
	metadataKey = "payment"
)

// Gateway is Stripe as a shop.Gateway. It is safe for concurrent use by any
// number of processes on the same database.
type Gateway struct {
	stripe        client
	sessions      sessionStore
	events        eventStore
	webhookSecret string
	clock         shop.Clock
}

// New returns a gateway that keeps its sessions and call-backs in db, in the
// tables that the migrations of package store describe.
func New(cfg Config, db *sqldb.DB, clock shop.Clock) *Gateway {
	backend := &stripe.BackendConfig{
		HTTPClient: &http.Client{Timeout: CallTimeout},
		// The saga repeats calls itself, with its own pauses.
		MaxNetworkRetries: stripe.Int64(0),
		EnableTelemetry:   stripe.Bool(false),
		LeveledLogger:     silent{},
	}
	if cfg.APIURL != "" {
		backend.URL = stripe.String(cfg.APIURL)
	}
	calls := client{stripe.GetBackendWithConfig(stripe.APIBackend, backend), cfg.SecretKey}
	return &Gateway{calls, sessionStore{db}, eventStore{db}, cfg.WebhookSecret, clock}
}

// Name implements shop.Gateway.
func (g *Gateway) Name() string { return "stripe" }

// Methods implements shop.Gateway.
func (g *Gateway) Methods() (methods []shop.Method, hostedCard bool) {
	return []shop.Method{shop.MethodCard}, true
}

// Begin implements shop.Gateway. The payment is written down before Stripe is
// asked, so that Lookup finds it whatever becomes of the answer.
func (g *Gateway) Begin(ctx context.Context, c shop.Charge) (shop.Outcome, error) {
	err := g.sessions.insert(ctx, session{
		Key: c.Key, OrderNumber: c.OrderNumber, Amount: c.Amount, Currency: c.Currency,
		ReturnURL: c.ReturnURL, CreatedAt: g.clock(),
	})
	if err != nil && !errors.Is(err, errTaken) {
		return shop.Outcome{}, fmt.Errorf("write session: %w", err)
	}
	return g.Lookup(ctx, c.Key)
}

// Lookup implements shop.Gateway. A session whose answer was lost is created
// again under its idempotency key, which Stripe answers with the first one.
func (g *Gateway) Lookup(ctx context.Context, key string) (shop.Outcome, error) {
	s, err := g.sessions.byKey(ctx, key)
	switch {
	case errors.Is(err, errNotFound):
		return shop.Outcome{State: shop.PaymentUnknown}, nil
	case err != nil:
		return shop.Outcome{}, fmt.Errorf("read session: %w", err)
	case s.SessionID != "":
		return g.look(ctx, s)
	case s.Voided:
		return shop.Outcome{State: shop.PaymentVoided}, nil
	case g.clock().Sub(s.CreatedAt) > repeatable:
		return shop.Outcome{State: shop.PaymentUnknown}, nil // its page has long expired
	}
	return g.create(ctx, s)
}

// Void implements shop.Gateway. The wish is written down first: a Begin that
// is still on its way sees it and takes its page back.
func (g *Gateway) Void(ctx context.Context, key string) (shop.Outcome, error) {
	err := g.sessions.insert(ctx, session{Key: key, Voided: true, CreatedAt: g.clock()})
	if err == nil {
		return shop.Outcome{State: shop.PaymentVoided}, nil
	}
	if !errors.Is(err, errTaken) {
		return shop.Outcome{}, fmt.Errorf("write tombstone: %w", err)
	}
	if err := g.sessions.void(ctx, key); err != nil {
		return shop.Outcome{}, fmt.Errorf("write void: %w", err)
	}
	s, session, err := g.find(ctx, key)
	if err != nil {
		return shop.Outcome{}, err
	}
	if s.SessionID == "" {
		return shop.Outcome{State: shop.PaymentVoided}, nil
	}
	return g.takeBack(ctx, key, session)
}

// Receive implements shop.Gateway. Stripe takes no bank transfers for the shop.
func (g *Gateway) Receive(context.Context, string, int64) error { return shop.ErrPaymentState }

// silent keeps the library's log, which names requests, out of ours: errors
// are logged where they are answered.
type silent struct{}

func (silent) Debugf(string, ...any) {}
func (silent) Infof(string, ...any)  {}
func (silent) Warnf(string, ...any)  {}
func (silent) Errorf(string, ...any) {}
