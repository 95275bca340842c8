package web

import (
	"testing"

	"bookstore/shared/apierr"
)

func TestAFormThatCouldNotBeTakenIsKeptToBeSentAgain(t *testing.T) {
	backend := &stub{answers: map[string]any{
		"GET /v1/cart":               apierr.Unavailable("shopsvc"),
		"GET /v1/delivery-providers": apierr.Unavailable("shopsvc"),
		"POST /v1/orders":            apierr.Unavailable("shopsvc"),
	}}
	page := visit(t, backend, buyer).post("/checkout", "checkout_key", "k", "name", "Ana & Bo", "line1", "Calle 1 \"A\"",
		"city", "Bogotá", "region", "Bogotá", "country", "CO", "update", "1")
	page.shows(503, `form[method="post"][action="/checkout"] button`)
	for name, want := range map[string]string{"checkout_key": "k", "name": "Ana & Bo", "line1": `Calle 1 "A"`, "city": "Bogotá", "update": "1"} {
		if got := page.value(name); got != want {
			t.Errorf("%s is kept as %q, want %q", name, got, want)
		}
	}
	if page.Header.Get("Retry-After") == "" {
		t.Error("the page does not say when to come back")
	}
}

func TestSecretsAreNotKept(t *testing.T) {
	backend := &stub{answers: map[string]any{
		"GET /v1/users/me":           apierr.Unavailable("authsvc"),
		"POST /v1/users/me/password": apierr.Unavailable("authsvc"),
	}}
	page := visit(t, backend, buyer).post("/account/password", "current_password", "correct horse", "new_password", "battery staple")
	page.shows(503, ".error-page")
	if page.Page.Find(".error-page form").Length() > 0 {
		t.Error("a page repeats a password")
	}
}
