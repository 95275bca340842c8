package web

import (
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"bookstore/shared/apierr"
	"bookstore/shared/catalogapi"
	"bookstore/shared/httpclient"
)

func newTestCache(t *testing.T, backend *stub) (*bookCache, func(time.Duration)) {
	t.Helper()
	services := httptest.NewServer(backend)
	t.Cleanup(services.Close)
	c := newBookCache(catalogapi.NewClient(httpclient.New(httpclient.Config{Name: "catalogsvc", BaseURL: services.URL})))
	now := time.Now()
	c.now = func() time.Time { return now }
	return c, func(d time.Duration) { now = now.Add(d) }
}

func TestVisitorsShareAnAnswerForAMoment(t *testing.T) {
	backend := &stub{answers: catalogueAnswers()}
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
	if n := backend.called(book); n != 1 {
		t.Errorf("twenty visitors made %d calls, want 1", n)
	}
	pass(bookFresh)
	if _, err := c.Book(t.Context(), 7); err != nil {
		t.Error(err)
	}
	if n := backend.called(book); n != 2 {
		t.Errorf("%d calls after the moment, want 2", n)
	}
}

func TestWhoeverWroteLatelyGetsAnAnswerOfTheirOwn(t *testing.T) {
	backend := &stub{answers: catalogueAnswers()}
	c, _ := newTestCache(t, backend)
	for range 2 {
		if _, err := c.Book(httpclient.WithFresh(t.Context()), 7); err != nil {
			t.Error(err)
		}
	}
	if n := backend.called("GET /v1/books/7"); n != 2 {
		t.Errorf("%d calls, want 2", n)
	}
	if got := backend.last(t, "GET /v1/books/7", nil).Header.Get("Cache-Control"); got != "no-cache" {
		t.Errorf("Cache-Control is %q", got)
	}
}

func TestSharedAnswersAreNobodysOwn(t *testing.T) {
	backend := &stub{answers: catalogueAnswers()}
	c, _ := newTestCache(t, backend)
	if _, err := c.Book(httpclient.WithBearer(t.Context(), "secret"), 7); err != nil {
		t.Error(err)
	}
	if got := backend.last(t, "GET /v1/books/7", nil).Header.Get("Authorization"); got != "" {
		t.Errorf("asked as %q", got)
	}
}

func TestAnOldAnswerIsBetterThanNone(t *testing.T) {
	backend := &stub{answers: catalogueAnswers()}
	c, pass := newTestCache(t, backend)
	if _, err := c.Book(t.Context(), 7); err != nil {
		t.Fatal(err)
	}
	pass(30 * time.Second)
	backend.answer("GET /v1/books/7", apierr.New(apierr.KindUnavailable, "unavailable"))
	if b, err := c.Book(t.Context(), 7); err != nil || b.Title != "Dracula" {
		t.Errorf("got %q, %v while the catalogue is away; want the book", b.Title, err)
	}
	backend.answer("GET /v1/books/7", apierr.New(apierr.KindNotFound, "book_not_found"))
	if _, err := c.Book(t.Context(), 7); !apierr.IsKind(err, apierr.KindNotFound) {
		t.Errorf("got %v for a book that is gone, want not found", err)
	}
	if _, err := c.Book(t.Context(), 8); !apierr.IsKind(err, apierr.KindNotFound) {
		t.Errorf("got %v for a book never seen, want not found", err)
	}
}

func TestOnlyASellerWhoWroteLatelyGetsNoOldAnswer(t *testing.T) {
	backend := &stub{answers: catalogueAnswers()}
	c, pass := newTestCache(t, backend)
	if _, err := c.Book(t.Context(), 7); err != nil {
		t.Fatal(err)
	}
	pass(30 * time.Second)
	backend.answer("GET /v1/books/7", apierr.New(apierr.KindUnavailable, "unavailable"))
	seller := httpclient.WithFresh(t.Context())
	if _, err := c.Book(seller, 7); !apierr.IsKind(err, apierr.KindUnavailable) {
		t.Errorf("a seller who may have changed the book gets %v, want unavailable", err)
	}
	if b, err := c.Book(contentWithStale(seller), 7); err != nil || b.Title != "Dracula" {
		t.Errorf("a buyer gets %q, %v; want the book", b.Title, err)
	}
}
