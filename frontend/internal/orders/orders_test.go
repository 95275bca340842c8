package orders_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"bookstore/frontend/internal/ui"
	"bookstore/frontend/internal/webtest"
	"bookstore/shared/apierr"
	"bookstore/shared/shopapi"

	"github.com/PuerkitoBio/goquery"
)

func TestAnOrderShowsWhereItStands(t *testing.T) {
	at := time.Date(2026, 5, 4, 9, 0, 0, 0, time.UTC)
	order := webtest.SampleOrder(shopapi.OrderPaid, func(o *shopapi.Order) {
		s := &o.Shipments[0]
		s.State, s.TrackingNumber, s.DispatchedAt = shopapi.ShipmentDispatched, "CO-123", &at
		s.TrackingURL, s.Lines[0].Cover = "https://track.example/CO-123", "c0ffee"
		o.CanCancel = false
		o.Events = []shopapi.Event{
			{At: at, Actor: shopapi.ActorBuyer, Subject: shopapi.SubjectOrder, To: shopapi.OrderPending},
			{At: at, Actor: shopapi.ActorSeller, Subject: shopapi.SubjectShipment, SubjectID: webtest.ShipmentID, From: shopapi.ShipmentNew, To: shopapi.ShipmentDispatched},
			{At: at, Actor: shopapi.ActorSystem, Subject: shopapi.SubjectPayment, To: shopapi.PaymentDeclined, Code: shopapi.DeclinedCard},
			{At: at, Actor: shopapi.ActorSystem, Subject: shopapi.SubjectOrder, From: shopapi.OrderAuthorising, To: shopapi.OrderReserved, Code: shopapi.DeclinedCard},
			{At: at, Actor: shopapi.ActorSystem, Subject: shopapi.SubjectStock, From: shopapi.StockHeld, To: shopapi.StockCommitted},
		}
	})
	b := webtest.Visit(t, &webtest.Stub{Answers: map[string]any{webtest.OrderCall: order}}, webtest.Buyer)
	page := b.Get("/orders/" + webtest.OrderID)
	page.Shows(http.StatusOK, ".status.is-paid", ".shipment .status.is-dispatched", "address")
	page.Shows(http.StatusOK, `.cart-line img[src="/covers/c0ffee.jpg"]`, `.facts a[href="https://track.example/CO-123"][rel=noreferrer]`)
	page.Says("address", "Calle 1 # 2-3")
	for _, want := range []string{"CO-123", "On its way", "$70.00", "Colombia", "Blue Door Books sent your books", "The payment did not go through", "the bank declined the card"} {
		page.Says("main", want)
	}
	if n := page.Page.Find(".timeline li").Length(); n != 3 {
		t.Errorf("the history has %d lines, want the three that concern a buyer", n)
	}
	if page.Page.Find(`form[action$="/cancel"]`).Length() > 0 {
		t.Error("an order on its way can be cancelled")
	}
	b.Lang = "es"
	b.Get("/orders/"+webtest.OrderID).Says("main", "Blue Door Books envió tus libros")
}

func TestOnlyAPaidOrderPrintsAsAReceipt(t *testing.T) {
	for state, want := range map[string]string{shopapi.OrderPaid: "Bookstore · Receipt", shopapi.OrderReserved: "Bookstore"} {
		backend := &webtest.Stub{Answers: map[string]any{webtest.OrderCall: webtest.SampleOrder(state, nil)}}
		page := webtest.Visit(t, backend, webtest.Buyer).Get("/orders/" + webtest.OrderID)
		if got := page.Text(".receipt-head"); got != want {
			t.Errorf("%s: got %q, want %q", state, got, want)
		}
	}
}

func TestTheHistoryTellsTheBuyersStoryAndAdminsAllOfIt(t *testing.T) {
	refund := shopapi.Refund{ID: "0197a000-0000-7000-8000-0000000000ee", Amount: webtest.USD(500), State: shopapi.RefundDue}
	order := webtest.SampleOrder(shopapi.OrderPaid, func(o *shopapi.Order) {
		o.Refunds = []shopapi.Refund{refund}
		for _, e := range []shopapi.Event{
			{Actor: shopapi.ActorBuyer, Subject: shopapi.SubjectOrder, To: shopapi.OrderPending},
			{Actor: shopapi.ActorSystem, Subject: shopapi.SubjectStock, From: "stock", To: shopapi.StockHeld},
			{Actor: shopapi.ActorSystem, Subject: shopapi.SubjectOrder, From: shopapi.OrderPending, To: shopapi.OrderReserved},
			{Actor: shopapi.ActorBuyer, Subject: shopapi.SubjectPayment, To: shopapi.PaymentStarted},
			{Actor: shopapi.ActorSystem, Subject: shopapi.SubjectOrder, From: shopapi.OrderCapturing, To: shopapi.OrderPaid},
			{Actor: shopapi.ActorSystem, Subject: shopapi.SubjectShipment, SubjectID: webtest.ShipmentID, From: shopapi.ShipmentPending, To: shopapi.ShipmentNew},
			{Actor: shopapi.ActorAdmin, Subject: shopapi.SubjectRefund, SubjectID: refund.ID, To: shopapi.RefundDue, Note: "Torn page"},
		} {
			e.At = time.Date(2026, 5, 4, 9, 0, 0, 0, time.UTC)
			o.Events = append(o.Events, e)
		}
	})
	backend := &webtest.Stub{Answers: map[string]any{webtest.OrderCall: order}}
	for user, want := range map[*ui.User]string{
		webtest.Buyer: "You placed the order|You paid for it|$5.00 goes back to you",
		webtest.Admin: "Order placed|Stock updated|Books set aside|Payment attempt started|Order paid|Seller told|Refund on its way",
	} {
		path := "/orders/" + webtest.OrderID
		if user == webtest.Admin {
			path = "/admin" + path
		}
		page := webtest.Visit(t, backend, user).Get(path)
		titles := page.Page.Find(".timeline-title").Map(func(_ int, s *goquery.Selection) string { return s.Text() })
		if got := strings.Join(titles, "|"); got != want {
			t.Errorf("%s reads %q, want %q", user.Name, got, want)
		}
		page.Says(".timeline", "by the shop · Torn page")
	}
}

func TestOneDeliveryOfSeveralCanBeCancelled(t *testing.T) {
	backend := &webtest.Stub{Answers: map[string]any{}}
	order := webtest.SampleOrder(shopapi.OrderPaid, func(o *shopapi.Order) {
		o.CanCancel = false
		other := o.Shipments[0]
		other.ID, other.State = "0197a000-0000-7000-8000-0000000000dd", shopapi.ShipmentDispatched
		o.Shipments = append(o.Shipments, other)
	})
	backend.Answer(webtest.OrderCall, order)
	backend.Answer("POST /v1/orders/"+webtest.OrderID+"/cancel", order)
	b := webtest.Visit(t, backend, webtest.Buyer)
	page := b.Get("/orders/" + webtest.OrderID)
	if n := page.Page.Find(`form[action$="/cancel"]`).Length(); n != 1 {
		t.Errorf("got %d forms to cancel, want one for the delivery that is not sent", n)
	}
	b.Post("/orders/"+webtest.OrderID+"/cancel", "shipment_id", webtest.ShipmentID, "reason", "Too late").Leads("/orders/" + webtest.OrderID)
	var in shopapi.Cancel
	backend.Last(t, "POST /v1/orders/"+webtest.OrderID+"/cancel", &in)
	if in != (shopapi.Cancel{ShipmentID: webtest.ShipmentID, Reason: "Too late"}) {
		t.Errorf("sent %+v", in)
	}
	b.Get("/orders/"+webtest.OrderID).Says(".flash", "What you paid comes back to you.")
}

func TestCancellingTooLateShowsTheOrderAsItIs(t *testing.T) {
	backend := &webtest.Stub{Answers: map[string]any{
		webtest.OrderCall: webtest.SampleOrder(shopapi.OrderPaid, nil),
		"POST /v1/orders/" + webtest.OrderID + "/cancel": apierr.New(apierr.KindConflict, shopapi.CodeOrderState).With("state", "paid"),
	}}
	b := webtest.Visit(t, backend, webtest.Buyer)
	b.Post("/orders/" + webtest.OrderID + "/cancel").Leads("/orders/" + webtest.OrderID)
	b.Get("/orders/"+webtest.OrderID).Says(".flash.is-warning", "That is no longer possible.")
}

func TestOrdersAreListedWithTheirNextPage(t *testing.T) {
	backend := &webtest.Stub{Answers: map[string]any{"GET /v1/orders": shopapi.Orders{Items: []shopapi.Order{webtest.SampleOrder(shopapi.OrderReserved, nil)}, NextCursor: "abc"}}}
	b := webtest.Visit(t, backend, webtest.Buyer)
	b.Get("/orders").Shows(http.StatusOK, `a[href="/orders/`+webtest.OrderID+`"]`, `a[href="`+webtest.PaymentPath+`"]`, `a[rel="next"][href="/orders?cursor=abc"]`)
	b.Get("/orders?cursor=abc")
	if got := backend.Last(t, "GET /v1/orders", nil).Query.Get("cursor"); got != "abc" {
		t.Errorf("cursor: got %q", got)
	}
	backend.Answer("GET /v1/orders", shopapi.Orders{Items: []shopapi.Order{}})
	b.Get("/orders").Shows(http.StatusOK, ".empty")
}

func TestOrdersOfOthersAreNotFound(t *testing.T) {
	backend := &webtest.Stub{Answers: map[string]any{webtest.OrderCall: apierr.New(apierr.KindNotFound, shopapi.CodeOrderNotFound)}}
	b := webtest.Visit(t, backend, webtest.Buyer)
	b.Get("/orders/"+webtest.OrderID).Shows(http.StatusNotFound, ".error-page")
	for _, id := range []string{"1", "a%2fb", "0197A000-0000-7000-8000-0000000000AA", webtest.OrderID + "x"} {
		b.Get("/orders/" + id).Shows(http.StatusNotFound)
	}
	webtest.Visit(t, backend, nil).Get("/orders/" + webtest.OrderID).Leads("/login?next=%2Forders%2F" + webtest.OrderID)
}

func TestAddressesArePrintedAsTheirCountryWritesThem(t *testing.T) {
	for want, a := range map[string]shopapi.Address{
		"Max Kaya|Weg 1|10115 Berlin|Germany":                  {Name: "Max Kaya", Line1: "Weg 1", City: "Berlin", PostalCode: "10115", Country: "DE"},
		"Jo Poe|1 Main St|Springfield, IL 62701|United States": {Name: "Jo Poe", Line1: "1 Main St", City: "Springfield", Region: "IL", PostalCode: "62701", Country: "US"},
		"of before|Road 1|Town|Region|99|Hong Kong SAR China":  {Name: "of before", Line1: "Road 1", City: "Town", Region: "Region", PostalCode: "99", Country: "HK"},
	} {
		order := webtest.SampleOrder(shopapi.OrderPaid, func(o *shopapi.Order) { o.Address = a })
		page := webtest.Visit(t, &webtest.Stub{Answers: map[string]any{webtest.OrderCall: order}}, webtest.Buyer).Get("/orders/" + webtest.OrderID)
		lines := page.Page.Find("address bdi").Map(func(_ int, s *goquery.Selection) string { return s.Text() })
		if got := strings.Join(lines, "|"); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
