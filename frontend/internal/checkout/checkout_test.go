package checkout_test

import (
	"net/http"
	"slices"
	"testing"

	"bookstore/frontend/internal/webtest"
	"bookstore/shared/apierr"
	"bookstore/shared/shopapi"
)

func TestTheRulesCanBeReadBeforeOrdering(t *testing.T) {
	page := webtest.Visit(t, checkoutBackend(), webtest.Buyer).Get("/checkout")
	for _, path := range []string{"/terms", "/privacy", "/help"} {
		page.Shows(http.StatusOK, `.summary a[href="`+path+`"][target="_blank"]`)
	}
}

func checkoutBackend() *webtest.Stub {
	return &webtest.Stub{Answers: map[string]any{
		"GET /v1/cart":               webtest.CartOf(webtest.CartLine(nil), webtest.CartLine(func(l *shopapi.CartLine) { l.BookID, l.SellerID, l.SellerName = 2, 11, "Otra" })),
		"GET /v1/delivery-providers": webtest.DeliveryProviders,
		"GET /v1/orders":             shopapi.Orders{Items: []shopapi.Order{}},
		"POST /v1/orders":            shopapi.Order{ID: webtest.OrderID},
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
	webtest.Visit(t, &webtest.Stub{}, nil).Get("/checkout").Leads("/login?next=%2Fcheckout")
}

func TestTheCheckoutShowsTheTotalWithTheCheapestDelivery(t *testing.T) {
	page := webtest.Visit(t, checkoutBackend(), webtest.Buyer).Get("/checkout")
	page.Shows(http.StatusOK, `input[name="provider_8"][value="2"][checked]`, `input[name="provider_11"][value="2"][checked]`, `option[value="CO"][selected]`)
	page.Says("#checkout-total", "$80.00") // 40 for the books, twice 20 for delivery
	if got := page.Value("name"); got != "Ana" {
		t.Errorf("name: got %q", got)
	}
	if got := page.Value("checkout_key"); got == "" {
		t.Error("the form has no checkout key")
	}
	if page.Page.Find(`input[value="4"]`).Length() > 0 {
		t.Error("a provider that is not offered can be chosen")
	}
}

func TestTheCheckoutRemembersTheLastAddress(t *testing.T) {
	backend := checkoutBackend()
	backend.Answer("GET /v1/orders", shopapi.Orders{Items: []shopapi.Order{{Address: shopapi.Address{Name: "Ana", Line1: "Calle 9", Country: "ES"}}}})
	page := webtest.Visit(t, backend, webtest.Buyer).Get("/checkout")
	page.Shows(http.StatusOK, `option[value="ES"][selected]`, `input[name="line1"][value="Calle 9"]`)
	page.Says("#checkout-total", "$130.00")

	backend.Answer("GET /v1/orders", apierr.New(apierr.KindUnavailable, apierr.CodeUnavailable))
	webtest.Visit(t, backend, webtest.Buyer).Get("/checkout").Shows(http.StatusOK, "#checkout-total")
}

func TestProvidersFollowTheCountry(t *testing.T) {
	b := webtest.Visit(t, checkoutBackend(), webtest.Buyer)
	b.Script = true
	part := b.Get("/checkout?country=US&provider_8=1&provider_11=2")
	part.Shows(http.StatusOK, `#delivery input[name="provider_8"][value="1"][checked]`, `#delivery input[name="provider_11"][value="3"][checked]`)
	part.Says(`hx-partial[hx-target="#checkout-total"]`, "$135.00")
	if part.Page.Find(`input[type="radio"][value="2"]`).Length() > 0 {
		t.Error("a national provider is offered abroad")
	}

	b.Script = false
	whole := b.Get("/checkout")
	if whole.Page.Find(`noscript`).Length() == 0 {
		t.Error("without scripts, national providers can't be reached when the country changes")
	}
	moved := b.Post("/checkout", checkoutForm("provider_11", "1", "delivery_country", "US", "update", "true")...)
	moved.Shows(http.StatusOK, `#delivery input[name="provider_8"][value="2"][checked]`, `input[name="delivery_country"][value="CO"]`)
	moved.Says("#checkout-total", "$80.00")
}

func TestAnotherCountryIsSaidToChangeTheCosts(t *testing.T) {
	b := webtest.Visit(t, checkoutBackend(), webtest.Buyer)
	for _, script := range []bool{false, true} {
		b.Script = script
		moved := b.Post("/checkout", checkoutForm("delivery_country", "US", "update", "true",
			"cost_8_2", "4500", "provider_11", "3", "cost_11_3", "4500", "total", "13000")...)
		moved.Says(".summary-change", "Delivery to Colombia costs $40.00 instead of $90.00; the total goes from $130.00 to $80.00.")
		same := b.Post("/checkout", checkoutForm("delivery_country", "CO", "update", "true", "total", "13000")...)
		if same.Page.Find(".summary-change").Length() != 0 {
			t.Error("a change is said where the country stayed")
		}
	}
}

func TestPlacingAnOrderSendsWhatTheBuyerSaw(t *testing.T) {
	backend := checkoutBackend()
	webtest.Visit(t, backend, webtest.Buyer).Post("/checkout", checkoutForm("provider_11", "1")...).Leads("/orders/" + webtest.OrderID + "/payment")

	var in shopapi.PlaceOrder
	call := backend.Last(t, "POST /v1/orders", &in)
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
	backend.Answer("POST /v1/orders", apierr.New(apierr.KindConflict, shopapi.CodeLinesChanged).WithFields(
		apierr.FieldError{Field: "lines[0]", Code: shopapi.CodePriceChanged, Params: map[string]any{"book_id": 1, "title": "Dracula", "price": 1250}},
		apierr.FieldError{Field: "lines[1]", Code: shopapi.CodeOutOfStock, Params: map[string]any{"book_id": 2, "title": "Emma", "available": 1}},
		apierr.FieldError{Field: "lines[9]", Code: shopapi.CodeBookGone},
	))
	b := webtest.Visit(t, backend, webtest.Buyer)
	page := b.Post("/checkout", checkoutForm("provider_11", "1")...)
	page.Shows(http.StatusConflict, `input[name="line1"][value="Calle 1 # 2-3"]`, `input[name="provider_11"][value="1"][checked]`)
	page.Says("#changes", "The price of Dracula changed from $10.00 to $12.50.")
	page.Says("#changes", "Only 1 copy of Dracula is left.")
	page.Says("#changes", "A book is no longer offered.")

	b.Lang = "es"
	b.Post("/checkout", checkoutForm("provider_11", "1")...).Says("#changes", "Solo queda 1 ejemplar")
}

func TestACheckoutWithMistakesKeepsWhatWasTyped(t *testing.T) {
	backend := checkoutBackend()
	b := webtest.Visit(t, backend, webtest.Buyer)
	missing := b.Post("/checkout", checkoutForm()...)
	missing.Shows(http.StatusUnprocessableEntity, `.error-summary a[href="#provider_11"]`, "#provider_11.field-error")
	missing.Says("#provider_11.field-error", "Choose how these books are sent.")
	if n := backend.Called("POST /v1/orders"); n != 0 {
		t.Error("an order without a delivery was sent")
	}

	backend.Answer("POST /v1/orders", apierr.Invalid(
		apierr.FieldError{Field: "address.line1", Code: apierr.CodeRequired},
		apierr.FieldError{Field: "deliveries[1]", Code: shopapi.CodeProviderUnavailable}))
	wrong := b.Post("/checkout", checkoutForm("provider_11", "2")...)
	wrong.Shows(http.StatusUnprocessableEntity, `#line1[aria-invalid="true"][aria-describedby="line1-error"]`, "#line1-error", "#provider_11.field-error", `#city[value="Bogotá"]`)
}

func TestEveryFaultOfACheckoutIsToldAtOnceInThePagesOrder(t *testing.T) {
	b := webtest.Visit(t, checkoutBackend(), webtest.Buyer)
	a := b.Post("/checkout", "book_id", "1", "seller_id", "8", "quantity", "2", "price", "1000", "name", "", "country", "US",
		"line1", "", "city", "Springfield", "postal_code", "!!!", "phone", "hello")
	var told []string
	for _, link := range a.Page.Find(".error-summary a").EachIter() {
		href, _ := link.Attr("href")
		told = append(told, href)
	}
	want := []string{"#name", "#line1", "#region", "#postal_code", "#phone", "#provider_8"}
	if !slices.Equal(told, want) {
		t.Errorf("told %q, want %q", told, want)
	}
}

func TestATotalCanBeAskedForWithoutScripts(t *testing.T) {
	backend := checkoutBackend()
	page := webtest.Visit(t, backend, webtest.Buyer).Post("/checkout", checkoutForm("provider_11", "1", "update", "true")...)
	page.Shows(http.StatusOK, `#city[value="Bogotá"]`)
	page.Says("#checkout-total", "$110.00")
	if backend.Called("POST /v1/orders") != 0 {
		t.Error("the order was placed")
	}
}

func TestACheckoutThatWasUsedLeadsOn(t *testing.T) {
	backend := checkoutBackend()
	backend.Answer("POST /v1/orders", apierr.New(apierr.KindInvalid, apierr.CodeIdempotencyKeyReused))
	b := webtest.Visit(t, backend, webtest.Buyer)
	b.Post("/checkout", checkoutForm("provider_11", "1")...).Shows(http.StatusUnprocessableEntity, ".error-summary")
	backend.Answer("GET /v1/cart", webtest.CartOf())
	b.Post("/checkout", checkoutForm("provider_11", "1")...).Leads("/orders")
	b.Get("/checkout").Leads("/cart")
}

func TestLinesSentByHandAreRefused(t *testing.T) {
	backend := checkoutBackend()
	b := webtest.Visit(t, backend, webtest.Buyer)
	for _, form := range [][]string{
		nil,
		{"book_id", "1"},
		{"book_id", "x", "seller_id", "8", "quantity", "1", "price", "1"},
		{"book_id", "1", "seller_id", "8", "quantity", "0", "price", "1"},
		{"book_id", "1", "seller_id", "8", "quantity", "-1", "price", "1"},
		{"book_id", "1", "seller_id", "8", "quantity", "1", "price", "-1"},
		{"book_id", "1", "seller_id", "8", "quantity", "99999999999999999999", "price", "1"},
	} {
		b.Post("/checkout", form...).Shows(http.StatusUnprocessableEntity, ".error-summary")
	}
	if backend.Called("POST /v1/orders") != 0 {
		t.Error("one of them reached shopsvc")
	}
}
