package web

import (
	"regexp"
	"slices"
	"testing"
	"time"

	"bookstore/frontend/internal/view"
	"bookstore/shared/shopapi"
)

var messageKey = regexp.MustCompile(`\b(cart|checkout|payment|sandbox|orders?|shipment|refund|event|sales|admin_orders|providers|form|error|layout|condition)\.[a-z_.]+\b`)

func TestNoStateLeavesAKeyInPlaceOfWords(t *testing.T) {
	at := time.Date(2026, 5, 4, 9, 0, 0, 0, time.UTC)
	orderStates := []string{"pending", "reserved", "authorising", "awaiting_payment", "authorised", "committed", "capturing", "paid", "voiding", "restocking", "cancelled", "expired"}
	shipmentStates := []string{"pending", "new", "accepted", "dispatched", "delivered", "rejected", "cancelled"}
	paymentStates := []string{"started", "redirect", "pending", "authorised", "captured", "declined", "voided"}

	order := sampleOrder(shopapi.OrderPaid, nil)
	for subject, states := range map[string][]string{"order": orderStates, "shipment": shipmentStates, "payment": paymentStates, "refund": {"due", "paid"}, "stock": {"held"}} {
		for _, to := range states {
			for _, actor := range []string{"buyer", "seller", "admin", "system"} {
				order.Events = append(order.Events, shopapi.Event{At: at, Actor: actor, Subject: subject, To: to})
			}
		}
	}
	order.Refunds = []shopapi.Refund{{Amount: usd(1), State: "due"}, {Amount: usd(1), State: "paid"}}
	check := func(a answer) {
		t.Helper()
		if key := messageKey.FindString(a.text("body")); key != "" {
			t.Errorf("the page says %q", key)
		}
	}
	for _, lang := range []string{"en", "es"} {
		for i, state := range orderStates {
			order.State = state
			order.Shipments[0].State = shipmentStates[i%len(shipmentStates)]
			order.Payment.State = paymentStates[i%len(paymentStates)]
			order.Payment.Method = []string{"card", "paypal", "bank_transfer"}[i%3]
			backend := paymentBackend(order)
			for user, path := range map[*view.User]string{buyer: "/orders/" + orderID, admin: "/admin/orders/" + orderID} {
				b := visit(t, backend, user)
				b.lang = lang
				check(b.get(path))
				check(b.get(path + "/payment"))
			}
			backend.answer("GET /v1/sales/"+shipmentID, sampleSale(shipmentStates[1+i%(len(shipmentStates)-1)]))
			b := visit(t, backend, seller)
			b.lang = lang
			check(b.get(salePage))
		}
	}
}

func TestEveryReasonHasWords(t *testing.T) {
	for _, code := range slices.Concat(shopapi.Reasons, shopapi.DeclineReasons, shopapi.Methods) {
		if note := noteOf(t, shopapi.Event{Code: code, Reason: code}); note == "" || note == code {
			t.Errorf("%s: the page says %q", code, note)
		}
	}
}

func TestWhatAPersonWroteIsShownAsItIs(t *testing.T) {
	for _, words := range []string{"The cat sat on it", "stock_gone", "card"} {
		if note := noteOf(t, shopapi.Event{Code: "buyer_cancelled", Note: words, Reason: words}); note != words {
			t.Errorf("%s: the page says %q", words, note)
		}
	}
}

// noteOf returns what an admin reads beside an event of the system.
func noteOf(t *testing.T, e shopapi.Event) string {
	t.Helper()
	e.Actor, e.Subject, e.To = "system", "order", "paid"
	order := sampleOrder(shopapi.OrderPaid, nil)
	order.Events = []shopapi.Event{e}
	backend := &stub{answers: map[string]any{orderCall: order}}
	return visit(t, backend, admin).get("/admin/orders/" + orderID).text(".timeline-note")
}

func TestCountriesAreThoseOfTheWorld(t *testing.T) {
	names := map[string]string{}
	for _, o := range view.Countries("es") {
		names[o.Value] = o.Label
	}
	if len(names) < 240 || len(names) > 260 {
		t.Errorf("got %d countries", len(names))
	}
	for code, want := range map[string]string{"CO": "Colombia", "DE": "Alemania", "US": "Estados Unidos", "AX": "Islas Åland"} {
		if names[code] != want {
			t.Errorf("%s: got %q, want %q", code, names[code], want)
		}
	}
	for _, code := range []string{"UK", "EU", "UN", "ZZ", "SU"} {
		if names[code] != "" {
			t.Errorf("%s is a country: %s", code, names[code])
		}
	}
	if list := view.Countries("es"); list[0].Label != "Afganistán" {
		t.Errorf("the list begins with %q", list[0].Label)
	}
}
