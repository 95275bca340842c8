package site_test

import (
	"testing"

	"bookstore/frontend/internal/webtest"
	"bookstore/shared/apierr"
)

func TestWhatAButtonSentInVainCanBeSentAgain(t *testing.T) {
	backend := &webtest.Stub{Answers: map[string]any{"PUT /v1/cart/lines/7": apierr.Unavailable("shopsvc")}}
	page := webtest.Visit(t, backend, webtest.Buyer).Post("/cart", "book_id", "7", "quantity", "2")
	page.Shows(503, `form[method="post"][action="/cart"] button`)
	for name, want := range map[string]string{"book_id": "7", "quantity": "2"} {
		if got := page.Value(name); got != want {
			t.Errorf("%s is kept as %q, want %q", name, got, want)
		}
	}
	if page.Header.Get("Retry-After") == "" {
		t.Error("the page does not say when to come back")
	}
}
