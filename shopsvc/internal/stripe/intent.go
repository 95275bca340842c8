package stripe

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"bookstore/shopsvc/internal/shop"

	"github.com/stripe/stripe-go/v85"
)

// onceEvery is for how long a write that Stripe guards itself keeps its
// idempotency key. What Stripe once answered under a key, be it a failure of
// its own, it answers for a day.
const onceEvery = 10 * time.Minute

// intentOutcome says what a payment intent means for the shop
// (https://docs.stripe.com/payments/paymentintents/lifecycle).
func intentOutcome(intent *stripe.PaymentIntent) shop.Outcome {
	switch intent.Status {
	case stripe.PaymentIntentStatusRequiresCapture:
		return shop.Outcome{State: shop.PaymentAuthorised}
	case stripe.PaymentIntentStatusSucceeded:
		return shop.Outcome{State: shop.PaymentCaptured, Captured: intent.AmountReceived}
	case stripe.PaymentIntentStatusCanceled:
		return shop.Outcome{State: shop.PaymentVoided}
	case stripe.PaymentIntentStatusRequiresPaymentMethod:
		return shop.Outcome{State: shop.PaymentDeclined, Reason: reason(intent.LastPaymentError)}
	}
	return shop.Outcome{State: shop.PaymentStarted}
}

// Capture implements shop.Gateway.
func (g *Gateway) Capture(ctx context.Context, key string) (shop.Outcome, error) {
	_, session, err := g.find(ctx, key)
	if err != nil {
		return shop.Outcome{}, err
	}
	if out := outcome(session); out.State != shop.PaymentAuthorised {
		return out, nil
	}
	params := &stripe.PaymentIntentCaptureParams{}
	params.SetIdempotencyKey(g.onceKey(key, "capture"))
	intent, err := g.stripe.captureIntent(ctx, session.PaymentIntent.ID, params)
	err = failure("capture", err)
	switch {
	case impossible(err):
		return g.captureRefused(ctx, key, err)
	case err != nil:
		return shop.Outcome{}, err
	}
	return intentOutcome(intent), nil
}

// captureRefused finds out why: the amount may be captured already, or not be
// held any more. An amount that is held but can't be captured is let go.
func (g *Gateway) captureRefused(ctx context.Context, key string, cause error) (shop.Outcome, error) {
	_, session, err := g.find(ctx, key)
	if err != nil {
		return shop.Outcome{}, err
	}
	if out := outcome(session); out.State != shop.PaymentAuthorised {
		return out, nil
	}
	slog.WarnContext(ctx, "capture refused", "payment_id", key, "error", cause)
	if _, err := g.cancel(ctx, key, session.PaymentIntent.ID); err != nil {
		return shop.Outcome{}, err
	}
	return shop.Outcome{State: shop.PaymentDeclined, Reason: shop.DeclinedCapture}, nil
}

// takeBack closes the page of a session and lets its amount go, unless it is
// captured.
func (g *Gateway) takeBack(ctx context.Context, key string, session *stripe.CheckoutSession) (shop.Outcome, error) {
	if session.Status == stripe.CheckoutSessionStatusOpen {
		if err := g.expire(ctx, key, session.ID); err != nil && !impossible(err) {
			return shop.Outcome{}, err
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
		return g.cancel(ctx, key, session.PaymentIntent.ID)
	case shop.PaymentStarted, shop.PaymentRedirect:
		return shop.Outcome{}, fmt.Errorf("void: the payment is still %s", out.State)
	}
	return shop.Outcome{State: shop.PaymentVoided}, nil
}

func (g *Gateway) expire(ctx context.Context, key, sessionID string) error {
	params := &stripe.CheckoutSessionExpireParams{}
	params.SetIdempotencyKey(g.onceKey(key, "expire"))
	return failure("expire session", g.stripe.expireSession(ctx, sessionID, params))
}

func (g *Gateway) cancel(ctx context.Context, key, intentID string) (shop.Outcome, error) {
	params := &stripe.PaymentIntentCancelParams{}
	params.SetIdempotencyKey(g.onceKey(key, "cancel"))
	intent, err := g.stripe.cancelIntent(ctx, intentID, params)
	if err != nil {
		return shop.Outcome{}, failure("cancel payment", err)
	}
	return intentOutcome(intent), nil
}

// onceKey returns the idempotency key of a write that Stripe carries out once
// in any case, for the state of a session or intent allows no second. It holds
// back repetitions on the way and changes with time.
func (g *Gateway) onceKey(key, write string) string {
	return fmt.Sprintf("%s-%s-%d", key, write, g.clock().Truncate(onceEvery).Unix())
}
