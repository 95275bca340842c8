package stripe

import (
	"context"
	"fmt"

	"github.com/stripe/stripe-go/v85"
)

// Refund implements shop.Gateway. Stripe forgets idempotency keys after a day,
// so a refund of this key is looked for first. One that did not arrive is an
// error until it is paid by hand, at Stripe, with the key in its metadata.
func (g *Gateway) Refund(ctx context.Context, key, refundKey string, amount int64) error {
	_, session, err := g.find(ctx, key)
	if err != nil {
		return err
	}
	if session == nil || session.PaymentIntent == nil {
		return fmt.Errorf("refund %s: nothing was paid", refundKey)
	}
	made, err := g.findRefund(ctx, session.PaymentIntent.ID, refundKey)
	if err != nil {
		return err
	}
	if made == nil {
		params := &stripe.RefundCreateParams{PaymentIntent: stripe.String(session.PaymentIntent.ID), Amount: stripe.Int64(amount)}
		params.AddMetadata(metadataKey, refundKey)
		params.SetIdempotencyKey(refundKey)
		if made, err = g.stripe.createRefund(ctx, params); err != nil {
			return failure("refund", err)
		}
	}
	if failed(made) {
		return fmt.Errorf("refund %s: %s is %s at stripe", refundKey, made.ID, made.Status)
	}
	return nil
}

// findRefund returns the refund of an intent under a key, or nil. One that
// failed counts only if no other was made.
func (g *Gateway) findRefund(ctx context.Context, intentID, refundKey string) (*stripe.Refund, error) {
	params := &stripe.RefundListParams{PaymentIntent: stripe.String(intentID)}
	params.Limit = stripe.Int64(100)
	var found *stripe.Refund
	for {
		page, err := g.stripe.listRefunds(ctx, params)
		if err != nil {
			return nil, failure("list refunds", err)
		}
		for _, refund := range page.Data {
			if refund.Metadata[metadataKey] != refundKey {
				continue
			}
			found = refund
			if !failed(refund) {
				return found, nil
			}
		}
		if !page.HasMore || len(page.Data) == 0 {
			return found, nil
		}
		params.StartingAfter = stripe.String(page.Data[len(page.Data)-1].ID)
	}
}

func failed(r *stripe.Refund) bool {
	return r.Status == stripe.RefundStatusFailed || r.Status == stripe.RefundStatusCanceled
}
