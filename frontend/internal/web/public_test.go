package web_test

import (
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"bookstore/frontend/internal/webtest"
	"bookstore/shared/catalogapi"
)

const wholePicture = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

func TestPagesForEverybodyNameTheirAddressInEachLanguage(t *testing.T) {
	b := webtest.Visit(t, &webtest.Stub{Answers: webtest.CatalogAnswers()}, nil)
	for path, address := range map[string]string{"/": "/", "/books": "/books", "/books/7": "/books/7", "/help": "/help"} {
		for _, lang := range []string{"", "?lang=es"} {
			a := b.Get(path + lang)
			a.Shows(http.StatusOK,
				`link[rel=canonical][href="`+b.URL+address+lang+`"]`, `link[hreflang=en][href="`+b.URL+address+`"]`,
				`link[hreflang=es][href="`+b.URL+address+`?lang=es"]`, `link[hreflang=x-default][href="`+b.URL+address+`"]`,
				`meta[property="og:title"]`, `meta[property="og:url"]`, `meta[property="og:image"][content^="`+b.URL+`/assets/share."]`)
			if n := a.Page.Find("meta[name=robots]").Length(); n != 0 {
				t.Errorf("%s is not to be listed", path)
			}
			b.Post("/preferences", "lang", "en")
		}
	}
}

func TestALanguageInTheAddressStaysForThePagesThatFollow(t *testing.T) {
	b := webtest.Visit(t, &webtest.Stub{Answers: webtest.CatalogAnswers()}, nil)
	for _, step := range [][2]string{{"/books?lang=xx", "en"}, {"/books?lang=es", "es"}, {"/help", "es"}, {"/?lang=en", "en"}, {"/help", "en"}} {
		b.Get(step[0]).Shows(http.StatusOK, "html[lang="+step[1]+"]")
	}
	b.Get("/help?lang=es").Shows(http.StatusOK, `input[name=next][value="/help"]`)
}

func TestWhatIsTheVisitorsOwnIsNotToBeListed(t *testing.T) {
	backend := &webtest.Stub{Answers: webtest.CatalogAnswers()}
	backend.Answers["GET /v1/cart"] = webtest.CartOf(webtest.CartLine(nil))
	b := webtest.Visit(t, backend, nil)
	for _, path := range []string{"/cart", "/login", "/register", "/books?q=dracula", "/books?condition=good", "/books?cursor=more", "/nowhere"} {
		a := b.Get(path)
		a.Shows(a.Status, `meta[name=robots][content=noindex]`)
		if n := a.Page.Find("link[rel=canonical], link[hreflang], [property], head script:not([src])").Length(); n != 0 {
			t.Errorf("%s tells programs %d things", path, n)
		}
	}
}

func TestABooksFactsAreForPrograms(t *testing.T) {
	backend := &webtest.Stub{Answers: webtest.CatalogAnswers()}
	book := webtest.Dracula()
	book.Title, book.Cover, book.Year = "</script><b>Dracula", wholePicture, 1897
	backend.Answer("GET /v1/books/7", book)
	b := webtest.Visit(t, backend, nil)
	a := b.Get("/books/7")
	picture := b.URL + "/covers/" + wholePicture + ".jpg"
	a.Shows(http.StatusOK, `meta[property="og:type"][content=book]`, `meta[property="og:image"][content="`+picture+`"]`)
	var facts map[string]any
	if err := json.Unmarshal([]byte(a.Page.Find(`script[type="application/ld+json"]`).Text()), &facts); err != nil {
		t.Fatal(err)
	}
	offer, _ := facts["offers"].(map[string]any)
	for got, want := range map[any]any{
		facts["@type"]: "Book", facts["name"]: book.Title, facts["isbn"]: book.ISBN, facts["image"]: picture, facts["datePublished"]: "1897",
		offer["price"]: "12.99", offer["priceCurrency"]: "USD", offer["availability"]: "https://schema.org/InStock",
	} {
		if got != want {
			t.Errorf("the facts say %v, want %v", got, want)
		}
	}

	at := book.CreatedAt
	book.DelistedAt, book.Stock = &at, 0
	backend.Answer("GET /v1/books/7", book)
	webtest.Visit(t, backend, nil).Get("/books/7").Shows(http.StatusGone, "meta[name=robots]")
}

// What a program may list it must be able to read, and the other way round.
func TestProgramsAreAskedToLeaveAloneWhatIsNotToBeListed(t *testing.T) {
	backend := &webtest.Stub{Answers: webtest.CatalogAnswers()}
	b := webtest.Visit(t, backend, nil)
	rules := b.Get("/robots.txt")
	rules.Shows(http.StatusOK)
	closed := func(path string) bool {
		for line := range strings.Lines(rules.Page.Text()) {
			rule, isRule := strings.CutPrefix(strings.TrimSpace(line), "Disallow: ")
			pattern := strings.ReplaceAll(regexp.QuoteMeta(rule), `\*`, ".*")
			if isRule && regexp.MustCompile("^"+pattern).MatchString(path) {
				return true
			}
		}
		return false
	}
	backend.Answer("GET /v1/books", catalogapi.Books{Page: webtest.SomeBooks("more").Page, Total: 1})
	for _, path := range append(paths(t, http.MethodGet), "/categories/classics", "/sellers/8/blue-door", "/authors/bram-stoker", "/recently-listed", "/authors/bram-stoker?sort=title", "/books?q=dracula", "/books?sort=title", "/books?lang=es", "/books?cursor=more", "/books/7?lang=es") {
		a := b.Get(path)
		if a.Status != http.StatusOK {
			continue
		}
		if listed := a.Page.Find("meta[name=robots]").Length() == 0 && a.Page.Find("head").Length() > 0; listed == closed(path) {
			t.Errorf("%s: to be listed is %v, to be left alone is %v", path, listed, closed(path))
		}
	}
}
