package web

import (
	"net/http"
	"testing"

	"bookstore/shared/apierr"
	"bookstore/shared/money"
	"bookstore/shared/shopapi"
)

func usd(amount int64) money.Money { return money.New(amount, "USD") }

// cartLine is two copies of Dracula by default, which the seller has four of.
func cartLine(change func(*shopapi.CartLine)) shopapi.CartLine {
	line := shopapi.CartLine{
		BookID: 1, Title: "Dracula", Authors: []string{"Bram Stoker"}, Condition: "good",
		SellerID: 8, SellerName: "Blue Door Books", Price: usd(1000), Quantity: 2, Total: usd(2000), Available: 4,
	}
	if change != nil {
		change(&line)
	}
	return line
}

func cartOf(lines ...shopapi.CartLine) shopapi.Cart {
	c := shopapi.Cart{CheckoutKey: "0197a000-0000-7000-8000-000000000001", Lines: lines, Subtotal: usd(0)}
	for _, line := range lines {
		c.Count += line.Quantity
		c.Subtotal = c.Subtotal.Add(line.Total)
	}
	return c
}

func TestAGuestWithoutACartSeesAnEmptyOne(t *testing.T) {
	backend := &stub{}
	visit(t, backend, nil).get("/cart").shows(http.StatusOK, ".empty", `a[href="/books"]`)
	if n := backend.called("GET /v1/cart"); n != 0 {
		t.Errorf("shopsvc was asked %d times for a cart that can't be", n)
	}
}

func TestAddingToTheCartGivesAGuestACart(t *testing.T) {
	backend := &stub{answers: map[string]any{"PUT /v1/cart/lines/1": cartOf(cartLine(nil)), "GET /v1/cart": cartOf(cartLine(nil))}}
	guest := visit(t, backend, nil)
	guest.post("/cart", "book_id", "1", "quantity", "2").leads("/cart")

	var in shopapi.SetCartLine
	call := backend.last(t, "PUT /v1/cart/lines/1", &in)
	if in != (shopapi.SetCartLine{Quantity: 2, Add: true}) {
		t.Errorf("sent %+v", in)
	}
	cart := guest.get("/cart")
	cart.shows(http.StatusOK, ".flash.is-success", `form[action="/cart/lines/1"]`, `a[href="/checkout"]`)
	cart.says(".summary", "$20.00")
	if got := backend.last(t, "GET /v1/cart", nil).Header.Get("Cart-Token"); got == "" || got != call.Header.Get("Cart-Token") {
		t.Errorf("the guest's cart token changed from %q to %q", call.Header.Get("Cart-Token"), got)
	}
}

func TestAScriptAddsToTheCartWithoutLeavingThePage(t *testing.T) {
	backend := &stub{answers: map[string]any{"PUT /v1/cart/lines/1": cartOf(cartLine(nil))}}
	b := visit(t, backend, nil)
	b.script = true
	b.post("/cart", "book_id", "1").shows(http.StatusOK, `hx-partial[hx-target="#flash"] .is-success`, `hx-partial[hx-target="#cart-count"]`)

	backend.answer("PUT /v1/cart/lines/1", refusal(apierr.KindConflict, "out_of_stock").With("available", 1))
	refused := b.post("/cart", "book_id", "1", "quantity", "9")
	refused.shows(http.StatusConflict, `hx-partial[hx-target="#flash"] .is-error`)
	refused.says("hx-partial", "Only 1 copy is left.")
}

func TestQuantitiesSentByHandAreRefused(t *testing.T) {
	backend := &stub{answers: map[string]any{"GET /v1/cart": cartOf(cartLine(nil))}}
	b := visit(t, backend, buyer)
	for _, quantity := range []string{"0", "-1", "1001", "99999999999999999999", "two"} {
		for _, path := range []string{"/cart", "/cart/lines/1"} {
			b.post(path, "book_id", "1", "quantity", quantity).shows(http.StatusUnprocessableEntity, ".flash.is-error")
		}
	}
	if n := backend.called("PUT /v1/cart/lines/1"); n != 0 {
		t.Errorf("%d wrong quantities reached shopsvc", n)
	}
	b.post("/cart", "book_id", "x").shows(http.StatusUnprocessableEntity)
	b.post("/cart/lines/99999999999999999999", "quantity", "1").shows(http.StatusNotFound)
}

func TestTheCartSaysWhyALineCantBeBought(t *testing.T) {
	backend := &stub{answers: map[string]any{"GET /v1/cart": cartOf(
		cartLine(func(l *shopapi.CartLine) { l.Available, l.Problem = 1, "out_of_stock" }),
		cartLine(func(l *shopapi.CartLine) { l.BookID, l.Available, l.Problem = 2, 0, "out_of_stock" }),
		cartLine(func(l *shopapi.CartLine) { l.BookID, l.Title, l.Problem = 3, "", "book_gone" }),
		cartLine(func(l *shopapi.CartLine) { l.BookID, l.Problem = 4, "own_book" }),
	)}}
	cart := visit(t, backend, buyer).get("/cart")
	for _, want := range []string{"Only 1 copy is left.", "Sold out.", "No longer offered.", "This is your own book"} {
		cart.says(".cart-lines", want)
	}
	if cart.Page.Find(`a[href="/checkout"]`).Length() > 0 {
		t.Error("the checkout is open for lines that can't be bought")
	}
}

func TestChangingALineAnswersWithTheCart(t *testing.T) {
	backend := &stub{answers: map[string]any{
		"PUT /v1/cart/lines/1":    cartOf(cartLine(func(l *shopapi.CartLine) { l.Quantity, l.Total = 3, usd(3000) })),
		"DELETE /v1/cart/lines/1": cartOf(),
	}}
	b := visit(t, backend, buyer)
	b.post("/cart/lines/1", "quantity", "2", "step", "1").leads("/cart")
	var in shopapi.SetCartLine
	if backend.last(t, "PUT /v1/cart/lines/1", &in); in.Quantity != 3 || in.Add {
		t.Errorf("sent %+v, want 3 copies in all", in)
	}
	b.post("/cart/lines/1", "quantity", "1", "step", "-1").leads("/cart")
	if backend.last(t, "PUT /v1/cart/lines/1", &in); in.Quantity != 1 {
		t.Errorf("one less than one copy: sent %d", in.Quantity)
	}
	b.script = true
	changed := b.post("/cart/lines/1", "quantity", "3")
	changed.shows(http.StatusOK, "#cart .cart-line", `hx-partial[hx-target="#cart-count"]`)
	if changed.Page.Find("header").Length() > 0 {
		t.Error("a script got a whole page")
	}
	b.post("/cart/lines/1/remove").shows(http.StatusOK, "#cart .empty")
}
