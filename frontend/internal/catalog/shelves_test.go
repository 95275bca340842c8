package catalog_test

import (
	"net/http"
	"testing"

	"bookstore/frontend/internal/webtest"
	"bookstore/shared/catalogapi"
)

func TestShelvesHaveAddressesOfWords(t *testing.T) {
	backend := &webtest.Stub{Answers: webtest.CatalogAnswers()}
	b := webtest.Visit(t, backend, nil)
	for _, c := range []struct{ path, heading, parameter, value string }{
		{"/categories/classics", "Classics", "category", "classics"},
		{"/sellers/8/blue-door", "Books from Blue Door", "seller_id", "8"},
		{"/authors/bram-stoker", "Books by Bram Stoker", "author", "bram-stoker"},
		{"/recently-listed", "Recently listed", "sort", "newest"},
	} {
		a := b.Get(c.path)
		a.Shows(http.StatusOK, `link[rel=canonical][href="`+b.URL+c.path+`"]`, `meta[name=description]`, ".book-card")
		a.Says("h1", c.heading)
		if q := backend.Last(t, "GET /v1/books", nil).Query; q.Get(c.parameter) != c.value {
			t.Errorf("%s asks the catalog for %v", c.path, q)
		}
		b.Get(c.path+"?condition=good").Shows(http.StatusOK, `meta[name=robots]`, `.chip[href^="`+c.path[:8]+`"]`)
	}
	b.Get("/books/7").Shows(http.StatusOK, `a[href="/categories/classics"]`, `a[href="/sellers/8/blue-door"]`, `a[href="/authors/bram-stoker"]`)
}

func TestOtherAddressesOfAShelfLeadToItsOwn(t *testing.T) {
	b := webtest.Visit(t, &webtest.Stub{Answers: webtest.CatalogAnswers()}, nil)
	for from, to := range map[string]string{
		"/books?category=classics":                      "/categories/classics",
		"/books?category=classics&condition=good&q=":    "/categories/classics?condition=good",
		"/books?category=classics&cursor=more":          "/categories/classics?cursor=more",
		"/books?sort=newest":                            "/recently-listed",
		"/books?seller_id=8&category=classics":          "/sellers/8?category=classics",
		"/sellers/8?category=classics":                  "/sellers/8/blue-door?category=classics",
		"/sellers/8/Blue%20Door":                        "/sellers/8/blue-door",
		"/books?author=Bram+Stoker":                     "/authors/bram-stoker",
		"/authors/Gabriel%20Garc%C3%ADa":                "/authors/gabriel-garcia",
		"/authors/%E4%B8%89%E5%B3%B6%20X":               "/authors/%E4%B8%89%E5%B3%B6-x",
		"/categories/classics?q=emma":                   "/books?category=classics&q=emma",
		"/authors/bram-stoker?category=classics&q=drac": "/books?author=bram-stoker&category=classics&q=drac",
	} {
		a := b.Get(from)
		if got := a.Header.Get("Location"); a.Status != http.StatusMovedPermanently || got != to {
			t.Errorf("%s: status %d to %q, want %q", from, a.Status, got, to)
		}
	}
	b.Script = true
	part := b.Get("/books?category=classics&condition=good")
	if got := part.Header.Get("HX-Push-Url"); part.Status != http.StatusOK || got != "/categories/classics?condition=good" {
		t.Errorf("a part: status %d, the address becomes %q", part.Status, got)
	}
}

func TestAShelfThatIsNotThereIsNotFound(t *testing.T) {
	backend := &webtest.Stub{Answers: webtest.CatalogAnswers()}
	backend.Answers["GET /v1/books"] = catalogapi.Books{}
	b := webtest.Visit(t, backend, nil)
	for _, path := range []string{"/categories/nothing", "/sellers/8", "/sellers/8/blue-door", "/sellers/0/x", "/authors/nobody", "/authors/!", "/authors/x/y"} {
		b.Get(path).Shows(http.StatusNotFound, "h1", "meta[name=robots]")
	}
	b.Get("/categories/classics").Shows(http.StatusOK, ".empty")
}

// A seller's page is the same under any name, so that nobody fills the memory with
// made up ones; it says itself which name is right.
func TestASellersPageIsTheSameUnderAllNames(t *testing.T) {
	b := webtest.Visit(t, &webtest.Stub{Answers: webtest.CatalogAnswers()}, nil)
	for _, name := range []string{"blue-door", "another"} {
		b.Get("/sellers/8/"+name).Shows(http.StatusOK, `link[rel=canonical][href$="/sellers/8/blue-door"]`, `input[name=next][value="/sellers/8"]`)
	}
}
