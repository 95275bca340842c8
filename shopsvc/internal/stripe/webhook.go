package stripe

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"bookstore/shopsvc/internal/shop"

	"github.com/stripe/stripe-go/v85"
	"github.com/stripe/stripe-go/v85/webhook"
)

// eventMemory is how long call-backs are remembered. Stripe repeats one for
// three days.
const eventMemory = 30 * 24 * time.Hour

// TakeEvent reads a call-back as Stripe sent it, byte for byte, and calls
// decided with the id of the payment it is about. The signature is checked (it
// must be minutes old at most) but nothing else is believed: decided looks the
// payment up, so call-backs may be lost, doubled, or out of order. One that was
// taken before, or is about none of the shop's payments, is taken in silence.
// TakeEvent returns shop.ErrBadSignature.
func (g *Gateway) TakeEvent(ctx context.Context, body []byte, signature string, decided func(ctx context.Context, paymentID string) error) error {
	event, err := webhook.ConstructEventWithOptions(body, signature, g.webhookSecret,
		webhook.ConstructEventOptions{IgnoreAPIVersionMismatch: true}) // only ids are read
	if err != nil {
		return fmt.Errorf("%w: %w", shop.ErrBadSignature, err)
	}
	payment := paymentOf(event)
	if payment == "" {
		return nil
	}
	taken, err := g.events.taken(ctx, event.ID)
	if err != nil {
		return fmt.Errorf("find event: %w", err)
	}
	if taken {
		return nil
	}
	// Only one that was dealt with is remembered; Stripe sends the others again.
	if err := decided(ctx, payment); err != nil && !errors.Is(err, shop.ErrPaymentNotFound) {
		return err
	}
	now := g.clock()
	if err := g.events.remember(ctx, event.ID, now, now.Add(-eventMemory)); err != nil {
		return fmt.Errorf("remember event: %w", err)
	}
	return nil
}

// paymentOf returns the payment that an event is about, or "".
func paymentOf(event stripe.Event) string {
	if event.Data == nil {
		return ""
	}
	var object struct {
		Metadata map[string]string `json:"metadata"`
	}
	if err := json.Unmarshal(event.Data.Raw, &object); err != nil {
		return "" // an object without metadata of ours
	}
	return object.Metadata[metadataKey]
}
