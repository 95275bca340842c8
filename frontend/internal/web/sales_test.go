package web

import (
	"net/http"
	"testing"
	"time"

	"bookstore/shared/apierr"
	"bookstore/shared/shopapi"
)

const salePage = "/selling/orders/" + shipmentID

func sampleSale(state string) shopapi.Sale {
	order := sampleOrder(shopapi.OrderPaid, nil)
	sale := shopapi.Sale{
		Shipment: order.Shipments[0], OrderID: orderID, OrderNumber: order.Number, Address: order.Address,
		PaidAt: time.Date(2026, 5, 3, 10, 13, 0, 0, time.UTC),
	}
	sale.State = state
	return sale
}

func TestASellerMovesASaleOn(t *testing.T) {
	backend := &stub{answers: map[string]any{"GET /v1/sales/" + shipmentID: sampleSale("new")}}
	b := visit(t, backend, seller)
	page := b.get(salePage)
	page.shows(http.StatusOK, `form[action$="/accept"]`, `form[action$="/dispatch"] [name="tracking_number"]`, `form[action$="/reject"] [name="reason"]`)
	page.says("address", "Calle 1 # 2-3")

	for move, form := range map[string][]string{
		"accept": nil, "dispatch": {"tracking_number", " CO-123 "}, "deliver": nil, "reject": {"reason", "Lost", "restock", "true"},
	} {
		backend.answer("POST /v1/shipments/"+shipmentID+"/"+move, sampleSale("accepted"))
		b.post(salePage+"/"+move, form...).leads(salePage)
		b.get(salePage).shows(http.StatusOK, ".flash.is-success")
	}
	var dispatch shopapi.Dispatch
	if backend.last(t, "POST /v1/shipments/"+shipmentID+"/dispatch", &dispatch); dispatch.TrackingNumber != "CO-123" {
		t.Errorf("sent %+v", dispatch)
	}
	var reject shopapi.Reject
	if backend.last(t, "POST /v1/shipments/"+shipmentID+"/reject", &reject); reject != (shopapi.Reject{Reason: "Lost", Restock: true}) {
		t.Errorf("sent %+v", reject)
	}
}

func TestASaleOffersOnlyWhatItsStateAllows(t *testing.T) {
	for state, forms := range map[string]int{"new": 3, "accepted": 2, "dispatched": 1, "delivered": 0, "rejected": 0, "cancelled": 0} {
		backend := &stub{answers: map[string]any{"GET /v1/sales/" + shipmentID: sampleSale(state)}}
		page := visit(t, backend, seller).get(salePage)
		if n := page.Page.Find(`form[action^="` + salePage + `"]`).Length(); n != forms {
			t.Errorf("%s: got %d forms, want %d", state, n, forms)
		}
	}
}

func TestARefusedMoveIsExplained(t *testing.T) {
	backend := &stub{answers: map[string]any{
		"GET /v1/sales/" + shipmentID:                    sampleSale("accepted"),
		"POST /v1/shipments/" + shipmentID + "/dispatch": apierr.Field("tracking_number", "required"),
	}}
	b := visit(t, backend, seller)
	b.post(salePage+"/dispatch").shows(http.StatusUnprocessableEntity, "#tracking_number-error", `.error-summary a[href="#tracking_number"]`)
	backend.answer("POST /v1/shipments/"+shipmentID+"/dispatch", refusal(apierr.KindConflict, "shipment_state"))
	b.post(salePage+"/dispatch", "tracking_number", "1").leads(salePage)
	b.get(salePage).shows(http.StatusOK, ".flash.is-warning")
}

func TestSalesAreListedByState(t *testing.T) {
	backend := &stub{answers: map[string]any{"GET /v1/sales": shopapi.Sales{Items: []shopapi.Sale{sampleSale("new")}, NextCursor: "abc"}}}
	b := visit(t, backend, seller)
	b.get("/selling/orders?state=new").shows(http.StatusOK, `a[href="`+salePage+`"]`, `a[aria-current="true"][href="/selling/orders?state=new"]`, `a[rel="next"][href="/selling/orders?cursor=abc&state=new"]`)
	if got := backend.last(t, "GET /v1/sales", nil).Query.Get("state"); got != "new" {
		t.Errorf("state: got %q", got)
	}
}
