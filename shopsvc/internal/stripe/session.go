package stripe

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"

	"bookstore/shared/shopapi"
	"bookstore/shopsvc/internal/shop"

	"github.com/stripe/stripe-go/v85"
)

// reasonBuyerLeft is why a payment was declined whose page expired.
const reasonBuyerLeft = shopapi.DeclinedBuyerLeft

// create asks Stripe for a page. If the payment was voided meanwhile, the page
// is taken back.
func (g *Gateway) create(ctx context.Context, s session) (shop.Outcome, error) {
	session, err := g.stripe.createSession(ctx, creation(s))
	err = failure("create session", err)
	switch {
	case refused(err):
		slog.ErrorContext(ctx, "stripe refuses to begin a payment", "payment_id", s.Key, "error", err)
		return shop.Outcome{State: shop.PaymentDeclined, Reason: shop.DeclinedProcessing}, nil
	case err != nil:
		return shop.Outcome{}, err
	}
	if err := g.sessions.setSessionID(ctx, s.Key, session.ID); err != nil {
		return shop.Outcome{}, fmt.Errorf("write session id: %w", err)
	}
	now, err := g.sessions.byKey(ctx, s.Key)
	if err != nil {
		return shop.Outcome{}, fmt.Errorf("read session: %w", err)
	}
	if now.Voided {
		return g.takeBack(ctx, s.Key, session)
	}
	return outcome(session), nil
}

// creation returns the same request for the same session each time, as its
// idempotency key demands.
func creation(s session) *stripe.CheckoutSessionCreateParams {
	params := &stripe.CheckoutSessionCreateParams{
		Mode:               stripe.String(stripe.CheckoutSessionModePayment),
		PaymentMethodTypes: []*string{stripe.String("card")}, // others decide days later
		AdaptivePricing:    &stripe.CheckoutSessionCreateAdaptivePricingParams{Enabled: stripe.Bool(false)},
		ClientReferenceID:  stripe.String(s.Key),
		SuccessURL:         stripe.String(s.ReturnURL),
		CancelURL:          stripe.String(s.ReturnURL),
		ExpiresAt:          stripe.Int64(s.CreatedAt.Add(sessionLife).Unix()),
		LineItems: []*stripe.CheckoutSessionCreateLineItemParams{{
			Quantity: stripe.Int64(1),
			PriceData: &stripe.CheckoutSessionCreateLineItemPriceDataParams{
				Currency:   stripe.String(strings.ToLower(s.Currency)),
				UnitAmount: stripe.Int64(s.Amount),
				ProductData: &stripe.CheckoutSessionCreateLineItemPriceDataProductDataParams{
					Name: stripe.String("Bookstore " + s.OrderNumber),
				},
			},
		}},
		PaymentIntentData: &stripe.CheckoutSessionCreatePaymentIntentDataParams{
			CaptureMethod: stripe.String(stripe.PaymentIntentCaptureMethodManual),
			Metadata:      map[string]string{metadataKey: s.Key, "order": s.OrderNumber},
		},
	}
	params.AddMetadata(metadataKey, s.Key)
	params.AddMetadata("order", s.OrderNumber)
	params.AddExpand("payment_intent")
	params.SetIdempotencyKey(s.Key)
	return params
}

func (g *Gateway) retrieve(ctx context.Context, id string) (*stripe.CheckoutSession, error) {
	params := &stripe.CheckoutSessionRetrieveParams{}
	params.AddExpand("payment_intent")
	session, err := g.stripe.retrieveSession(ctx, id, params)
	if err != nil {
		return nil, failure("retrieve session", err)
	}
	return session, nil
}

// look asks Stripe what became of a session, and refuses one that is not for
// what was asked.
func (g *Gateway) look(ctx context.Context, s session) (shop.Outcome, error) {
	session, err := g.retrieve(ctx, s.SessionID)
	if err != nil {
		return shop.Outcome{}, err
	}
	if session.AmountTotal != s.Amount || !strings.EqualFold(string(session.Currency), s.Currency) {
		return shop.Outcome{}, fmt.Errorf("session %s is for %d %s, want %d %s",
			s.SessionID, session.AmountTotal, session.Currency, s.Amount, s.Currency)
	}
	return outcome(session), nil
}

// find returns the session of a key, as remembered and as Stripe has it; the
// latter is nil if Stripe never answered.
func (g *Gateway) find(ctx context.Context, key string) (session, *stripe.CheckoutSession, error) {
	s, err := g.sessions.byKey(ctx, key)
	if err != nil && !errors.Is(err, errNotFound) {
		return s, nil, fmt.Errorf("read session: %w", err)
	}
	if s.SessionID == "" {
		return s, nil, nil
	}
	session, err := g.retrieve(ctx, s.SessionID)
	return s, session, err
}

// outcome says what a session means for the shop.
func outcome(session *stripe.CheckoutSession) shop.Outcome {
	if session == nil {
		return shop.Outcome{State: shop.PaymentUnknown}
	}
	switch session.Status {
	case stripe.CheckoutSessionStatusOpen:
		return shop.Outcome{State: shop.PaymentRedirect, RedirectURL: session.URL}
	case stripe.CheckoutSessionStatusExpired:
		return shop.Outcome{State: shop.PaymentDeclined, Reason: reasonBuyerLeft}
	}
	if session.PaymentIntent == nil {
		return shop.Outcome{State: shop.PaymentStarted}
	}
	return intentOutcome(session.PaymentIntent)
}
