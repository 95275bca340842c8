package sitemap_test

import (
	"encoding/xml"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"bookstore/frontend/internal/webtest"
	"bookstore/shared/apierr"
	"bookstore/shared/catalogapi"
)

// listed is what a sitemap or an index says.
type listed struct {
	XMLName xml.Name
	Entries []struct {
		At      string `xml:"loc"`
		Changed string `xml:"lastmod"`
	} `xml:",any"`
}

func (l listed) at() (all []string) {
	for _, e := range l.Entries {
		all = append(all, e.At)
	}
	return all
}

// get asks for a path as a program that has seen the file at a time before.
func get(t *testing.T, b *webtest.Browser, path, seen string) (*http.Response, listed) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, b.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("If-Modified-Since", seen)
	resp, err := b.HTTP.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	var l listed
	if resp.StatusCode == http.StatusOK {
		if err := xml.Unmarshal(body, &l); err != nil {
			t.Errorf("%s: %v in %s", path, err, body)
		}
	}
	return resp, l
}

func TestSitemapsNameEveryPageForEverybody(t *testing.T) {
	changed := time.Date(2026, 5, 4, 12, 30, 15, 0, time.UTC)
	backend := &webtest.Stub{Answers: webtest.CatalogAnswers()}
	backend.Answers["GET /v1/books/ranges"] = catalogapi.BookRanges{Items: []catalogapi.BookRange{{Number: 0, Books: 1, UpdatedAt: changed.Add(-time.Hour)}, {Number: 3, Books: 2, UpdatedAt: changed}}}
	backend.Answers["GET /v1/books/ranges/3"] = catalogapi.BookMarks{Items: []catalogapi.BookMark{{ID: 98304, UpdatedAt: changed}, {ID: 98310, UpdatedAt: changed}}}
	b := webtest.Visit(t, backend, nil)

	resp, index := get(t, b, "/sitemap.xml", "")
	if want := []string{b.URL + "/sitemaps/pages.xml", b.URL + "/sitemaps/books-0.xml", b.URL + "/sitemaps/books-3.xml"}; !slices.Equal(index.at(), want) ||
		index.XMLName.Local != "sitemapindex" || index.Entries[2].Changed != "2026-05-04T12:30:15Z" {
		t.Errorf("the index is %v", index)
	}
	if !strings.HasPrefix(resp.Header.Get("Content-Type"), "application/xml") || resp.Header.Get("Last-Modified") != "Mon, 04 May 2026 12:30:15 GMT" {
		t.Errorf("the index comes with %v", resp.Header)
	}
	b.Get("/robots.txt").Says("body", "Sitemap: "+b.URL+"/sitemap.xml")

	_, pages := get(t, b, "/sitemaps/pages.xml", "")
	for _, at := range pages.at() {
		b.Get(strings.TrimPrefix(at, b.URL)).Shows(http.StatusOK, `link[rel=canonical][href="`+at+`"]`)
	}
	if len(pages.Entries) < 5 {
		t.Errorf("the pages are %v", pages)
	}

	for range 2 {
		_, books := get(t, b, "/sitemaps/books-3.xml", "")
		if want := []string{b.URL + "/books/98304", b.URL + "/books/98310"}; !slices.Equal(books.at(), want) || books.Entries[0].Changed != "2026-05-04T12:30:15Z" {
			t.Errorf("the books are %v", books)
		}
	}
	if resp, _ := get(t, b, "/sitemaps/books-3.xml", changed.Format(http.TimeFormat)); resp.StatusCode != http.StatusNotModified {
		t.Errorf("who has the file gets %d", resp.StatusCode)
	}
	if n := backend.Called("GET /v1/books/ranges/3"); n != 1 {
		t.Errorf("the file was made %d times", n)
	}
	for path, want := range map[string]int{"/sitemaps/books-1.xml": http.StatusNotFound, "/sitemaps/else.xml": http.StatusNotFound} {
		if resp, _ := get(t, b, path, ""); resp.StatusCode != want {
			t.Errorf("%s: status %d, want %d", path, resp.StatusCode, want)
		}
	}
}

func TestSitemapsAskToComeBackWhileTheCatalogIsAway(t *testing.T) {
	backend := &webtest.Stub{Answers: map[string]any{"GET /v1/books/ranges": apierr.Unavailable("catalogsvc")}}
	resp, _ := get(t, webtest.Visit(t, backend, nil), "/sitemap.xml", "")
	if resp.StatusCode != http.StatusServiceUnavailable || resp.Header.Get("Retry-After") == "" {
		t.Errorf("got %d %v", resp.StatusCode, resp.Header)
	}
}
