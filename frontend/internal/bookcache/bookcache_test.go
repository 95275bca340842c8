package bookcache_test

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"bookstore/frontend/internal/bookcache"
	"bookstore/frontend/internal/webtest"
	"bookstore/shared/apierr"
	"bookstore/shared/catalogapi"
	"bookstore/shared/httpclient"
	"bookstore/shared/shopapi"
)

func newTestCache(t *testing.T, backend *webtest.Stub) (*bookcache.Cache, func(time.Duration)) {
	t.Helper()
	services := httptest.NewServer(backend)
	t.Cleanup(services.Close)
	client := httpclient.New(httpclient.Config{Name: "backends", BaseURL: services.URL})
	c := bookcache.New(catalogapi.NewClient(client), shopapi.NewClient(client))
	now := time.Now()
	c.SetClock(func() time.Time { return now })
	return c, func(d time.Duration) { now = now.Add(d) }
}

func TestVisitorsShareAnAnswerForAMoment(t *testing.T) {
	backend := &webtest.Stub{Answers: webtest.CatalogAnswers()}
	c, pass := newTestCache(t, backend)
	const book = "GET /v1/books/7"
	var group sync.WaitGroup
	for range 20 {
		group.Go(func() {
			if _, err := c.Book(t.Context(), 7); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if n := backend.Called(book); n != 1 {
		t.Errorf("twenty visitors made %d calls, want 1", n)
	}
	pass(bookcache.Fresh)
	if _, err := c.Book(t.Context(), 7); err != nil {
		t.Error(err)
	}
	if n := backend.Called(book); n != 2 {
		t.Errorf("%d calls after the moment, want 2", n)
	}
}

func TestWhoeverWroteLatelyGetsAnAnswerOfTheirOwn(t *testing.T) {
	backend := &webtest.Stub{Answers: webtest.CatalogAnswers()}
	c, _ := newTestCache(t, backend)
	for range 2 {
		if _, err := c.Book(httpclient.WithFresh(t.Context()), 7); err != nil {
			t.Error(err)
		}
	}
	if n := backend.Called("GET /v1/books/7"); n != 2 {
		t.Errorf("%d calls, want 2", n)
	}
	if got := backend.Last(t, "GET /v1/books/7", nil).Header.Get("Cache-Control"); got != "no-cache" {
		t.Errorf("Cache-Control is %q", got)
	}
}

func TestWhatWasReadFreshIsThereWhileTheCatalogIsAway(t *testing.T) {
	backend := &webtest.Stub{Answers: webtest.CatalogAnswers()}
	c, pass := newTestCache(t, backend)
	signedIn := bookcache.AllowStale(httpclient.WithFresh(t.Context()))
	if _, err := c.Book(signedIn, 7); err != nil {
		t.Fatal(err)
	}
	pass(bookcache.Fresh)
	backend.Answer("GET /v1/books/7", apierr.New(apierr.KindUnavailable, apierr.CodeUnavailable))
	for who, ctx := range map[string]context.Context{"whoever signed in": signedIn, "a guest": t.Context()} {
		if b, err := c.Book(ctx, 7); err != nil || b.Title != "Dracula" {
			t.Errorf("%s gets %q, %v; want the book", who, b.Title, err)
		}
	}
}

func TestNobodyWaitsForASlowBackendLongerThanTheyWant(t *testing.T) {
	asked, release := make(chan struct{}, 10), make(chan struct{})
	slow := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		asked <- struct{}{}
		<-release
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(shopapi.DeliveryQuotes{Country: "CO"})
	}))
	t.Cleanup(slow.Close)
	client := httpclient.New(httpclient.Config{Name: "shopsvc", BaseURL: slow.URL})
	c := bookcache.New(catalogapi.NewClient(client), shopapi.NewClient(client))
	hurried, leave := context.WithCancel(t.Context())
	left, answered := make(chan error, 1), make(chan error, 1)
	go func() { _, err := c.Delivery(hurried, "CO", 8); left <- err }()
	<-asked
	go func() { _, err := c.Delivery(t.Context(), "CO", 8); answered <- err }()
	leave()
	if err := <-left; !apierr.IsKind(err, apierr.KindUnavailable) {
		t.Errorf("whoever left first got %v, want unavailable", err)
	}
	close(release)
	if err := <-answered; err != nil {
		t.Errorf("whoever waited on got %v", err)
	}
}

func TestSharedAnswersAreNobodysOwn(t *testing.T) {
	backend := &webtest.Stub{Answers: webtest.CatalogAnswers()}
	c, _ := newTestCache(t, backend)
	if _, err := c.Book(httpclient.WithBearer(t.Context(), "secret"), 7); err != nil {
		t.Error(err)
	}
	if got := backend.Last(t, "GET /v1/books/7", nil).Header.Get("Authorization"); got != "" {
		t.Errorf("asked as %q", got)
	}
}

func TestAnOldAnswerIsBetterThanNone(t *testing.T) {
	backend := &webtest.Stub{Answers: webtest.CatalogAnswers()}
	c, pass := newTestCache(t, backend)
	if _, err := c.Book(t.Context(), 7); err != nil {
		t.Fatal(err)
	}
	pass(30 * time.Second)
	backend.Answer("GET /v1/books/7", apierr.New(apierr.KindUnavailable, apierr.CodeUnavailable))
	if b, err := c.Book(t.Context(), 7); err != nil || b.Title != "Dracula" {
		t.Errorf("got %q, %v while the catalog is away; want the book", b.Title, err)
	}
	backend.Answer("GET /v1/books/7", apierr.New(apierr.KindNotFound, catalogapi.CodeBookNotFound))
	if _, err := c.Book(t.Context(), 7); !apierr.IsKind(err, apierr.KindNotFound) {
		t.Errorf("got %v for a book that is gone, want not found", err)
	}
	if _, err := c.Book(t.Context(), 8); !apierr.IsKind(err, apierr.KindNotFound) {
		t.Errorf("got %v for a book never seen, want not found", err)
	}
}

func TestOnlyASellerWhoWroteLatelyGetsNoOldAnswer(t *testing.T) {
	backend := &webtest.Stub{Answers: webtest.CatalogAnswers()}
	c, pass := newTestCache(t, backend)
	if _, err := c.Book(t.Context(), 7); err != nil {
		t.Fatal(err)
	}
	pass(30 * time.Second)
	backend.Answer("GET /v1/books/7", apierr.New(apierr.KindUnavailable, apierr.CodeUnavailable))
	seller := httpclient.WithFresh(t.Context())
	if _, err := c.Book(seller, 7); !apierr.IsKind(err, apierr.KindUnavailable) {
		t.Errorf("a seller who may have changed the book gets %v, want unavailable", err)
	}
	if b, err := c.Book(bookcache.AllowStale(seller), 7); err != nil || b.Title != "Dracula" {
		t.Errorf("a buyer gets %q, %v; want the book", b.Title, err)
	}
}
