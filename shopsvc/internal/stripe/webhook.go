package stripe

import (
	"encoding/json"
	"fmt"

	"bookstore/shopsvc/internal/shop"

	"github.com/stripe/stripe-go/v83/webhook"
)

// PaymentOf returns the payment that a call-back is about, or "" if it is about
// none of the shop's. The body's signature is checked (it must be minutes old
// at most) but nothing else of it is believed: the caller looks the payment
// up, so call-backs may be lost, doubled, or out of order. It returns
// shop.ErrBadSignature.
func (g *Gateway) PaymentOf(body []byte, signature string) (string, error) {
	event, err := webhook.ConstructEventWithOptions(body, signature, g.webhookSecret,
		webhook.ConstructEventOptions{IgnoreAPIVersionMismatch: true}) // only ids are read
	if err != nil {
		return "", fmt.Errorf("%w: %w", shop.ErrBadSignature, err)
	}
	if event.Data == nil {
		return "", nil
	}
	var object struct {
		Metadata map[string]string `json:"metadata"`
	}
	if err := json.Unmarshal(event.Data.Raw, &object); err != nil {
		return "", nil // an object without metadata of ours
	}
	return object.Metadata[metadataKey], nil
}
