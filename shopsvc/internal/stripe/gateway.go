// Package stripe is the payment gateway Stripe: buyers type their card on
// Stripe's hosted Checkout page, so that no card number reaches the shop; the
// amount is authorised there and captured once the copies are sold
// (https://docs.stripe.com/payments/place-a-hold-on-a-payment-method).
package stripe

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"bookstore/shopsvc/internal/ledger"
	"bookstore/shopsvc/internal/shop"

	"github.com/stripe/stripe-go/v83"
)

const (
	callTimeout = 8 * time.Second
	// sessionLife is how long a page can be paid: Stripe wants half an hour at
	// least, and the shop holds copies about as long.
	sessionLife = 35 * time.Minute
	// repeatable is for how long the creation of a session may be repeated under
	// its idempotency key. Stripe remembers keys for 24 hours at least.
	repeatable = 12 * time.Hour
	// metadataKey names the shop's key in what Stripe stores.
	metadataKey = "payment"
)

// Sessions is where the gateway remembers which session stands for a payment.
type Sessions interface {
	Insert(ctx context.Context, s ledger.Session) error
	Session(ctx context.Context, key string) (ledger.Session, error)
	SetSessionID(ctx context.Context, key, sessionID string) error
	Void(ctx context.Context, key string) error
}

// Config says how to reach Stripe.
type Config struct {
	SecretKey     string // sk_…
	WebhookSecret string // whsec_…, signs what Stripe calls back with
	APIURL        string // empty: Stripe's own
}

// Gateway is Stripe as a shop.Gateway. It is safe for concurrent use by any
// number of processes on the same sessions.
type Gateway struct {
	stripe        *stripe.Client
	sessions      Sessions
	webhookSecret string
	clock         shop.Clock
}

// New returns a gateway that remembers its sessions in s.
func New(cfg Config, s Sessions, clock shop.Clock) *Gateway {
	backend := &stripe.BackendConfig{
		HTTPClient: &http.Client{Timeout: callTimeout},
		// The saga repeats calls itself, with its own pauses.
		MaxNetworkRetries: stripe.Int64(0),
		EnableTelemetry:   stripe.Bool(false),
		LeveledLogger:     silent{},
	}
	if cfg.APIURL != "" {
		backend.URL = stripe.String(cfg.APIURL)
	}
	client := stripe.NewClient(cfg.SecretKey, stripe.WithBackends(stripe.NewBackendsWithConfig(backend)))
	return &Gateway{client, s, cfg.WebhookSecret, clock}
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
	err := g.sessions.Insert(ctx, ledger.Session{
		Key: c.Key, OrderNumber: c.OrderNumber, Amount: c.Amount, Currency: c.Currency,
		ReturnURL: c.ReturnURL, CreatedAt: g.clock(),
	})
	if err != nil && !errors.Is(err, ledger.ErrTaken) {
		return shop.Outcome{}, fmt.Errorf("write session: %w", err)
	}
	return g.Lookup(ctx, c.Key)
}

// Lookup implements shop.Gateway. A session whose answer was lost is created
// again under its idempotency key, which Stripe answers with the first one.
func (g *Gateway) Lookup(ctx context.Context, key string) (shop.Outcome, error) {
	s, err := g.sessions.Session(ctx, key)
	switch {
	case errors.Is(err, ledger.ErrNotFound):
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

// Capture implements shop.Gateway.
func (g *Gateway) Capture(ctx context.Context, key string) (shop.Outcome, error) {
	_, session, err := g.find(ctx, key)
	if err != nil {
		return shop.Outcome{}, err
	}
	out := outcome(session)
	if out.State != shop.PaymentAuthorised {
		return out, nil
	}
	params := &stripe.PaymentIntentCaptureParams{}
	params.SetIdempotencyKey(key + "-capture")
	intent, err := g.stripe.V1PaymentIntents.Capture(ctx, session.PaymentIntent.ID, params)
	switch {
	case refused(err):
		slog.WarnContext(ctx, "capture refused", "payment_id", key, "error", err)
		return shop.Outcome{State: shop.PaymentDeclined, Reason: shop.DeclinedCapture}, nil
	case err != nil:
		return shop.Outcome{}, fmt.Errorf("capture: %w", err)
	}
	return intentOutcome(intent), nil
}

// Void implements shop.Gateway. The wish is written down first: a Begin that
// is still on its way sees it and takes its page back.
func (g *Gateway) Void(ctx context.Context, key string) (shop.Outcome, error) {
	err := g.sessions.Insert(ctx, ledger.Session{Key: key, Voided: true, CreatedAt: g.clock()})
	if err == nil {
		return shop.Outcome{State: shop.PaymentVoided}, nil
	}
	if !errors.Is(err, ledger.ErrTaken) {
		return shop.Outcome{}, fmt.Errorf("write tombstone: %w", err)
	}
	if err := g.sessions.Void(ctx, key); err != nil {
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

// takeBack closes the page of a session and lets its amount go, unless it is
// captured.
func (g *Gateway) takeBack(ctx context.Context, key string, session *stripe.CheckoutSession) (shop.Outcome, error) {
	if session.Status == stripe.CheckoutSessionStatusOpen {
		if _, err := g.stripe.V1CheckoutSessions.Expire(ctx, session.ID, nil); err != nil && !refused(err) {
			return shop.Outcome{}, fmt.Errorf("expire session: %w", err)
		}
		var err error // it may have been paid or expired by itself meanwhile
		if session, err = g.retrieve(ctx, session.ID); err != nil {
			return shop.Outcome{}, err
		}
	}
	switch out := outcome(session); out.State {
	case shop.PaymentCaptured:
		return out, nil
	case shop.PaymentAuthorised:
		params := &stripe.PaymentIntentCancelParams{}
		params.SetIdempotencyKey(key + "-void")
		intent, err := g.stripe.V1PaymentIntents.Cancel(ctx, session.PaymentIntent.ID, params)
		if err != nil {
			return shop.Outcome{}, fmt.Errorf("cancel payment: %w", err)
		}
		return intentOutcome(intent), nil
	case shop.PaymentStarted, shop.PaymentRedirect:
		return shop.Outcome{}, fmt.Errorf("void: the payment is still %s", out.State)
	}
	return shop.Outcome{State: shop.PaymentVoided}, nil
}

// Refund implements shop.Gateway. Stripe forgets idempotency keys after a day,
// so a refund of this key is looked for first.
func (g *Gateway) Refund(ctx context.Context, key, refundKey string, amount int64) error {
	_, session, err := g.find(ctx, key)
	if err != nil {
		return err
	}
	if session == nil || session.PaymentIntent == nil {
		return fmt.Errorf("refund %s: nothing was paid", refundKey)
	}
	list := &stripe.RefundListParams{PaymentIntent: stripe.String(session.PaymentIntent.ID)}
	list.Limit = stripe.Int64(100)
	for refund, err := range g.stripe.V1Refunds.List(ctx, list) {
		if err != nil {
			return fmt.Errorf("list refunds: %w", err)
		}
		if refund.Metadata[metadataKey] == refundKey && refund.Status != stripe.RefundStatusFailed && refund.Status != stripe.RefundStatusCanceled {
			return nil
		}
	}
	params := &stripe.RefundCreateParams{PaymentIntent: stripe.String(session.PaymentIntent.ID), Amount: stripe.Int64(amount)}
	params.AddMetadata(metadataKey, refundKey)
	params.SetIdempotencyKey(refundKey)
	if _, err := g.stripe.V1Refunds.Create(ctx, params); err != nil {
		return fmt.Errorf("refund: %w", err)
	}
	return nil
}

// Receive implements shop.Gateway. Stripe takes no bank transfers for the shop.
func (g *Gateway) Receive(context.Context, string, int64) error { return shop.ErrPaymentState }
