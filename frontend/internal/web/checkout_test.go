package web

import (
	"net/http"
	"testing"

	"bookstore/shared/apierr"
	"bookstore/shared/shopapi"
)

const orderID = "0197a000-0000-7000-8000-0000000000aa"

var deliveryProviders = shopapi.DeliveryProviders{HomeCountry: "CO", Items: []shopapi.DeliveryProvider{
	{ID: 1, Name: "DHL", Coverage: shopapi.CoverageInternational, Cost: usd(5000), Active: true},
	{ID: 2, Name: "Envia", Coverage: shopapi.CoverageNational, Cost: usd(2000), Active: true},
	{ID: 3, Name: "FedEx", Coverage: shopapi.CoverageInternational, Cost: usd(4500), Active: true},
	{ID: 4, Name: "Pigeon", Coverage: shopapi.CoverageInternational, Cost: usd(1), Active: false},
}}

func checkoutBackend() *stub {
	return &stub{answers: map[string]any{
		"GET /v1/cart":               cartOf(cartLine(nil), cartLine(func(l *shopapi.CartLine) { l.BookID, l.SellerID, l.SellerName = 2, 11, "Otra" })),
		"GET /v1/delivery-providers": deliveryProviders,
		"GET /v1/orders":             shopapi.Orders{Items: []shopapi.Order{}},
		"POST /v1/orders":            shopapi.Order{ID: orderID},
	}}
}

// checkoutForm is what a browser sends for the cart of checkoutBackend.
func checkoutForm(more ...string) []string {
	return append([]string{
		"checkout_key", "0197a000-0000-7000-8000-000000000001",
		"book_id", "1", "seller_id", "8", "quantity", "2", "price", "1000",
		"book_id", "2", "seller_id", "11", "quantity", "2", "price", "1000",
		"name", "Ana Gómez", "line1", "Calle 1 # 2-3", "city", "Bogotá", "region", "Bogotá", "country", "CO", "provider_8", "2",
	}, more...)
}

func TestTheCheckoutAsksGuestsToSignIn(t *testing.T) {
	visit(t, &stub{}, nil).get("/checkout").leads("/login?next=%2Fcheckout")
}

func TestTheCheckoutShowsTheTotalWithTheCheapestDelivery(t *testing.T) {
	page := visit(t, checkoutBackend(), buyer).get("/checkout")
	page.shows(http.StatusOK, `input[name="provider_8"][value="2"][checked]`, `input[name="provider_11"][value="2"][checked]`, `option[value="CO"][selected]`)
	page.says("#checkout-total", "$80.00") // 40 for the books, twice 20 for delivery
	if got := page.value("name"); got != "Ana" {
		t.Errorf("name: got %q", got)
	}
	if got := page.value("checkout_key"); got == "" {
		t.Error("the form has no checkout key")
	}
	if page.Page.Find(`input[value="4"]`).Length() > 0 {
		t.Error("a provider that is not offered can be chosen")
	}
}

func TestTheCheckoutRemembersTheLastAddress(t *testing.T) {
	backend := checkoutBackend()
	backend.answer("GET /v1/orders", shopapi.Orders{Items: []shopapi.Order{{Address: shopapi.Address{Name: "Ana", Line1: "Calle 9", Country: "ES"}}}})
	page := visit(t, backend, buyer).get("/checkout")
	page.shows(http.StatusOK, `option[value="ES"][selected]`, `input[name="line1"][value="Calle 9"]`)
	page.says("#checkout-total", "$130.00")

	backend.answer("GET /v1/orders", refusal(apierr.KindUnavailable, "unavailable"))
	visit(t, backend, buyer).get("/checkout").shows(http.StatusOK, "#checkout-total")
}

func TestProvidersFollowTheCountry(t *testing.T) {
	b := visit(t, checkoutBackend(), buyer)
	b.script = true
	part := b.get("/checkout?country=US&provider_8=1&provider_11=2")
	part.shows(http.StatusOK, `#delivery input[name="provider_8"][value="1"][checked]`, `#delivery input[name="provider_11"][value="3"][checked]`)
	part.says(`hx-partial[hx-target="#checkout-total"]`, "$135.00")
	if part.Page.Find(`input[type="radio"][value="2"]`).Length() > 0 {
		t.Error("a national provider is offered abroad")
	}

	b.script = false
	whole := b.get("/checkout?country=US")
	if whole.Page.Find(`noscript`).Length() == 0 {
		t.Error("without scripts, national providers can't be reached when the country changes")
	}
	moved := b.get("/checkout?country=CO&delivery_country=US&provider_8=3&provider_11=1")
	moved.shows(http.StatusOK, `#delivery input[name="provider_8"][value="2"][checked]`, `input[name="delivery_country"][value="CO"]`)
	moved.says("#checkout-total", "$80.00")
}

func TestPlacingAnOrderSendsWhatTheBuyerSaw(t *testing.T) {
	backend := checkoutBackend()
	visit(t, backend, buyer).post("/checkout", checkoutForm("provider_11", "1")...).leads("/orders/" + orderID + "/payment")

	var in shopapi.PlaceOrder
	call := backend.last(t, "POST /v1/orders", &in)
	if got := call.Header.Get("Idempotency-Key"); got != "0197a000-0000-7000-8000-000000000001" {
		t.Errorf("key: got %q", got)
	}
	if len(in.Lines) != 2 || in.Lines[1] != (shopapi.PlaceLine{BookID: 2, Quantity: 2, Price: 1000}) {
		t.Errorf("lines: got %+v", in.Lines)
	}
	if len(in.Deliveries) != 2 || in.Deliveries[0] != (shopapi.DeliveryChoice{SellerID: 8, ProviderID: 2}) || in.Deliveries[1].ProviderID != 1 {
		t.Errorf("deliveries: got %+v", in.Deliveries)
	}
	if in.Address.City != "Bogotá" || in.Address.Country != "CO" {
		t.Errorf("address: got %+v", in.Address)
	}
}

func TestChangesAreToldLineByLine(t *testing.T) {
	backend := checkoutBackend()
	backend.answer("POST /v1/orders", refusal(apierr.KindConflict, "lines_changed").WithFields(
		apierr.FieldError{Field: "lines[0]", Code: "price_changed", Params: map[string]any{"book_id": 1, "title": "Dracula", "price": 1250}},
		apierr.FieldError{Field: "lines[1]", Code: "out_of_stock", Params: map[string]any{"book_id": 2, "title": "Emma", "available": 1}},
		apierr.FieldError{Field: "lines[9]", Code: "book_gone"},
	))
	b := visit(t, backend, buyer)
	page := b.post("/checkout", checkoutForm("provider_11", "1")...)
	page.shows(http.StatusConflict, `input[name="line1"][value="Calle 1 # 2-3"]`, `input[name="provider_11"][value="1"][checked]`)
	page.says("#changes", "The price of Dracula changed from $10.00 to $12.50.")
	page.says("#changes", "Only 1 copy of Dracula is left.")
	page.says("#changes", "A book is no longer offered.")

	b.lang = "es"
	b.post("/checkout", checkoutForm("provider_11", "1")...).says("#changes", "Solo queda 1 ejemplar")
}

func TestACheckoutWithMistakesKeepsWhatWasTyped(t *testing.T) {
	backend := checkoutBackend()
	b := visit(t, backend, buyer)
	missing := b.post("/checkout", checkoutForm()...)
	missing.shows(http.StatusUnprocessableEntity, `.error-summary a[href="#provider_11"]`, "#provider_11.field-error")
	if n := backend.called("POST /v1/orders"); n != 0 {
		t.Error("an order without a delivery was sent")
	}

	backend.answer("POST /v1/orders", apierr.Invalid(
		apierr.FieldError{Field: "address.line1", Code: "required"},
		apierr.FieldError{Field: "deliveries[1]", Code: "provider_unavailable"}))
	wrong := b.post("/checkout", checkoutForm("provider_11", "2")...)
	wrong.shows(http.StatusUnprocessableEntity, `#line1[aria-invalid="true"][aria-describedby="line1-error"]`, "#line1-error", "#provider_11.field-error", `#city[value="Bogotá"]`)
}

func TestATotalCanBeAskedForWithoutScripts(t *testing.T) {
	backend := checkoutBackend()
	page := visit(t, backend, buyer).post("/checkout", checkoutForm("provider_11", "1", "update", "true")...)
	page.shows(http.StatusOK, `#city[value="Bogotá"]`)
	page.says("#checkout-total", "$110.00")
	if backend.called("POST /v1/orders") != 0 {
		t.Error("the order was placed")
	}
}

func TestACheckoutThatWasUsedLeadsOn(t *testing.T) {
	backend := checkoutBackend()
	backend.answer("POST /v1/orders", refusal(apierr.KindInvalid, "idempotency_key_reused"))
	b := visit(t, backend, buyer)
	b.post("/checkout", checkoutForm("provider_11", "1")...).shows(http.StatusConflict, ".error-summary")
	backend.answer("GET /v1/cart", cartOf())
	b.post("/checkout", checkoutForm("provider_11", "1")...).leads("/orders")
	b.get("/checkout").leads("/cart")
}

func TestLinesSentByHandAreRefused(t *testing.T) {
	backend := checkoutBackend()
	b := visit(t, backend, buyer)
	for _, form := range [][]string{
		nil,
		{"book_id", "1"},
		{"book_id", "x", "seller_id", "8", "quantity", "1", "price", "1"},
		{"book_id", "1", "seller_id", "8", "quantity", "0", "price", "1"},
		{"book_id", "1", "seller_id", "8", "quantity", "-1", "price", "1"},
		{"book_id", "1", "seller_id", "8", "quantity", "1", "price", "-1"},
		{"book_id", "1", "seller_id", "8", "quantity", "99999999999999999999", "price", "1"},
	} {
		b.post("/checkout", form...).shows(http.StatusUnprocessableEntity, ".error-page")
	}
	if backend.called("POST /v1/orders") != 0 {
		t.Error("one of them reached shopsvc")
	}
}
