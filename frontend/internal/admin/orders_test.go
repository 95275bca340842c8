package admin_test

import (
	"net/http"
	"testing"

	"bookstore/frontend/internal/ui"
	"bookstore/frontend/internal/webtest"
	"bookstore/shared/apierr"
	"bookstore/shared/idempotency"
	"bookstore/shared/shopapi"
)

func TestPagesAreOpenToThoseTheyAreFor(t *testing.T) {
	backend := &webtest.Stub{Answers: map[string]any{
		"GET /v1/cart":                        webtest.CartOf(webtest.CartLine(nil)),
		"GET /v1/orders":                      shopapi.Orders{},
		"GET /v1/sales":                       shopapi.Sales{},
		"GET /v1/admin/orders":                shopapi.Orders{},
		mailsCall:                             shopapi.Mails{},
		"GET /v1/delivery-providers":          webtest.DeliveryProviders,
		webtest.OrderCall:                     webtest.SampleOrder(shopapi.OrderPaid, nil),
		"GET /v1/sales/" + webtest.ShipmentID: webtest.SampleSale(shopapi.ShipmentNew),
		"GET /v1/payment-methods":             shopapi.PaymentMethods{},
		"DELETE /v1/delivery-providers/1":     nil,
	}}
	const ok, elsewhere, forbidden = http.StatusOK, http.StatusSeeOther, http.StatusForbidden
	visitors := []*ui.User{nil, webtest.Buyer, webtest.Seller, webtest.Admin}
	for path, want := range map[string][4]int{
		"/cart":                                 {ok, ok, ok, ok},
		"/checkout":                             {elsewhere, ok, ok, ok},
		"/orders":                               {elsewhere, ok, ok, ok},
		"/orders/" + webtest.OrderID:            {elsewhere, ok, ok, ok},
		"/selling/orders":                       {elsewhere, elsewhere, ok, ok},
		"/selling/orders/" + webtest.ShipmentID: {elsewhere, elsewhere, ok, ok},
		"/admin/orders":                         {elsewhere, forbidden, forbidden, ok},
		"/admin/orders/" + webtest.OrderID:      {elsewhere, forbidden, forbidden, ok},
		"/admin/delivery-providers":             {elsewhere, forbidden, forbidden, ok},
		"/admin/delivery-providers/new":         {elsewhere, forbidden, forbidden, ok},
		"/admin/delivery-providers/1/edit":      {elsewhere, forbidden, forbidden, ok},
		"/admin/mails":                          {elsewhere, forbidden, forbidden, ok},
	} {
		for i, v := range visitors {
			if got := webtest.Visit(t, backend, v).Get(path); got.Status != want[i] {
				t.Errorf("%s for visitor %d: got %d, want %d", path, i, got.Status, want[i])
			}
		}
	}
	for _, path := range []string{"/admin/delivery-providers", "/admin/delivery-providers/1", "/admin/delivery-providers/1/active",
		"/admin/delivery-providers/1/delete", "/admin/orders/" + webtest.OrderID + "/refunds", "/admin/orders/" + webtest.OrderID + "/confirm"} {
		webtest.Visit(t, backend, webtest.Seller).Post(path).Shows(forbidden)
		webtest.Visit(t, backend, nil).Post(path).Leads("/login?next=%2F")
	}
}

func TestAnAdminAddsAndChangesProviders(t *testing.T) {
	backend := &webtest.Stub{Answers: map[string]any{
		"GET /v1/delivery-providers":      webtest.DeliveryProviders,
		"POST /v1/delivery-providers":     webtest.DeliveryProviders.Items[0],
		"PUT /v1/delivery-providers/1":    webtest.DeliveryProviders.Items[0],
		"DELETE /v1/delivery-providers/1": struct{}{},
	}}
	b := webtest.Visit(t, backend, webtest.Admin)
	const list = "/admin/delivery-providers"
	var in shopapi.DeliveryProviderInput

	b.Post(list, "name", "UPS", "coverage", shopapi.CoverageInternational, "cost", "12,50", "active", "true").Leads(list)
	backend.Last(t, "POST /v1/delivery-providers", &in)
	if want := (shopapi.DeliveryProviderInput{Name: "UPS", Coverage: shopapi.CoverageInternational, Cost: 1250, Active: true}); in != want {
		t.Errorf("sent %+v, want %+v", in, want)
	}
	b.Get(list+"/1/edit").Shows(http.StatusOK, `#name[value="DHL"]`, `#cost[value="50.00"]`, `#active[checked]`, `form[action="`+list+`/1/delete"]`)
	b.Post(list+"/1/active", "active", "false").Leads(list)
	in = shopapi.DeliveryProviderInput{}
	backend.Last(t, "PUT /v1/delivery-providers/1", &in)
	if want := (shopapi.DeliveryProviderInput{Name: "DHL", Coverage: shopapi.CoverageInternational, Cost: 5000}); in != want {
		t.Errorf("sent %+v, want %+v", in, want)
	}
	b.Post(list + "/1/delete").Leads(list)
	b.Get(list + "/77/edit").Shows(http.StatusNotFound)
	b.Post(list + "/77").Shows(http.StatusNotFound)

	backend.Answer("POST /v1/delivery-providers", apierr.Invalid(
		apierr.FieldError{Field: "cost", Code: apierr.CodeTooSmall}, apierr.FieldError{Field: "name", Code: shopapi.CodeNameTaken}))
	for cost, want := range map[string]string{"": "Enter the cost", "abc": "amount such as", "1.234567": "decimals", "99999999999999999999": "too large"} {
		a := b.Post(list, "name", "UPS", "cost", cost)
		a.Shows(http.StatusUnprocessableEntity, "#cost-error", "#name-error", `#name[value="UPS"]`)
		a.Says("#cost-error", want)
		a.Says(".error-summary li:first-child", "Name:")
		if backend.Last(t, "POST /v1/delivery-providers", &in); in.Cost >= 0 {
			t.Errorf("%q is sent as %d, which might be taken", cost, in.Cost)
		}
	}
	backend.Answer("POST /v1/delivery-providers", apierr.Field("name", shopapi.CodeNameTaken))
	b.Post(list, "name", "DHL", "cost", "1").Says("#name-error", "There is a provider of that name already.")
}

func TestAnAdminSaysWhereParcelsAreTracked(t *testing.T) {
	const list, page = "/admin/delivery-providers", "https://track.example/{number}"
	providers := shopapi.DeliveryProviders{Items: []shopapi.DeliveryProvider{{ID: 1, Name: "DHL", Cost: webtest.USD(5000), TrackingURL: page}}}
	backend := &webtest.Stub{Answers: map[string]any{
		"GET /v1/delivery-providers": providers, "POST /v1/delivery-providers": providers.Items[0], "PUT /v1/delivery-providers/1": providers.Items[0],
	}}
	b := webtest.Visit(t, backend, webtest.Admin)
	b.Get(list+"/1/edit").Shows(http.StatusOK, `#tracking_url[value="`+page+`"]`)
	for typed, want := range map[string]string{page: page, "": ""} {
		var in shopapi.DeliveryProviderInput
		b.Post(list+"/1", "name", "DHL", "cost", "1", "tracking_url", typed).Leads(list)
		if backend.Last(t, "PUT /v1/delivery-providers/1", &in); in.TrackingURL == nil || *in.TrackingURL != want {
			t.Errorf("%q: sent %v", typed, in.TrackingURL)
		}
	}
	backend.Answer("POST /v1/delivery-providers", apierr.Field("tracking_url", apierr.CodeBadFormat))
	b.Post(list, "name", "UPS", "cost", "1", "tracking_url", "http://x").Says("#tracking_url-error", "https://")
}

func TestAnAdminGivesMoneyBack(t *testing.T) {
	refunds := "POST /v1/admin/orders/" + webtest.OrderID + "/refunds"
	order := webtest.SampleOrder(shopapi.OrderPaid, nil)
	backend := &webtest.Stub{Answers: map[string]any{webtest.OrderCall: order, refunds: order}}
	b := webtest.Visit(t, backend, webtest.Admin)
	path := "/admin/orders/" + webtest.OrderID
	b.Get(path).Shows(http.StatusOK, `option[value="`+webtest.ShipmentID+`"]`)

	b.Post(path+"/refunds", "amount", "12.50", "reason", "Damaged").Leads(path)
	var in shopapi.RefundInput
	if backend.Last(t, refunds, &in); in != (shopapi.RefundInput{Amount: 1250, Reason: "Damaged"}) {
		t.Errorf("sent %+v", in)
	}
	b.Post(path+"/refunds", "shipment_id", webtest.ShipmentID, "amount", "3", "reason", "Lost").Leads(path)
	in = shopapi.RefundInput{}
	if backend.Last(t, refunds, &in); in != (shopapi.RefundInput{ShipmentID: webtest.ShipmentID, Reason: "Lost"}) {
		t.Errorf("sent %+v", in)
	}
	b.Post(path+"/refunds", "form_key", "KEYOFTHEFORM", "amount", "3", "reason", "Lost").Leads(path)
	if got := backend.Last(t, refunds, nil).Header.Get(idempotency.Header); got != "KEYOFTHEFORM" {
		t.Errorf("the refund's key is %q", got)
	}
	b.Get(path).Shows(http.StatusOK, "input[name=form_key][value]")
	backend.Answer(refunds, apierr.Invalid(apierr.FieldError{Field: "reason", Code: apierr.CodeRequired}, apierr.FieldError{Field: "amount", Code: apierr.CodeTooSmall}))
	a := b.Post(path+"/refunds", "amount", "lots")
	a.Says("#amount-error", "amount such as")
	if backend.Last(t, refunds, &in); in.Amount >= 0 {
		t.Errorf("what is no amount is sent as %d", in.Amount)
	}
	a.Shows(http.StatusUnprocessableEntity, "#amount-error", "#reason-error")
	backend.Answer(refunds, apierr.New(apierr.KindInvalid, shopapi.CodeRefundTooLarge).With("max", 500))
	b.Post(path+"/refunds", "amount", "99").Says("#amount-error", "At most $5.00 can be refunded.")
}

func TestAnAdminBooksATransfer(t *testing.T) {
	order := webtest.SampleOrder(shopapi.OrderAwaitingPayment, webtest.WithPayment(shopapi.Payment{Method: shopapi.MethodBankTransfer, State: shopapi.PaymentPending, Reference: "7K3M-22PX"}))
	confirm := "POST /v1/admin/payments/" + order.Payment.ID + "/confirm"
	backend := &webtest.Stub{Answers: map[string]any{webtest.OrderCall: order, confirm: order}}
	b := webtest.Visit(t, backend, webtest.Admin)
	path := "/admin/orders/" + webtest.OrderID
	paymentID := b.Get(path).Value("payment_id")
	b.Post(path+"/confirm", "payment_id", paymentID, "amount", "70", "reference", "7K3M-22PX").Leads(path)
	var in shopapi.ConfirmPayment
	if backend.Last(t, confirm, &in); in != (shopapi.ConfirmPayment{Amount: 7000, Reference: "7K3M-22PX"}) {
		t.Errorf("sent %+v", in)
	}
	backend.Answer(confirm, apierr.Field("reference", shopapi.CodeReferenceMismatch))
	b.Post(path+"/confirm", "payment_id", paymentID, "amount", "70", "reference", "x").Says("#reference-error", "This is not the reference")
}

func TestAnAdminFindsOrders(t *testing.T) {
	backend := &webtest.Stub{Answers: map[string]any{"GET /v1/admin/orders": shopapi.Orders{Items: []shopapi.Order{webtest.SampleOrder(shopapi.OrderPaid, nil)}}}}
	b := webtest.Visit(t, backend, webtest.Admin)
	b.Get("/admin/orders?q=7K3M&state=paid&buyer_id=7").Shows(http.StatusOK, `#q[value="7K3M"]`, `option[value="paid"][selected]`, `a[href="/admin/orders/`+webtest.OrderID+`"]`)
	q := backend.Last(t, "GET /v1/admin/orders", nil).Query
	if q.Get("q") != "7K3M" || q.Get("state") != "paid" || q.Get("buyer_id") != "7" {
		t.Errorf("asked for %v", q)
	}
}
