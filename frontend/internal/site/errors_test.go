package site_test

import (
	"testing"

	"bookstore/frontend/internal/webtest"
	"bookstore/shared/apierr"
)

func TestAFormThatCouldNotBeTakenIsKeptToBeSentAgain(t *testing.T) {
	backend := &webtest.Stub{Answers: map[string]any{
		"GET /v1/cart":               apierr.Unavailable("shopsvc"),
		"GET /v1/delivery-providers": apierr.Unavailable("shopsvc"),
		"POST /v1/orders":            apierr.Unavailable("shopsvc"),
	}}
	page := webtest.Visit(t, backend, webtest.Buyer).Post("/checkout", "checkout_key", "k", "name", "Ana & Bo", "line1", "Calle 1 \"A\"",
		"city", "Bogotá", "region", "Bogotá", "country", "CO", "update", "1")
	page.Shows(503, `form[method="post"][action="/checkout"] button`)
	for name, want := range map[string]string{"checkout_key": "k", "name": "Ana & Bo", "line1": `Calle 1 "A"`, "city": "Bogotá", "update": "1"} {
		if got := page.Value(name); got != want {
			t.Errorf("%s is kept as %q, want %q", name, got, want)
		}
	}
	if page.Header.Get("Retry-After") == "" {
		t.Error("the page does not say when to come back")
	}
}

func TestSecretsAreNotKept(t *testing.T) {
	backend := &webtest.Stub{Answers: map[string]any{
		"GET /v1/users/me":           apierr.Unavailable("authsvc"),
		"POST /v1/users/me/password": apierr.Unavailable("authsvc"),
	}}
	page := webtest.Visit(t, backend, webtest.Buyer).Post("/account/password", "current_password", "correct horse", "new_password", "battery staple")
	page.Shows(503, ".error-page")
	if page.Page.Find(".error-page form").Length() > 0 {
		t.Error("a page repeats a password")
	}
}
