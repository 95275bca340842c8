package web

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"bookstore/shared/apierr"
	"bookstore/shared/shopapi"
)

const (
	paymentPath = "/orders/" + orderID + "/payment"
	payCall     = "POST /v1/orders/" + orderID + "/payment"
	orderCall   = "GET /v1/orders/" + orderID
	shipmentID  = "0197a000-0000-7000-8000-0000000000bb"
)

// sampleOrder is an order of one shipment in a state.
func sampleOrder(state string, change func(*shopapi.Order)) shopapi.Order {
	at := time.Date(2026, 5, 3, 10, 12, 0, 0, time.UTC)
	expires := at.Add(15 * time.Minute)
	o := shopapi.Order{
		ID: orderID, Number: "7K3M-22PX", BuyerID: buyer.ID, State: state,
		Subtotal: usd(2000), DeliveryTotal: usd(5000), Total: usd(7000), Refunded: usd(0),
		Address: shopapi.Address{Name: "Ana Gómez", Line1: "Calle 1 # 2-3", City: "Bogotá", Region: "Bogotá", Country: "CO"},
		Shipments: []shopapi.Shipment{{
			ID: shipmentID, SellerID: 8, SellerName: "Blue Door Books", State: shopapi.ShipmentPending,
			ProviderName: "DHL", DeliveryCost: usd(5000), Subtotal: usd(2000), Total: usd(7000), Refunded: usd(0),
			Lines: []shopapi.OrderLine{{BookID: 1, Title: "Dracula", Authors: []string{"Bram Stoker"}, Condition: "good", Price: usd(1000), Quantity: 2, Total: usd(2000)}},
		}},
		PlacedAt: at,
	}
	switch state {
	case shopapi.OrderReserved:
		o.CanPay, o.CanCancel, o.ExpiresAt = true, true, &expires
	case shopapi.OrderPaid:
		o.CanCancel, o.PaidAt = true, &at
		o.Shipments[0].State = shopapi.ShipmentNew
		o.Payment = &shopapi.Payment{ID: "p", Method: shopapi.MethodCard, State: shopapi.PaymentCaptured, Amount: usd(7000)}
	}
	if change != nil {
		change(&o)
	}
	return o
}

func withPayment(p shopapi.Payment) func(*shopapi.Order) {
	p.ID, p.Amount = "0197a000-0000-7000-8000-0000000000cc", usd(7000)
	return func(o *shopapi.Order) { o.Payment = &p }
}

func paymentBackend(o shopapi.Order) *stub {
	return &stub{answers: map[string]any{
		orderCall: o,
		payCall:   sampleOrder(shopapi.OrderPaid, nil),
		"GET /v1/payment-methods": shopapi.PaymentMethods{
			Gateway: "sandbox", Methods: []string{shopapi.MethodCard, shopapi.MethodPayPal, shopapi.MethodBankTransfer}},
	}}
}

var typedCard = []string{"method", "card", "number", "4242 4242 4242 4242", "exp_month", "12", "exp_year", "31", "cvc", "123"}

func TestPayingByCardLeadsToThePaidOrder(t *testing.T) {
	backend := paymentBackend(sampleOrder(shopapi.OrderReserved, nil))
	b := visit(t, backend, buyer)
	page := b.get(paymentPath)
	page.shows(http.StatusOK, `[name="number"][autocomplete="cc-number"]`, `[name="cvc"][autocomplete="cc-csc"]`, `[value="paypal"]`, `[value="card"][checked]`)
	page.says("details", "4242 4242 4242 4242")
	page.says("form button", "Pay $70.00")

	b.post(paymentPath, typedCard...).leads("/orders/" + orderID)
	var in shopapi.Pay
	backend.last(t, payCall, &in)
	if in.Card == nil || *in.Card != (shopapi.Card{Number: "4242 4242 4242 4242", ExpMonth: 12, ExpYear: 2031, CVC: "123"}) {
		t.Error("the card did not arrive as it was typed")
	}
	if !strings.HasSuffix(in.ReturnURL, paymentPath) {
		t.Errorf("return URL: got %q", in.ReturnURL)
	}
}

func TestADeclinedCardIsExplained(t *testing.T) {
	declined := sampleOrder(shopapi.OrderReserved, withPayment(shopapi.Payment{Method: shopapi.MethodCard, State: shopapi.PaymentDeclined, Reason: shopapi.DeclinedFunds}))
	backend := paymentBackend(declined)
	backend.answer(payCall, declined)
	b := visit(t, backend, buyer)
	b.post(paymentPath, typedCard...).leads(paymentPath)
	page := b.get(paymentPath)
	page.says("#declined", "The card does not have enough funds.")
	page.shows(http.StatusOK, `[name="number"][value=""]`, `[value="card"][checked]`)

	b.lang = "es"
	b.get(paymentPath).says("#declined", "fondos suficientes")
}

func TestEveryReasonToDeclineHasASentence(t *testing.T) {
	for _, reason := range []string{
		shopapi.DeclinedCard, shopapi.DeclinedFunds, shopapi.DeclinedExpired, shopapi.DeclinedCVC, shopapi.DeclinedProcessing,
		shopapi.DeclinedUnknownCard, shopapi.DeclinedBuyerLeft, shopapi.DeclinedCaptureError, "",
	} {
		order := sampleOrder(shopapi.OrderReserved, withPayment(shopapi.Payment{Method: shopapi.MethodCard, State: shopapi.PaymentDeclined, Reason: reason}))
		page := visit(t, paymentBackend(order), buyer).get(paymentPath)
		if text := page.text("#declined"); !strings.Contains(text, "ou") || reason != "" && strings.Contains(text, "was declined. You") {
			t.Errorf("%s: got %q", reason, text)
		}
	}
}

func TestACardWithMistakesIsNamedAndNeverShownAgain(t *testing.T) {
	backend := paymentBackend(sampleOrder(shopapi.OrderReserved, nil))
	b := visit(t, backend, buyer)
	b.post(paymentPath, "method", "card", "number", "", "exp_month", "x", "exp_year", "31", "cvc", "").
		shows(http.StatusUnprocessableEntity, "#number-error", "#exp_month-error", "#cvc-error", `.error-summary a[href="#cvc"]`)
	b.post(paymentPath).shows(http.StatusUnprocessableEntity, "#method.field-error")
	if backend.called(payCall) != 0 {
		t.Error("an unreadable card was sent")
	}

	backend.answer(payCall, apierr.Field("card.number", "bad_card_number"))
	page := b.post(paymentPath, typedCard...)
	page.shows(http.StatusUnprocessableEntity, "#number-error")
	page.says("#number-error", "This is not a card number.")
	html, _ := page.Page.Html()
	for _, secret := range []string{`value="4242`, `value="123"`, `value="12"`} {
		if strings.Contains(html, secret) {
			t.Errorf("the page repeats %s", secret)
		}
	}
}

func TestAPaymentThatIsStillOpenIsLookedAtAgain(t *testing.T) {
	backend := paymentBackend(sampleOrder(shopapi.OrderAuthorising, nil))
	backend.answer(payCall, sampleOrder(shopapi.OrderAuthorising, nil))
	b := visit(t, backend, buyer)
	b.post(paymentPath, typedCard...).leads(paymentPath)
	b.get(paymentPath).shows(http.StatusOK, `head noscript`, `#confirming[hx-trigger="every 2s"]`)

	b.script = true
	b.get(paymentPath).shows(http.StatusOK, "#confirming")
	backend.answer(orderCall, sampleOrder(shopapi.OrderReserved, nil))
	b.get(paymentPath).leads(paymentPath)
	backend.answer(orderCall, sampleOrder(shopapi.OrderPaid, nil))
	b.get(paymentPath).leads("/orders/" + orderID)
}

func TestAnUnansweredPaymentLeadsToTheOrder(t *testing.T) {
	backend := paymentBackend(sampleOrder(shopapi.OrderAuthorising, nil))
	b := visit(t, backend, buyer)
	for _, err := range []error{refusal(apierr.KindUnavailable, "unavailable"), refusal(apierr.KindConflict, "order_state").With("state", "paid")} {
		backend.answer(payCall, err)
		b.post(paymentPath, typedCard...).leads(paymentPath)
	}
}

func TestABankTransferIsExplained(t *testing.T) {
	order := sampleOrder(shopapi.OrderAwaitingPayment, withPayment(shopapi.Payment{Method: shopapi.MethodBankTransfer, State: shopapi.PaymentPending, Reference: "7K3M-22PX"}))
	backend := paymentBackend(order)
	backend.answer(payCall, order)
	b := visit(t, backend, buyer)
	b.post(paymentPath, "method", "bank_transfer", "number", "").leads(paymentPath)
	page := b.get(paymentPath)
	page.says("dl", "7K3M-22PX")
	page.says("dl", "$70.00")

	order.CanPay = true // the buyer may still change their mind
	backend.answer(orderCall, order)
	b.get(paymentPath).shows(http.StatusOK, `a[href="`+paymentPath+`?change=true"]`)
	b.get(paymentPath+"?change=true").shows(http.StatusOK, `[value="bank_transfer"][checked]`)
}

func TestPayPalLeadsToItsSandboxAndBack(t *testing.T) {
	backend := paymentBackend(sampleOrder(shopapi.OrderReserved, nil))
	b := visit(t, backend, buyer)
	key := "/sandbox/paypal?key=0123456789abcdef"
	redirect := sampleOrder(shopapi.OrderAwaitingPayment, withPayment(shopapi.Payment{Method: shopapi.MethodPayPal, State: shopapi.PaymentRedirect, RedirectURL: b.url + key}))
	backend.answer(payCall, redirect)
	b.post(paymentPath, "method", "paypal").leads(key)
	backend.answer(orderCall, redirect)
	b.get(paymentPath).shows(http.StatusOK, `a[href="`+key+`"]`)

	sandbox := shopapi.SandboxPayPal{OrderNumber: "7K3M-22PX", Amount: usd(7000), ReturnURL: b.url + paymentPath}
	backend.answer("GET /v1/sandbox/paypal/0123456789abcdef", sandbox)
	page := b.get(key)
	page.shows(http.StatusOK, `button[value="approved"]`, `button[value="cancelled"]`)
	page.says("main", "$70.00")

	backend.answer("POST /v1/payment-events/sandbox", sandbox)
	b.post("/sandbox/paypal", "key", "0123456789abcdef", "outcome", "approved").leads(paymentPath)
	var event shopapi.SandboxEvent
	if backend.last(t, "POST /v1/payment-events/sandbox", &event); event.Outcome != "approved" {
		t.Errorf("sent %+v", event)
	}
	sandbox.Outcome, sandbox.ReturnURL = "approved", "https://elsewhere.example/"
	backend.answer("GET /v1/sandbox/paypal/0123456789abcdef", sandbox)
	b.get(key).leads("/orders")
}
