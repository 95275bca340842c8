package site_test

import (
	"net/http"
	"net/http/cookiejar"
	"testing"

	"bookstore/frontend/internal/webtest"
	"bookstore/shared/shopapi"
)

// firstForms are what a browser sends first that needs a cookie, by where it
// then leads.
var firstForms = map[string][]string{
	"/cart":  {"book_id", "7", "next", "/cart"},
	"/login": {"email", "ana@example.com", "password", "p", "next", "/cart"},
}

func cookieBackend() *webtest.Stub {
	return &webtest.Stub{Answers: map[string]any{"PUT /v1/cart/lines/7": shopapi.Cart{Count: 1}, "POST /v1/sessions": webtest.Grant()}}
}

func TestABrowserThatRefusesCookiesIsTold(t *testing.T) {
	b := webtest.Visit(t, cookieBackend(), nil)
	b.HTTP.Jar = nil
	for path, form := range firstForms {
		for lang, want := range map[string]string{"en": "Your browser refuses cookies", "es": "Tu navegador rechaza las cookies"} {
			b.Lang, b.Script = lang, false
			b.Post(path, form...).Leads("/cookies?next=%2Fcart")
			a := b.Get("/cookies?next=%2Fcart")
			a.Shows(http.StatusForbidden, ".error-page")
			a.Says("h1", want)
		}
	}
	b.Script = true
	b.Post("/cart", firstForms["/cart"]...).Shows(http.StatusOK, `hx-partial[hx-target="#cookie-check"] [hx-get="/cookies"][hx-trigger=load]`)
	b.Get("/cookies").Shows(http.StatusForbidden, ".flash.is-error")
}

func TestABrowserThatKeepsCookiesGoesOn(t *testing.T) {
	for path, form := range firstForms {
		b := webtest.Visit(t, cookieBackend(), nil)
		b.HTTP.Jar, _ = cookiejar.New(nil) // it has been nowhere before
		b.Post(path, form...).Leads("/cookies?next=%2Fcart")
		b.Get("/cookies?next=%2Fcart").Leads("/cart")
		b.Get("/cookies?next=//evil.example").Leads("/")
		b.Post(path, form...).Leads("/cart")
		b.Script = true
		if a := b.Get("/cookies"); a.Status != http.StatusNoContent {
			t.Errorf("after %s, the look for cookies answers %d", path, a.Status)
		}
	}
}
