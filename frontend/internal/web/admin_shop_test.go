package web

import (
	"net/http"
	"testing"

	"bookstore/frontend/internal/view"
	"bookstore/shared/apierr"
	"bookstore/shared/shopapi"
)

func TestPagesAreOpenToThoseTheyAreFor(t *testing.T) {
	backend := &stub{answers: map[string]any{
		"GET /v1/cart":                    cartOf(cartLine(nil)),
		"GET /v1/orders":                  shopapi.Orders{},
		"GET /v1/sales":                   shopapi.Sales{},
		"GET /v1/admin/orders":            shopapi.Orders{},
		mailsCall:                         shopapi.Mails{},
		"GET /v1/delivery-providers":      deliveryProviders,
		orderCall:                         sampleOrder(shopapi.OrderPaid, nil),
		"GET /v1/sales/" + shipmentID:     sampleSale("new"),
		"GET /v1/payment-methods":         shopapi.PaymentMethods{},
		"DELETE /v1/delivery-providers/1": nil,
	}}
	const ok, elsewhere, forbidden = http.StatusOK, http.StatusSeeOther, http.StatusForbidden
	visitors := []*view.User{nil, buyer, seller, admin}
	for path, want := range map[string][4]int{
		"/cart":                            {ok, ok, ok, ok},
		"/checkout":                        {elsewhere, ok, ok, ok},
		"/orders":                          {elsewhere, ok, ok, ok},
		"/orders/" + orderID:               {elsewhere, ok, ok, ok},
		"/selling/orders":                  {elsewhere, elsewhere, ok, ok},
		salePage:                           {elsewhere, elsewhere, ok, ok},
		"/admin/orders":                    {elsewhere, forbidden, forbidden, ok},
		"/admin/orders/" + orderID:         {elsewhere, forbidden, forbidden, ok},
		"/admin/delivery-providers":        {elsewhere, forbidden, forbidden, ok},
		"/admin/delivery-providers/new":    {elsewhere, forbidden, forbidden, ok},
		"/admin/delivery-providers/1/edit": {elsewhere, forbidden, forbidden, ok},
		"/admin/mails":                     {elsewhere, forbidden, forbidden, ok},
	} {
		for i, v := range visitors {
			if got := visit(t, backend, v).get(path); got.Status != want[i] {
				t.Errorf("%s for visitor %d: got %d, want %d", path, i, got.Status, want[i])
			}
		}
	}
	for _, path := range []string{"/admin/delivery-providers", "/admin/delivery-providers/1", "/admin/delivery-providers/1/active",
		"/admin/delivery-providers/1/delete", "/admin/orders/" + orderID + "/refunds", "/admin/orders/" + orderID + "/confirm"} {
		visit(t, backend, seller).post(path).shows(forbidden)
		visit(t, backend, nil).post(path).leads("/login?next=%2F")
	}
}

func TestAnAdminAddsAndChangesProviders(t *testing.T) {
	backend := &stub{answers: map[string]any{
		"GET /v1/delivery-providers":      deliveryProviders,
		"POST /v1/delivery-providers":     deliveryProviders.Items[0],
		"PUT /v1/delivery-providers/1":    deliveryProviders.Items[0],
		"DELETE /v1/delivery-providers/1": struct{}{},
	}}
	b := visit(t, backend, admin)
	const list = "/admin/delivery-providers"
	var in shopapi.DeliveryProviderInput

	b.post(list, "name", "UPS", "coverage", "international", "cost", "12,50", "active", "true").leads(list)
	backend.last(t, "POST /v1/delivery-providers", &in)
	if want := (shopapi.DeliveryProviderInput{Name: "UPS", Coverage: "international", Cost: 1250, Active: true}); in != want {
		t.Errorf("sent %+v, want %+v", in, want)
	}
	b.get(list+"/1/edit").shows(http.StatusOK, `#name[value="DHL"]`, `#cost[value="50.00"]`, `#active[checked]`, `form[action="`+list+`/1/delete"]`)
	b.post(list+"/1/active", "active", "false").leads(list)
	in = shopapi.DeliveryProviderInput{}
	backend.last(t, "PUT /v1/delivery-providers/1", &in)
	if want := (shopapi.DeliveryProviderInput{Name: "DHL", Coverage: "international", Cost: 5000}); in != want {
		t.Errorf("sent %+v, want %+v", in, want)
	}
	b.post(list + "/1/delete").leads(list)
	b.get(list + "/77/edit").shows(http.StatusNotFound)
	b.post(list + "/77").shows(http.StatusNotFound)

	for _, cost := range []string{"", "abc", "1.234567", "99999999999999999999"} {
		b.post(list, "name", "UPS", "cost", cost).shows(http.StatusUnprocessableEntity, "#cost-error", `#name[value="UPS"]`)
	}
	backend.answer("POST /v1/delivery-providers", apierr.Field("name", "name_taken"))
	b.post(list, "name", "DHL", "cost", "1").says("#name-error", "There is a provider of that name already.")
}

func TestAnAdminGivesMoneyBack(t *testing.T) {
	refunds := "POST /v1/admin/orders/" + orderID + "/refunds"
	order := sampleOrder(shopapi.OrderPaid, nil)
	backend := &stub{answers: map[string]any{orderCall: order, refunds: order}}
	b := visit(t, backend, admin)
	path := "/admin/orders/" + orderID
	b.get(path).shows(http.StatusOK, `option[value="`+shipmentID+`"]`)

	b.post(path+"/refunds", "amount", "12.50", "reason", "Damaged").leads(path)
	var in shopapi.RefundInput
	if backend.last(t, refunds, &in); in != (shopapi.RefundInput{Amount: 1250, Reason: "Damaged"}) {
		t.Errorf("sent %+v", in)
	}
	b.post(path+"/refunds", "shipment_id", shipmentID, "amount", "3", "reason", "Lost").leads(path)
	in = shopapi.RefundInput{}
	if backend.last(t, refunds, &in); in != (shopapi.RefundInput{ShipmentID: shipmentID, Reason: "Lost"}) {
		t.Errorf("sent %+v", in)
	}
	b.post(path+"/refunds", "refund_key", "KEYOFTHEFORM", "amount", "3", "reason", "Lost").leads(path)
	if got := backend.last(t, refunds, nil).Header.Get(shopapi.HeaderIdempotencyKey); got != "KEYOFTHEFORM" {
		t.Errorf("the refund's key is %q", got)
	}
	b.get(path).shows(http.StatusOK, "input[name=refund_key][value]")
	b.post(path+"/refunds", "amount", "lots").shows(http.StatusUnprocessableEntity, "#amount-error")
	backend.answer(refunds, refusal(apierr.KindInvalid, "refund_too_large").With("max", 500))
	b.post(path+"/refunds", "amount", "99").says("#amount-error", "At most $5.00 can be refunded.")
}

func TestAnAdminBooksATransfer(t *testing.T) {
	order := sampleOrder(shopapi.OrderAwaitingPayment, withPayment(shopapi.Payment{Method: shopapi.MethodBankTransfer, State: shopapi.PaymentPending, Reference: "7K3M-22PX"}))
	confirm := "POST /v1/admin/payments/" + order.Payment.ID + "/confirm"
	backend := &stub{answers: map[string]any{orderCall: order, confirm: order}}
	b := visit(t, backend, admin)
	path := "/admin/orders/" + orderID
	paymentID := b.get(path).value("payment_id")
	b.post(path+"/confirm", "payment_id", paymentID, "amount", "70", "reference", "7K3M-22PX").leads(path)
	var in shopapi.ConfirmPayment
	if backend.last(t, confirm, &in); in != (shopapi.ConfirmPayment{Amount: 7000, Reference: "7K3M-22PX"}) {
		t.Errorf("sent %+v", in)
	}
	backend.answer(confirm, apierr.Field("reference", "reference_mismatch"))
	b.post(path+"/confirm", "payment_id", paymentID, "amount", "70", "reference", "x").says("#reference-error", "This is not the reference")
}

func TestAnAdminFindsOrders(t *testing.T) {
	backend := &stub{answers: map[string]any{"GET /v1/admin/orders": shopapi.Orders{Items: []shopapi.Order{sampleOrder(shopapi.OrderPaid, nil)}}}}
	b := visit(t, backend, admin)
	b.get("/admin/orders?q=7K3M&state=paid&buyer_id=7").shows(http.StatusOK, `#q[value="7K3M"]`, `option[value="paid"][selected]`, `a[href="/admin/orders/`+orderID+`"]`)
	q := backend.last(t, "GET /v1/admin/orders", nil).Query
	if q.Get("q") != "7K3M" || q.Get("state") != "paid" || q.Get("buyer_id") != "7" {
		t.Errorf("asked for %v", q)
	}
}
