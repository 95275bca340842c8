package stripe

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"

	"bookstore/shopsvc/internal/ledger"
	"bookstore/shopsvc/internal/shop"

	"github.com/stripe/stripe-go/v83"
)

// Why a payment was declined, in the shop's words.
const (
	reasonBuyerLeft = "buyer_left"
	reasonDeclined  = "card_declined"
)

// reasons translates Stripe's decline codes; others are reasonDeclined
// (https://docs.stripe.com/declines/codes).
var reasons = map[stripe.DeclineCode]string{
	"insufficient_funds": "insufficient_funds",
	"expired_card":       "expired_card",
	"incorrect_cvc":      "incorrect_cvc",
	"invalid_cvc":        "incorrect_cvc",
	"processing_error":   "processing_error",
}

// create asks Stripe for a page. If the payment was voided meanwhile, the page
// is taken back.
func (g *Gateway) create(ctx context.Context, s ledger.Session) (shop.Outcome, error) {
	session, err := g.stripe.V1CheckoutSessions.Create(ctx, creation(s))
	switch {
	case refused(err):
		slog.ErrorContext(ctx, "stripe refuses to begin a payment", "payment_id", s.Key, "error", err)
		return shop.Outcome{State: shop.PaymentDeclined, Reason: shop.DeclinedProcessing}, nil
	case err != nil:
		return shop.Outcome{}, fmt.Errorf("create session: %w", err)
	}
	if err := g.sessions.SetSessionID(ctx, s.Key, session.ID); err != nil {
		return shop.Outcome{}, fmt.Errorf("write session id: %w", err)
	}
	now, err := g.sessions.Session(ctx, s.Key)
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
func creation(s ledger.Session) *stripe.CheckoutSessionCreateParams {
	params := &stripe.CheckoutSessionCreateParams{
		Mode:               stripe.String(stripe.CheckoutSessionModePayment),
		PaymentMethodTypes: []*string{stripe.String("card")},
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
	session, err := g.stripe.V1CheckoutSessions.Retrieve(ctx, id, params)
	if err != nil {
		return nil, fmt.Errorf("retrieve session: %w", err)
	}
	return session, nil
}

// look asks Stripe what became of a session, and refuses one that is not for
// what was asked.
func (g *Gateway) look(ctx context.Context, s ledger.Session) (shop.Outcome, error) {
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
func (g *Gateway) find(ctx context.Context, key string) (ledger.Session, *stripe.CheckoutSession, error) {
	s, err := g.sessions.Session(ctx, key)
	if err != nil && !errors.Is(err, ledger.ErrNotFound) {
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

func reason(err *stripe.Error) string {
	if err == nil {
		return reasonDeclined
	}
	for _, code := range []stripe.DeclineCode{err.DeclineCode, stripe.DeclineCode(err.Code)} {
		if known, ok := reasons[code]; ok {
			return known
		}
	}
	return reasonDeclined
}

// refused tells whether Stripe said no, as against not answering: only then is
// it certain that nothing was done.
func refused(err error) bool {
	var e *stripe.Error
	if !errors.As(err, &e) {
		return false
	}
	return e.Type == stripe.ErrorTypeCard || e.Type == stripe.ErrorTypeInvalidRequest
}

// silent keeps the library's log, which names requests, out of ours: errors
// are logged where they are answered.
type silent struct{}

func (silent) Debugf(string, ...any) {}
func (silent) Infof(string, ...any)  {}
func (silent) Warnf(string, ...any)  {}
func (silent) Errorf(string, ...any) {}
