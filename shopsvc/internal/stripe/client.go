package stripe

import (
	"context"
	"net/http"

	"github.com/stripe/stripe-go/v85"
	"github.com/stripe/stripe-go/v85/form"
)

// client makes the calls of Stripe's API that the gateway needs. The library's
// own stripe.Client reaches the hundreds of services that Stripe has, which
// would be a fifth of the program. Its backend still does the work: encoding,
// authorisation, idempotency keys and errors.
type client struct {
	backend stripe.Backend
	key     string
}

func (c client) createSession(ctx context.Context, params *stripe.CheckoutSessionCreateParams) (*stripe.CheckoutSession, error) {
	params.Context = ctx
	session := &stripe.CheckoutSession{}
	return session, c.backend.Call(http.MethodPost, "/v1/checkout/sessions", c.key, params, session)
}

func (c client) retrieveSession(ctx context.Context, id string, params *stripe.CheckoutSessionRetrieveParams) (*stripe.CheckoutSession, error) {
	params.Context = ctx
	session := &stripe.CheckoutSession{}
	path := stripe.FormatURLPath("/v1/checkout/sessions/%s", id)
	return session, c.backend.Call(http.MethodGet, path, c.key, params, session)
}

func (c client) expireSession(ctx context.Context, id string, params *stripe.CheckoutSessionExpireParams) error {
	params.Context = ctx
	path := stripe.FormatURLPath("/v1/checkout/sessions/%s/expire", id)
	return c.backend.Call(http.MethodPost, path, c.key, params, &stripe.CheckoutSession{})
}

func (c client) captureIntent(ctx context.Context, id string, params *stripe.PaymentIntentCaptureParams) (*stripe.PaymentIntent, error) {
	params.Context = ctx
	intent := &stripe.PaymentIntent{}
	path := stripe.FormatURLPath("/v1/payment_intents/%s/capture", id)
	return intent, c.backend.Call(http.MethodPost, path, c.key, params, intent)
}

func (c client) cancelIntent(ctx context.Context, id string, params *stripe.PaymentIntentCancelParams) (*stripe.PaymentIntent, error) {
	params.Context = ctx
	intent := &stripe.PaymentIntent{}
	path := stripe.FormatURLPath("/v1/payment_intents/%s/cancel", id)
	return intent, c.backend.Call(http.MethodPost, path, c.key, params, intent)
}

func (c client) createRefund(ctx context.Context, params *stripe.RefundCreateParams) (*stripe.Refund, error) {
	params.Context = ctx
	refund := &stripe.Refund{}
	return refund, c.backend.Call(http.MethodPost, "/v1/refunds", c.key, params, refund)
}

// listRefunds returns one page; params.StartingAfter asks for the next.
func (c client) listRefunds(ctx context.Context, params *stripe.RefundListParams) (*stripe.RefundList, error) {
	query := &form.Values{}
	form.AppendTo(query, params)
	refunds := &stripe.RefundList{}
	common := &stripe.Params{Context: ctx}
	return refunds, c.backend.CallRaw(http.MethodGet, "/v1/refunds", c.key, []byte(query.Encode()), common, refunds)
}
