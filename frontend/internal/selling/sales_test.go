package selling_test

import (
	"net/http"
	"testing"
	"time"

	"bookstore/frontend/internal/ui"
	"bookstore/frontend/internal/webtest"
	"bookstore/shared/apierr"
	"bookstore/shared/shopapi"
)

const salePage = "/selling/orders/" + webtest.ShipmentID

func TestASellerMovesASaleOn(t *testing.T) {
	backend := &webtest.Stub{Answers: map[string]any{"GET /v1/sales/" + webtest.ShipmentID: webtest.SampleSale(shopapi.ShipmentNew)}}
	b := webtest.Visit(t, backend, webtest.Seller)
	page := b.Get(salePage)
	page.Shows(http.StatusOK, `form[action$="/accept"]`, `form[action$="/dispatch"] [name="tracking_number"]`, `form[action$="/reject"] [name="reason"]`)
	page.Says("address", "Calle 1 # 2-3")
	page.Says("#tracking_number-hint", "5 to 40")

	for move, form := range map[string][]string{
		"accept": nil, "dispatch": {"tracking_number", " CO-123 "}, "deliver": nil, "reject": {"reason", "Lost", "restock", "true"},
	} {
		backend.Answer("POST /v1/shipments/"+webtest.ShipmentID+"/"+move, webtest.SampleSale(shopapi.ShipmentAccepted))
		b.Post(salePage+"/"+move, form...).Leads(salePage)
		b.Get(salePage).Shows(http.StatusOK, ".flash.is-success")
	}
	var dispatch shopapi.Dispatch
	if backend.Last(t, "POST /v1/shipments/"+webtest.ShipmentID+"/dispatch", &dispatch); dispatch.TrackingNumber != "CO-123" {
		t.Errorf("sent %+v", dispatch)
	}
	var reject shopapi.Reject
	if backend.Last(t, "POST /v1/shipments/"+webtest.ShipmentID+"/reject", &reject); reject != (shopapi.Reject{Reason: "Lost", Restock: true}) {
		t.Errorf("sent %+v", reject)
	}
}

func TestASaleOffersOnlyWhatItsStateAllows(t *testing.T) {
	for state, forms := range map[string]int{"new": 3, "accepted": 2, "dispatched": 1, "delivered": 0, "rejected": 0, "cancelled": 0} {
		backend := &webtest.Stub{Answers: map[string]any{"GET /v1/sales/" + webtest.ShipmentID: webtest.SampleSale(state)}}
		page := webtest.Visit(t, backend, webtest.Seller).Get(salePage)
		if n := page.Page.Find(`form[action^="` + salePage + `"]`).Length(); n != forms {
			t.Errorf("%s: got %d forms, want %d", state, n, forms)
		}
	}
}

func TestARefusedMoveIsExplained(t *testing.T) {
	backend := &webtest.Stub{Answers: map[string]any{
		"GET /v1/sales/" + webtest.ShipmentID:                    webtest.SampleSale(shopapi.ShipmentAccepted),
		"POST /v1/shipments/" + webtest.ShipmentID + "/dispatch": apierr.Field("tracking_number", apierr.CodeRequired),
	}}
	b := webtest.Visit(t, backend, webtest.Seller)
	b.Post(salePage+"/dispatch").Shows(http.StatusUnprocessableEntity, "#tracking_number-error", `.error-summary a[href="#tracking_number"]`)
	backend.Answer("POST /v1/shipments/"+webtest.ShipmentID+"/dispatch", apierr.Field("tracking_number", apierr.CodeTooShort, "min", 5))
	b.Post(salePage+"/dispatch", "tracking_number", "12").Says("#tracking_number-error", "at least 5 characters")
	backend.Answer("POST /v1/shipments/"+webtest.ShipmentID+"/dispatch", apierr.New(apierr.KindConflict, shopapi.CodeShipmentState))
	b.Post(salePage+"/dispatch", "tracking_number", "1").Leads(salePage)
	b.Get(salePage).Shows(http.StatusOK, ".flash.is-warning")
}

func TestSalesAreListedByState(t *testing.T) {
	backend := &webtest.Stub{Answers: map[string]any{"GET /v1/sales": shopapi.Sales{Items: []shopapi.Sale{webtest.SampleSale(shopapi.ShipmentNew)}, NextCursor: "abc"}}}
	b := webtest.Visit(t, backend, webtest.Seller)
	b.Get("/selling/orders?state=new").Shows(http.StatusOK, `a[href="`+salePage+`"]`, `a[aria-current="true"][href="/selling/orders?state=new"]`, `a[rel="next"][href="/selling/orders?cursor=abc&state=new"]`)
	if got := backend.Last(t, "GET /v1/sales", nil).Query.Get("state"); got != "new" {
		t.Errorf("state: got %q", got)
	}
}

func TestSellerAndBuyerAreToldByWhenASaleIsToBeSent(t *testing.T) {
	by := time.Date(2026, 5, 13, 10, 12, 0, 0, time.UTC)
	sale := webtest.SampleSale(shopapi.ShipmentAccepted)
	sale.DueBy = &by
	order := webtest.SampleOrder(shopapi.OrderPaid, func(o *shopapi.Order) { o.Shipments = []shopapi.Shipment{sale.Shipment} })
	backend := &webtest.Stub{Answers: map[string]any{"GET /v1/sales/" + webtest.ShipmentID: sale, webtest.OrderCall: order}}
	for path, user := range map[string]*ui.User{"/selling/orders/" + webtest.ShipmentID: webtest.Seller, "/orders/" + webtest.OrderID: webtest.Buyer} {
		page := webtest.Visit(t, backend, user).Get(path)
		page.Says(".shipment", "To be sent by")
		page.Shows(http.StatusOK, `.shipment time[datetime="2026-05-13T10:12:00Z"]`)
	}
}
