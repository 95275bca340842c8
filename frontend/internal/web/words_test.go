package web_test

import (
	"regexp"
	"slices"
	"testing"
	"time"

	"bookstore/frontend/internal/ui"
	"bookstore/frontend/internal/webtest"
	"bookstore/shared/shopapi"
)

var messageKey = regexp.MustCompile(`\b(cart|checkout|payment|sandbox|orders?|shipment|refund|event|sales|admin_orders|providers|form|error|layout|condition)\.[a-z_.]+\b`)

func TestNoStateLeavesAKeyInPlaceOfWords(t *testing.T) {
	at := time.Date(2026, 5, 4, 9, 0, 0, 0, time.UTC)
	order := webtest.SampleOrder(shopapi.OrderPaid, nil)
	for subject, states := range map[string][]string{
		shopapi.SubjectOrder: shopapi.OrderStates, shopapi.SubjectShipment: shopapi.ShipmentStates, shopapi.SubjectPayment: shopapi.PaymentStates,
		shopapi.SubjectRefund: shopapi.RefundStates, shopapi.SubjectStock: {shopapi.StockHeld},
	} {
		for _, to := range states {
			for _, actor := range []string{shopapi.ActorBuyer, shopapi.ActorSeller, shopapi.ActorAdmin, shopapi.ActorSystem} {
				order.Events = append(order.Events, shopapi.Event{At: at, Actor: actor, Subject: subject, To: to})
			}
		}
	}
	order.Refunds = []shopapi.Refund{{Amount: webtest.USD(1), State: shopapi.RefundDue}, {Amount: webtest.USD(1), State: shopapi.RefundPaid}}
	check := func(a webtest.Answer) {
		t.Helper()
		if key := messageKey.FindString(a.Text("body")); key != "" {
			t.Errorf("the page says %q", key)
		}
	}
	for _, lang := range []string{"en", "es"} {
		for i, state := range shopapi.OrderStates {
			order.State = state
			order.Shipments[0].State = shopapi.ShipmentStates[i%len(shopapi.ShipmentStates)]
			order.Payment.State = shopapi.PaymentStates[i%len(shopapi.PaymentStates)]
			order.Payment.Method = shopapi.Methods[i%len(shopapi.Methods)]
			backend := webtest.PaymentBackend(order)
			for user, path := range map[*ui.User]string{webtest.Buyer: "/orders/" + webtest.OrderID, webtest.Admin: "/admin/orders/" + webtest.OrderID} {
				b := webtest.Visit(t, backend, user)
				b.Lang = lang
				check(b.Get(path))
				check(b.Get(path + "/payment"))
			}
			backend.Answer("GET /v1/sales/"+webtest.ShipmentID, webtest.SampleSale(shopapi.ShipmentStates[1+i%(len(shopapi.ShipmentStates)-1)]))
			b := webtest.Visit(t, backend, webtest.Seller)
			b.Lang = lang
			check(b.Get("/selling/orders/" + webtest.ShipmentID))
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
	for _, words := range []string{"The cat sat on it", shopapi.ReasonStockGone, shopapi.MethodCard} {
		if note := noteOf(t, shopapi.Event{Code: shopapi.ReasonBuyerCancelled, Note: words, Reason: words}); note != words {
			t.Errorf("%s: the page says %q", words, note)
		}
	}
}

// noteOf returns what an admin reads beside an event of the system.
func noteOf(t *testing.T, e shopapi.Event) string {
	t.Helper()
	e.Actor, e.Subject, e.To = shopapi.ActorSystem, shopapi.SubjectOrder, shopapi.OrderPaid
	order := webtest.SampleOrder(shopapi.OrderPaid, nil)
	order.Events = []shopapi.Event{e}
	backend := &webtest.Stub{Answers: map[string]any{webtest.OrderCall: order}}
	return webtest.Visit(t, backend, webtest.Admin).Get("/admin/orders/" + webtest.OrderID).Text(".timeline-note")
}
