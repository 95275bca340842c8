package web

import (
	"net/http"
	"strings"
	"testing"

	"bookstore/frontend/internal/i18n"
	"bookstore/frontend/internal/view"
	"bookstore/shared/apierr"
	"bookstore/shared/catalogapi"
	"bookstore/shared/money"
	"bookstore/shared/page"
)

// english returns a message in English.
func english(key string) string { return i18n.For("en").T(key) }

func dracula() catalogapi.Book {
	return catalogapi.Book{
		ID: 7, Version: 3, SellerID: seller.ID, SellerName: "Blue Door", Title: "Dracula", Authors: []string{"Bram Stoker"},
		ISBN: "9780141439846", Description: "First.\n\nSecond.", Category: "classics", Language: "en",
		Condition: catalogapi.ConditionGood, Price: money.New(1299, "USD"), Stock: 2,
	}
}

func someBooks(next string) catalogapi.Books {
	return catalogapi.Books{Page: page.Page[catalogapi.Book]{Items: []catalogapi.Book{dracula()}, NextCursor: next}, Total: 1}
}

func catalogueAnswers() map[string]any {
	return map[string]any{
		"GET /v1/books":      someBooks(""),
		"GET /v1/books/7":    dracula(),
		"GET /v1/categories": catalogapi.Categories{Items: []catalogapi.Category{{Slug: "classics", Books: 1}}},
	}
}

func TestTheHomePageGreetsWithBooksInBothLanguages(t *testing.T) {
	for lang, want := range map[string]string{"en": "Just arrived", "es": "Recién llegados"} {
		b := visit(t, &stub{answers: catalogueAnswers()}, nil)
		b.lang = lang
		a := b.get("/")
		a.shows(http.StatusOK, `html[lang=`+lang+`]`, "h1", `.book-card a[href="/books/7"]`, `a.chip[href="/books?category=classics"]`)
		a.says("main", want)
	}
}

func TestAMissingOrnamentDoesNotLoseThePage(t *testing.T) {
	backend := &stub{answers: catalogueAnswers()}
	delete(backend.answers, "GET /v1/categories")
	backend.answers["GET /v1/cart/count"] = apierr.New(apierr.KindUnavailable, "unavailable")
	visit(t, backend, buyer).get("/").shows(http.StatusOK, ".book-card")
}

func TestTheCatalogueAnswersWithAPageOrItsParts(t *testing.T) {
	backend := &stub{answers: catalogueAnswers()}
	backend.answers["GET /v1/books"] = someBooks("more")
	b := visit(t, backend, nil)

	whole := b.get("/books?q=dracula&category=classics&min_price=5&sort=price_asc")
	whole.shows(http.StatusOK, "html head title", "#filters", "#results .book-card",
		`#load-more a[href*="cursor=more"][hx-get*="q=dracula"]`, `.chip[href="/books?category=classics&min_price=5.00&sort=price_asc"]`)
	if q := backend.last(t, "GET /v1/books", nil).Query; q.Get("min_price") != "500" || q.Get("q") != "dracula" || q.Get("sort") != "price_asc" {
		t.Errorf("asked the catalogue for %v", q)
	}
	if !strings.Contains(strings.Join(whole.Header.Values("Vary"), ","), "HX-Request-Type") {
		t.Errorf("Vary is %q", whole.Header.Values("Vary"))
	}

	b.script = true
	part := b.get("/books?q=dracula&category=&condition=")
	part.shows(http.StatusOK, "#results .book-card", "hx-partial #filters-q[value=dracula]")
	if part.Page.Find("header").Length() != 0 {
		t.Error("a part of the page came with the layout")
	}
	if got := part.Header.Get("HX-Push-Url"); got != "/books?q=dracula" {
		t.Errorf("the address becomes %q", got)
	}

	more := b.get("/books?cursor=more")
	more.shows(http.StatusOK, "#load-more", `hx-partial[hx-target="#books"] .book-card`)
	if more.Page.Find("#results").Length() != 0 {
		t.Error("the next part repeats the list around it")
	}
}

func TestWhatTheCatalogueIsAskedForIsCleanedUp(t *testing.T) {
	backend := &stub{answers: catalogueAnswers()}
	visit(t, backend, nil).get("/books?sort=evil&condition=mint&min_price=-4&max_price=lots&seller_id=-1&q=" + strings.Repeat("x", 300)).
		shows(http.StatusOK)
	q := backend.last(t, "GET /v1/books", nil).Query
	for _, name := range []string{"sort", "condition", "min_price", "max_price", "seller_id"} {
		if q.Has(name) {
			t.Errorf("asked for %s=%s", name, q.Get(name))
		}
	}
	if n := len(q.Get("q")); n != 200 {
		t.Errorf("asked for %d letters", n)
	}
}

func TestSuggestionsComeWhileTyping(t *testing.T) {
	b := visit(t, &stub{answers: catalogueAnswers()}, nil)
	b.get("/books/suggestions?q=drac").leads("/books?q=drac")
	b.script = true
	b.get("/books/suggestions?q=drac").shows(http.StatusOK, `.book-row a[href="/books/7"]`, `a[href="/books?q=drac"]`)
	if got := b.get("/books/suggestions?q=").text("body"); got != "" {
		t.Errorf("nothing typed suggests %q", got)
	}
}

func TestABooksPageSellsIt(t *testing.T) {
	other := dracula()
	other.ID, other.SellerName = 8, "Attic"
	backend := &stub{answers: catalogueAnswers()}
	backend.answers["GET /v1/books"] = catalogapi.Books{Page: page.Page[catalogapi.Book]{Items: []catalogapi.Book{other, dracula()}}}

	a := visit(t, backend, nil).get("/books/7")
	a.shows(http.StatusOK, `form[action="/cart"] [name=book_id][value="7"]`, `[name=quantity][max="2"]`,
		`.book-row a[href="/books/8"]`, `meta[name=description]`, `link[rel=canonical][href$="/books/7"]`)
	if a.Page.Find(`.book-row a[href="/books/7"]`).Length() != 0 {
		t.Error("the book is among its own other offers")
	}
	if n := a.Page.Find(".prose p").Length(); n != 2 {
		t.Errorf("the description has %d paragraphs, want 2", n)
	}
	a.says(".buy-box", "$12.99")

	own := visit(t, backend, seller).get("/books/7")
	own.shows(http.StatusOK, `a[href="/selling/books/7/edit"]`)
	if own.Page.Find(`form[action="/cart"]`).Length() != 0 {
		t.Error("sellers are offered their own book")
	}
}

func TestASoldOutBookCannotBeAdded(t *testing.T) {
	book := dracula()
	book.Stock = 0
	backend := &stub{answers: catalogueAnswers()}
	backend.answers["GET /v1/books/7"] = book
	a := visit(t, backend, nil).get("/books/7")
	a.shows(http.StatusOK, ".stock.is-out")
	if a.Page.Find(`form[action="/cart"]`).Length() != 0 {
		t.Error("a sold-out book can be added")
	}
}

func TestABookThatIsNotThereIsAPage(t *testing.T) {
	for _, path := range []string{"/books/99", "/books/0", "/books/99999999999999999999", "/books/x", "/nowhere"} {
		visit(t, &stub{answers: map[string]any{"GET /v1/books/99": apierr.New(apierr.KindNotFound, "book_not_found")}}, nil).
			get(path).shows(http.StatusNotFound, ".error-page h1", ".site-header")
	}
}

func TestTextOfSellersIsNeverMarkup(t *testing.T) {
	book := dracula()
	book.Title = `<script>alert(1)</script>`
	book.Description = `"><img src=x onerror=alert(1)>`
	backend := &stub{answers: catalogueAnswers()}
	backend.answers["GET /v1/books/7"] = book
	a := visit(t, backend, nil).get("/books/7")
	a.says("h1", book.Title)
	if a.Page.Find("main script, main [onerror]").Length() != 0 {
		t.Error("a title became markup")
	}
}

func TestCoversAreDrawnFromTheAddressAlone(t *testing.T) {
	b := visit(t, &stub{}, nil)
	a := b.get(view.CoverURL("Dracula", []string{"Bram Stoker"}))
	a.shows(http.StatusOK, "svg")
	if got := a.Header.Get("Content-Type"); got != "image/svg+xml" {
		t.Errorf("Content-Type is %q", got)
	}
	if got := a.Header.Get("Cache-Control"); !strings.HasPrefix(got, "public, max-age=") {
		t.Errorf("Cache-Control is %q", got)
	}
	for _, path := range []string{"/covers/x.svg", "/covers/W10.svg", "/covers/bnVsbA.svg"} {
		if got := b.get(path); got.Status != http.StatusNotFound {
			t.Errorf("%s: status %d, want 404", path, got.Status)
		}
	}
	long := view.CoverURL(strings.Repeat("é", 300), []string{strings.Repeat("ü", 200), "b", "c", "d"})
	b.get(long).shows(http.StatusOK, "svg")
}
