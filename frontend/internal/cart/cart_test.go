package cart_test

import (
	"net/http"
	"testing"

	"bookstore/frontend/internal/webtest"
	"bookstore/shared/apierr"
	"bookstore/shared/shopapi"
)

func TestAGuestWithoutACartSeesAnEmptyOne(t *testing.T) {
	backend := &webtest.Stub{}
	webtest.Visit(t, backend, nil).Get("/cart").Shows(http.StatusOK, ".empty", `a[href="/books"]`)
	if n := backend.Called("GET /v1/cart"); n != 0 {
		t.Errorf("shopsvc was asked %d times for a cart that can't be", n)
	}
}

func TestAddingToTheCartGivesAGuestACart(t *testing.T) {
	backend := &webtest.Stub{Answers: map[string]any{"PUT /v1/cart/lines/1": webtest.CartOf(webtest.CartLine(nil)), "GET /v1/cart": webtest.CartOf(webtest.CartLine(nil))}}
	guest := webtest.Visit(t, backend, nil)
	guest.Post("/cart", "book_id", "1", "quantity", "2").Leads("/cart")

	var in shopapi.SetCartLine
	call := backend.Last(t, "PUT /v1/cart/lines/1", &in)
	if in != (shopapi.SetCartLine{Quantity: 2, Add: true}) {
		t.Errorf("sent %+v", in)
	}
	cart := guest.Get("/cart")
	cart.Shows(http.StatusOK, ".flash.is-success", `form[action="/cart/lines/1"]`, `a[href="/checkout"]`)
	cart.Says(".summary", "$20.00")
	if got := backend.Last(t, "GET /v1/cart", nil).Header.Get("Cart-Token"); got == "" || got != call.Header.Get("Cart-Token") {
		t.Errorf("the guest's cart token changed from %q to %q", call.Header.Get("Cart-Token"), got)
	}
}

func TestAPageThatTheBrowserBroughtBackAsksForItsBadge(t *testing.T) {
	backend := &webtest.Stub{Answers: map[string]any{"GET /v1/cart/count": shopapi.CartCount{Count: 3}}}
	b := webtest.Visit(t, backend, webtest.Buyer)
	b.Get("/cart/count").Leads("/cart")
	b.Script = true
	b.Get("/cart/count").Says("#cart-count", "3")
}

func TestAScriptAddsToTheCartWithoutLeavingThePage(t *testing.T) {
	backend := &webtest.Stub{Answers: map[string]any{"PUT /v1/cart/lines/1": webtest.CartOf(webtest.CartLine(nil))}}
	b := webtest.Visit(t, backend, nil)
	b.Script = true
	b.Post("/cart", "book_id", "1").Shows(http.StatusOK, `hx-partial[hx-target="#flash"] .is-success a[href="/checkout"]`, `hx-partial[hx-target="#flash"] a[href="/cart"]`, `hx-partial[hx-target="#cart-count"]`)

	backend.Answer("PUT /v1/cart/lines/1", apierr.New(apierr.KindConflict, shopapi.CodeOutOfStock).With("available", 1))
	refused := b.Post("/cart", "book_id", "1", "quantity", "9")
	refused.Shows(http.StatusConflict, `hx-partial[hx-target="#flash"] .is-error`)
	refused.Says("hx-partial", "Only 1 copy is left.")
}

func TestTheCartSaysWhatDeliveryToTheVisitorsCountryCosts(t *testing.T) {
	cart := webtest.CartOf(webtest.CartLine(nil), webtest.CartLine(func(l *shopapi.CartLine) { l.BookID, l.SellerID, l.SellerName = 2, 11, "Attic" }))
	backend := &webtest.Stub{Answers: map[string]any{"GET /v1/cart": cart}}
	b := webtest.WithCart(webtest.Visit(t, backend, nil))
	if a := b.Get("/cart"); a.Page.Find(".summary-lines .is-total").Length() != 1 || a.Page.Find(".country-link").Length() != 0 {
		t.Error("without the costs, the summary is not that of the books")
	}

	cart.DeliveryCountry, cart.Deliveries = "CO", []shopapi.DeliveryQuote{{SellerID: 8, Cost: webtest.USD(250)}, {SellerID: 11, Cost: webtest.USD(300)}}
	backend.Answer("GET /v1/cart", cart)
	a := b.Get("/cart")
	a.Says(".summary", "Delivery to Colombiafrom $5.50")
	a.Says(".summary .is-total", "Totalfrom $45.50")
	a.Shows(http.StatusOK, `a[href="/delivery-country?next=%2Fcart"]`)

	b.Post("/delivery-country", "country", "DE", "next", "/cart").Leads("/cart")
	cart.DeliveryCountry, cart.Deliveries = "DE", cart.Deliveries[:1]
	backend.Answer("GET /v1/cart", cart)
	b.Get("/cart").Says(".seller-group:last-child .cart-line-warning", "No carrier delivers to Germany.")
	if got := backend.Last(t, "GET /v1/cart", nil).Header.Get("Delivery-Country"); got != "DE" {
		t.Errorf("asked for the delivery to %q", got)
	}
}

func TestTheButtonsOfALineKeepToTheCopiesThereAre(t *testing.T) {
	for _, c := range []struct {
		quantity, available int64
		less, more          bool
	}{{1, 4, false, true}, {2, 4, true, true}, {4, 4, true, false}} {
		line := webtest.CartLine(func(l *shopapi.CartLine) { l.Quantity, l.Available = c.quantity, c.available })
		backend := &webtest.Stub{Answers: map[string]any{"GET /v1/cart": webtest.CartOf(line)}}
		page := webtest.Visit(t, backend, webtest.Buyer).Get("/cart").Page
		less, more := page.Find(`[value="-1"]:not([disabled])`).Length() == 1, page.Find(`[value="1"]:not([disabled])[name=step]`).Length() == 1
		if less != c.less || more != c.more {
			t.Errorf("%d of %d: one less is offered: %t, one more: %t", c.quantity, c.available, less, more)
		}
	}
	only := webtest.CartLine(func(l *shopapi.CartLine) { l.Quantity, l.Available = 1, 1 })
	backend := &webtest.Stub{Answers: map[string]any{"GET /v1/cart": webtest.CartOf(only)}}
	a := webtest.Visit(t, backend, webtest.Buyer).Get("/cart")
	a.Says(".cart-line-quantity", "1")
	if a.Page.Find("[name=quantity]").Length() != 0 {
		t.Error("a single copy has a box for its number")
	}
}

func TestQuantitiesSentByHandAreRefused(t *testing.T) {
	backend := &webtest.Stub{Answers: map[string]any{"GET /v1/cart": webtest.CartOf(webtest.CartLine(nil))}}
	b := webtest.Visit(t, backend, webtest.Buyer)
	for _, quantity := range []string{"0", "-1", "1001", "99999999999999999999", "two"} {
		for _, path := range []string{"/cart", "/cart/lines/1"} {
			b.Post(path, "book_id", "1", "quantity", quantity).Shows(http.StatusUnprocessableEntity, ".flash.is-error")
		}
	}
	if n := backend.Called("PUT /v1/cart/lines/1"); n != 0 {
		t.Errorf("%d wrong quantities reached shopsvc", n)
	}
	b.Post("/cart", "book_id", "x").Shows(http.StatusUnprocessableEntity)
	b.Post("/cart/lines/99999999999999999999", "quantity", "1").Shows(http.StatusNotFound)
}

func TestTheCartSaysWhyALineCantBeBought(t *testing.T) {
	backend := &webtest.Stub{Answers: map[string]any{"GET /v1/cart": webtest.CartOf(
		webtest.CartLine(func(l *shopapi.CartLine) { l.Available, l.Problem = 1, shopapi.CodeOutOfStock }),
		webtest.CartLine(func(l *shopapi.CartLine) { l.BookID, l.Available, l.Problem = 2, 0, shopapi.CodeOutOfStock }),
		webtest.CartLine(func(l *shopapi.CartLine) { l.BookID, l.Title, l.Problem = 3, "", shopapi.CodeBookGone }),
		webtest.CartLine(func(l *shopapi.CartLine) { l.BookID, l.Problem = 4, shopapi.CodeOwnBook }),
	)}}
	cart := webtest.Visit(t, backend, webtest.Buyer).Get("/cart")
	for _, want := range []string{"Only 1 copy is left.", "Sold out.", "No longer offered.", "This is your own book"} {
		cart.Says(".seller-group", want)
	}
	cart.Shows(http.StatusOK, `.cart-line a[href="/books/3"]`)
	if cart.Page.Find(`a[href="/checkout"]`).Length() > 0 {
		t.Error("the checkout is open for lines that can't be bought")
	}
}

func TestChangingALineAnswersWithTheCart(t *testing.T) {
	backend := &webtest.Stub{Answers: map[string]any{
		"PUT /v1/cart/lines/1":    webtest.CartOf(webtest.CartLine(func(l *shopapi.CartLine) { l.Quantity, l.Total = 3, webtest.USD(3000) })),
		"DELETE /v1/cart/lines/1": webtest.CartOf(),
	}}
	b := webtest.Visit(t, backend, webtest.Buyer)
	b.Post("/cart/lines/1", "quantity", "2", "step", "1").Leads("/cart")
	var in shopapi.SetCartLine
	if backend.Last(t, "PUT /v1/cart/lines/1", &in); in.Quantity != 3 || in.Add {
		t.Errorf("sent %+v, want 3 copies in all", in)
	}
	b.Post("/cart/lines/1", "quantity", "1", "step", "-1").Leads("/cart")
	if backend.Last(t, "PUT /v1/cart/lines/1", &in); in.Quantity != 1 {
		t.Errorf("one less than one copy: sent %d", in.Quantity)
	}
	b.Script = true
	changed := b.Post("/cart/lines/1", "quantity", "3")
	changed.Shows(http.StatusOK, "#cart .cart-line", `hx-partial[hx-target="#cart-count"]`)
	if changed.Page.Find("header").Length() > 0 {
		t.Error("a script got a whole page")
	}
	b.Post("/cart/lines/1/remove").Shows(http.StatusOK, "#cart .empty")
}
