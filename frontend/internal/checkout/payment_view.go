package checkout

import (
	"bookstore/frontend/internal/ui"
	"bookstore/shared/shopapi"
)

// Payment is what the payment step shows of an order that can be paid.
type Payment struct {
	Order   shopapi.Order
	Methods shopapi.PaymentMethods
	Form    ui.Form
}

func (v Payment) sandbox() bool { return v.Methods.Gateway == "sandbox" }

// takesCards reports whether the card is typed on our page.
func (v Payment) takesCards() bool {
	if v.Methods.HostedCard {
		return false
	}
	for _, m := range v.Methods.Methods {
		if m == shopapi.MethodCard {
			return true
		}
	}
	return false
}

// declined says why the last attempt failed, or "".
func (v Payment) declined(p ui.Page) string {
	payment := v.Order.Payment
	if payment == nil || payment.State != shopapi.PaymentDeclined {
		return ""
	}
	if key := "payment.declined." + payment.Reason; p.Has(key) {
		return p.T(key)
	}
	return p.T("payment.declined.other")
}

// wantsTestCard reports whether the last attempt failed for want of one.
func (v Payment) wantsTestCard() bool {
	return v.Order.Payment != nil && v.Order.Payment.Reason == shopapi.DeclinedUnknownCard
}

func (v Payment) methodNote(p ui.Page, method string) string {
	if method == shopapi.MethodCard && v.Methods.HostedCard {
		return p.T("payment.method.card_hosted_note")
	}
	return p.T("payment.method_note." + method)
}

// methodIcon pictures a way to pay.
func methodIcon(method string) string {
	switch method {
	case shopapi.MethodCard:
		return "card"
	case shopapi.MethodBankTransfer:
		return "bank"
	}
	return "wallet"
}

// testCard is a number that the sandbox knows, and what it does.
type testCard struct{ number, effect string }

// testCards are those worth trying by hand.
func testCards(p ui.Page) []testCard {
	return []testCard{
		{"4242 4242 4242 4242", p.T("payment.test_card.pays")},
		{"4000 0000 0000 0002", p.T("payment.test_card.declined")},
		{"4000 0000 0000 9995", p.T("payment.test_card.funds")},
		{"4000 0000 0000 0069", p.T("payment.test_card.expired")},
		{"4000 0000 0000 0127", p.T("payment.test_card.cvc")},
		{"4000 0000 0000 0119", p.T("payment.test_card.processing")},
	}
}

// SandboxPayPal is what the page that stands in for PayPal shows.
type SandboxPayPal struct {
	Key     string
	Payment shopapi.SandboxPayPal
}
