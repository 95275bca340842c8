package web

import (
	"net/http"
	"testing"
	"time"

	"bookstore/shared/apierr"
	"bookstore/shared/shopapi"
)

func TestAnOrderShowsWhereItStands(t *testing.T) {
	at := time.Date(2026, 5, 4, 9, 0, 0, 0, time.UTC)
	order := sampleOrder(shopapi.OrderPaid, func(o *shopapi.Order) {
		s := &o.Shipments[0]
		s.State, s.TrackingNumber, s.DispatchedAt = shopapi.ShipmentDispatched, "CO-123", &at
		o.CanCancel = false
		o.Events = []shopapi.Event{
			{At: at, Actor: "buyer", Subject: "order", To: "pending"},
			{At: at, Actor: "seller", Subject: "shipment", SubjectID: shipmentID, From: "new", To: "dispatched"},
			{At: at, Actor: "system", Subject: "payment", To: "declined", Code: "card_declined"},
			{At: at, Actor: "system", Subject: "order", From: "authorising", To: "reserved", Code: "card_declined"},
			{At: at, Actor: "system", Subject: "stock", From: "held", To: "committed"},
		}
	})
	b := visit(t, &stub{answers: map[string]any{orderCall: order}}, buyer)
	page := b.get("/orders/" + orderID)
	page.shows(http.StatusOK, ".status.is-paid", ".shipment .status.is-dispatched", "address")
	for _, want := range []string{"CO-123", "On its way", "$70.00", "Colombia", "Books dispatched", "the bank declined the card"} {
		page.says("main", want)
	}
	if n := page.Page.Find(".timeline li").Length(); n != 3 {
		t.Errorf("the history has %d lines, want the three that concern a buyer", n)
	}
	if page.Page.Find(`form[action$="/cancel"]`).Length() > 0 {
		t.Error("an order on its way can be cancelled")
	}
	b.lang = "es"
	b.get("/orders/"+orderID).says("main", "Libros enviados")
}

func TestOneDeliveryOfSeveralCanBeCancelled(t *testing.T) {
	backend := &stub{answers: map[string]any{}}
	order := sampleOrder(shopapi.OrderPaid, func(o *shopapi.Order) {
		o.CanCancel = false
		other := o.Shipments[0]
		other.ID, other.State = "0197a000-0000-7000-8000-0000000000dd", shopapi.ShipmentDispatched
		o.Shipments = append(o.Shipments, other)
	})
	backend.answer(orderCall, order)
	backend.answer("POST /v1/orders/"+orderID+"/cancel", order)
	b := visit(t, backend, buyer)
	page := b.get("/orders/" + orderID)
	if n := page.Page.Find(`form[action$="/cancel"]`).Length(); n != 1 {
		t.Errorf("got %d forms to cancel, want one for the delivery that is not sent", n)
	}
	b.post("/orders/"+orderID+"/cancel", "shipment_id", shipmentID, "reason", "Too late").leads("/orders/" + orderID)
	var in shopapi.Cancel
	backend.last(t, "POST /v1/orders/"+orderID+"/cancel", &in)
	if in != (shopapi.Cancel{ShipmentID: shipmentID, Reason: "Too late"}) {
		t.Errorf("sent %+v", in)
	}
	b.get("/orders/"+orderID).says(".flash", "What you paid comes back to you.")
}

func TestCancellingTooLateShowsTheOrderAsItIs(t *testing.T) {
	backend := &stub{answers: map[string]any{
		orderCall:                                sampleOrder(shopapi.OrderPaid, nil),
		"POST /v1/orders/" + orderID + "/cancel": refusal(apierr.KindConflict, "order_state").With("state", "paid"),
	}}
	b := visit(t, backend, buyer)
	b.post("/orders/" + orderID + "/cancel").leads("/orders/" + orderID)
	b.get("/orders/"+orderID).says(".flash.is-warning", "That is no longer possible.")
}

func TestOrdersAreListedWithTheirNextPage(t *testing.T) {
	backend := &stub{answers: map[string]any{"GET /v1/orders": shopapi.Orders{Items: []shopapi.Order{sampleOrder(shopapi.OrderReserved, nil)}, NextCursor: "abc"}}}
	b := visit(t, backend, buyer)
	b.get("/orders").shows(http.StatusOK, `a[href="/orders/`+orderID+`"]`, `a[href="`+paymentPath+`"]`, `a[rel="next"][href="/orders?cursor=abc"]`)
	b.get("/orders?cursor=abc")
	if got := backend.last(t, "GET /v1/orders", nil).Query.Get("cursor"); got != "abc" {
		t.Errorf("cursor: got %q", got)
	}
	backend.answer("GET /v1/orders", shopapi.Orders{Items: []shopapi.Order{}})
	b.get("/orders").shows(http.StatusOK, ".empty")
}

func TestOrdersOfOthersAreNotFound(t *testing.T) {
	backend := &stub{answers: map[string]any{orderCall: refusal(apierr.KindNotFound, "order_not_found")}}
	b := visit(t, backend, buyer)
	b.get("/orders/"+orderID).shows(http.StatusNotFound, ".error-page")
	for _, id := range []string{"1", "a%2fb", "0197A000-0000-7000-8000-0000000000AA", orderID + "x"} {
		b.get("/orders/" + id).shows(http.StatusNotFound)
	}
	visit(t, backend, nil).get("/orders/" + orderID).leads("/login?next=%2Forders%2F" + orderID)
}
