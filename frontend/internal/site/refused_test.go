package site_test

import (
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"bookstore/frontend/internal/web"
	"bookstore/frontend/internal/webtest"
	"bookstore/shared/httpclient"
	"bookstore/shared/httpserver"
	"bookstore/shared/shopapi"
)

func TestWithoutRoomForABuyerThePageSaysSoAndTheFormIsKept(t *testing.T) {
	came, goOn := make(chan struct{}), make(chan struct{})
	slow := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/v1/cart" {
			came <- struct{}{}
			<-goOn
		}
		httpserver.NotFound(w, r)
	}))
	t.Cleanup(slow.Close)
	backend := &webtest.Stub{Answers: webtest.CatalogAnswers()}
	browser := webtest.VisitShop(t, backend, webtest.Buyer, func(cfg *web.Config) {
		cfg.Shop = shopapi.NewClient(httpclient.New(httpclient.Config{Name: "shopsvc", BaseURL: slow.URL}))
		cfg.Limits = httpserver.Limits{Active: 8, Queued: 0, Wait: time.Minute}
	})
	var buyers sync.WaitGroup
	for range 5 { // one place of their own, and the four for all
		buyers.Go(func() { browser.Get("/cart") })
		<-came
	}

	page := browser.Get("/cart")
	page.Shows(http.StatusServiceUnavailable, `.error-page a.button[href=""]`)
	if page.Header.Get("Retry-After") == "" || page.Header.Get("Content-Security-Policy") == "" {
		t.Errorf("got headers %v", page.Header)
	}
	form := browser.Post("/checkout", "name", "Ana Gómez", "number", "4242424242424242")
	form.Shows(http.StatusServiceUnavailable, `form[action="/kept-form"] button`)
	if form.Header.Get("Retry-After") == "" {
		t.Error("the page with the form does not say when to come back")
	}
	browser.Get("/").Shows(http.StatusOK, "main")
	browser.Script = true
	part := browser.Post("/cart", "book_id", "7", "quantity", "1")
	if part.Status != http.StatusServiceUnavailable || part.Header.Get("HX-Retarget") != "#flash" {
		t.Errorf("a part is answered %d, for %q", part.Status, part.Header.Get("HX-Retarget"))
	}
	close(goOn)
	buyers.Wait()
}

func TestAClientThatAsksTooOftenGetsASmallPage(t *testing.T) {
	browser := webtest.VisitShop(t, &webtest.Stub{Answers: webtest.CatalogAnswers()}, nil, func(cfg *web.Config) {
		cfg.Clients = httpserver.Clients{Rate: 0.01}
	})
	browser.Get("/").Shows(http.StatusOK, "main")
	page := browser.Get("/")
	page.Shows(http.StatusTooManyRequests, `.error-page a.button[href=""]`)
	if page.Header.Get("Retry-After") == "" || page.Header.Get("Content-Security-Policy") == "" {
		t.Errorf("got headers %v", page.Header)
	}
}
