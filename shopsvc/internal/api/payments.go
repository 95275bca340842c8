package api

import (
	"context"
	"time"

	"bookstore/shared/jsonapi"
	"bookstore/shared/shopapi"

	"github.com/danielgtaylor/huma/v2"
)

func (h *handler) registerPayments(api huma.API) {
	jsonapi.Handle(api, "GET /v1/payment-methods", "list-payment-methods", "Tell how orders can be paid", h.listPaymentMethods)
	jsonapi.Handle(api, "POST /v1/orders/{id}/payment", "pay-order", "Start paying an order", h.payOrder, jsonapi.Authenticated)
	jsonapi.Handle(api, "POST /v1/admin/payments/{id}/confirm", "confirm-payment", "Book a bank transfer that came in (admins)", h.confirmPayment, jsonapi.Authenticated)
	if h.gateways.Sandbox != nil {
		jsonapi.Handle(api, "POST /v1/payment-events/sandbox", "sandbox-event", "Report a decision on the sandbox's PayPal page", h.sandboxEvent)
		jsonapi.Handle(api, "GET /v1/sandbox/paypal/{key}", "get-sandbox-paypal", "Show a payment on the sandbox's PayPal page", h.getSandboxPayPal)
	}
	if h.gateways.Stripe != nil {
		jsonapi.Handle(api, "POST /v1/payment-events/stripe", "stripe-event", "Take a call-back of Stripe's", h.stripeEvent)
	}
}

// PaymentID is the path of a payment.
type PaymentID struct {
	ID string `path:"id" maxLength:"36" pattern:"^[A-Za-z0-9-]+$"`
}

func (h *handler) listPaymentMethods(context.Context, *struct{}) (*jsonapi.Body[shopapi.PaymentMethods], error) {
	gateway, methods, hosted := h.shop.PaymentMethods()
	return &jsonapi.Body[shopapi.PaymentMethods]{Body: toPaymentMethods(gateway, methods, hosted)}, nil
}

// OrderPayment is how an order is to be paid.
type OrderPayment struct {
	OrderID
	Body shopapi.Pay
}

// Resolve implements huma.Resolver.
func (in *OrderPayment) Resolve(huma.Context) []error {
	if in.Body.Card == nil {
		return nil
	}
	return jsonapi.Faults(in.Body.Card.Tidy().Check(time.Now()))
}

func (h *handler) payOrder(ctx context.Context, in *OrderPayment) (*jsonapi.Body[shopapi.Order], error) {
	order, err := h.shop.Pay(ctx, caller(ctx), in.ID, fromPay(in.Body))
	return jsonapi.Answer(order, err, h.toOrder)
}

func (h *handler) confirmPayment(ctx context.Context, in *struct {
	PaymentID
	Body shopapi.ConfirmPayment
}) (*jsonapi.Body[shopapi.Order], error) {
	order, err := h.shop.ConfirmPayment(ctx, caller(ctx), in.ID, in.Body.Amount, in.Body.Reference)
	return jsonapi.Answer(order, err, h.toOrder)
}

func (h *handler) getSandboxPayPal(ctx context.Context, in *struct {
	Key string `path:"key" maxLength:"100" pattern:"^[A-Za-z0-9_-]+$"`
}) (*jsonapi.Body[shopapi.SandboxPayPal], error) {
	page, err := h.gateways.Sandbox.Page(ctx, in.Key)
	return jsonapi.Answer(page, err, toSandboxPayPal)
}

func (h *handler) sandboxEvent(ctx context.Context, in *jsonapi.Body[shopapi.SandboxEvent]) (*jsonapi.Body[shopapi.SandboxPayPal], error) {
	page, err := h.gateways.Sandbox.Decide(ctx, in.Body.Key, in.Body.Outcome == shopapi.SandboxApproved)
	if err == nil {
		err = h.shop.PaymentDecided(ctx, page.PaymentID)
	}
	return jsonapi.Answer(page, err, toSandboxPayPal)
}

// stripeEvent has the payment looked up that a call-back is about. Events about
// payments that are not here, such as those of another shop on the same Stripe
// account, are taken and forgotten, so that Stripe does not send them again.
func (h *handler) stripeEvent(ctx context.Context, in *struct {
	Signature string `header:"Stripe-Signature" maxLength:"2000"`
	RawBody   []byte
}) (*struct{}, error) {
	return nil, h.gateways.Stripe.TakeEvent(ctx, in.RawBody, in.Signature, h.shop.PaymentDecided)
}
