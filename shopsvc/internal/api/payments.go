package api

import (
	"context"
	"net/http"

	"bookstore/shared/money"
	"bookstore/shared/shopapi"
	"bookstore/shopsvc/internal/shop"

	"github.com/danielgtaylor/huma/v2"
)

func (h *handler) routePayments(api huma.API) {
	huma.Register(api, op(http.MethodGet, "/v1/payment-methods", "list-payment-methods", "Tell how orders can be paid"), h.paymentMethods)
	huma.Register(api, op(http.MethodPost, "/v1/orders/{id}/payment", "pay-order", "Start paying an order"), h.pay)
	huma.Register(api, op(http.MethodPost, "/v1/admin/payments/{id}/confirm", "confirm-payment", "Book a bank transfer that came in"), h.confirmPayment)
	if h.gateways.Sandbox != nil {
		huma.Register(api, op(http.MethodPost, "/v1/payment-events/sandbox", "sandbox-event", "Report a decision on the sandbox's PayPal page"), h.sandboxEvent)
		huma.Register(api, op(http.MethodGet, "/v1/sandbox/paypal/{key}", "get-sandbox-paypal", "Show a payment on the sandbox's PayPal page"), h.sandboxPayPal)
	}
	if h.gateways.Stripe != nil {
		huma.Register(api, op(http.MethodPost, "/v1/payment-events/stripe", "stripe-event", "Take a call-back of Stripe's"), h.stripeEvent)
	}
}

func (h *handler) paymentMethods(context.Context, *struct{}) (*body[shopapi.PaymentMethods], error) {
	gateway, methods, hosted := h.shop.PaymentMethods()
	out := shopapi.PaymentMethods{Gateway: gateway, HostedCard: hosted, Methods: []string{}}
	for _, m := range methods {
		out.Methods = append(out.Methods, string(m))
	}
	return answer(out), nil
}

func (h *handler) pay(ctx context.Context, in *struct {
	OrderInput
	Body shopapi.Pay
}) (*body[shopapi.Order], error) {
	request := shop.PayRequest{Method: shop.Method(in.Body.Method), ReturnURL: in.Body.ReturnURL}
	if c := in.Body.Card; c != nil {
		request.Card = &shop.Card{Number: c.Number, ExpMonth: c.ExpMonth, ExpYear: c.ExpYear, CVC: c.CVC}
	}
	o, err := h.shop.Pay(ctx, caller(ctx), in.ID, request)
	return h.orderAnswer(o, nil, err)
}

func (h *handler) confirmPayment(ctx context.Context, in *struct {
	ID   string `path:"id" maxLength:"36" pattern:"^[A-Za-z0-9-]+$"`
	Body shopapi.ConfirmPayment
}) (*body[shopapi.Order], error) {
	o, err := h.shop.ConfirmPayment(ctx, caller(ctx), in.ID, in.Body.Amount, in.Body.Reference)
	return h.orderAnswer(o, nil, err)
}

func (h *handler) sandboxPayPal(ctx context.Context, in *struct {
	Key string `path:"key" maxLength:"100" pattern:"^[A-Za-z0-9_-]+$"`
}) (*body[shopapi.SandboxPayPal], error) {
	p, err := h.gateways.Sandbox.Page(ctx, in.Key)
	if err != nil {
		return nil, err
	}
	return answer(payPal(p)), nil
}

func (h *handler) sandboxEvent(ctx context.Context, in *struct{ Body shopapi.SandboxEvent }) (*body[shopapi.SandboxPayPal], error) {
	p, err := h.gateways.Sandbox.Decide(ctx, in.Body.Key, in.Body.Outcome == shopapi.SandboxApproved)
	if err != nil {
		return nil, err
	}
	if err := h.shop.PaymentDecided(ctx, p.PaymentID); err != nil {
		return nil, err
	}
	return answer(payPal(p)), nil
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

func payPal(p shop.PaymentPage) shopapi.SandboxPayPal {
	out := shopapi.SandboxPayPal{OrderNumber: p.OrderNumber, Amount: money.New(p.Amount, p.Currency), ReturnURL: p.ReturnURL}
	switch p.State {
	case shop.PaymentRedirect:
	case shop.PaymentAuthorised, shop.PaymentCaptured:
		out.Outcome = shopapi.SandboxApproved
	default:
		out.Outcome = shopapi.SandboxCancelled
	}
	return out
}
