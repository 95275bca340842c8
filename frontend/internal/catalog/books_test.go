package catalog_test

import (
	"net/http"
	"strings"
	"testing"

	"bookstore/frontend/internal/ui"
	"bookstore/frontend/internal/webtest"
	"bookstore/shared/apierr"
	"bookstore/shared/catalogapi"
	"bookstore/shared/page"
	"bookstore/shared/shopapi"
)

func TestTheHomePageGreetsWithBooksInBothLanguages(t *testing.T) {
	for lang, want := range map[string]string{"en": "Just arrived", "es": "Recién llegados"} {
		b := webtest.Visit(t, &webtest.Stub{Answers: webtest.CatalogAnswers()}, nil)
		b.Lang = lang
		a := b.Get("/")
		a.Shows(http.StatusOK, `html[lang=`+lang+`]`, "h1", `.book-card a[href="/books/7"]`, `a.chip[href="/categories/classics"]`)
		a.Says("main", want)
	}
}

func TestTheHomePagePromisesTheWaysToPayThatThereAre(t *testing.T) {
	const call = "GET /v1/payment-methods"
	all := []string{shopapi.MethodCard, shopapi.MethodPayPal, shopapi.MethodBankTransfer}
	for _, c := range []struct {
		answer   any
		en, es   string
		mayNever string
	}{
		{shopapi.PaymentMethods{Methods: all}, "Pay by card, PayPal or bank transfer. Your", "Paga con tarjeta, PayPal o transferencia bancaria. Si", "Pay by Your"},
		{shopapi.PaymentMethods{Methods: all[:1]}, "Pay by card. Your", "Paga con tarjeta. Si", "PayPal"},
		{apierr.New(apierr.KindUnavailable, apierr.CodeUnavailable), "Paid safelyYour", "Pago seguroSi", "card"},
	} {
		backend := &webtest.Stub{Answers: webtest.CatalogAnswers()}
		backend.Answers[call] = c.answer
		b := webtest.Visit(t, backend, nil)
		b.Get("/")
		asked := backend.Called(call)
		for lang, want := range map[string]string{"en": c.en, "es": c.es} {
			b.Lang = lang
			a := b.Get("/")
			a.Says(".promises", want)
			if strings.Contains(a.Text(".promises"), c.mayNever) {
				t.Errorf("%s: the page says %q", lang, a.Text(".promises"))
			}
		}
		if n := backend.Called(call); n != asked {
			t.Errorf("the next pages asked %d times more, want never", n-asked)
		}
	}
}

func TestAMissingOrnamentDoesNotLoseThePage(t *testing.T) {
	backend := &webtest.Stub{Answers: webtest.CatalogAnswers()}
	delete(backend.Answers, "GET /v1/categories")
	backend.Answers["GET /v1/cart/count"] = apierr.New(apierr.KindUnavailable, apierr.CodeUnavailable)
	webtest.Visit(t, backend, webtest.Buyer).Get("/").Shows(http.StatusOK, ".book-card")
}

func TestTheCatalogAnswersWithAPageOrItsParts(t *testing.T) {
	backend := &webtest.Stub{Answers: webtest.CatalogAnswers()}
	backend.Answers["GET /v1/books"] = webtest.SomeBooks("more")
	b := webtest.Visit(t, backend, nil)

	whole := b.Get("/books?q=dracula&category=classics&min_price=5&sort=price_asc")
	whole.Shows(http.StatusOK, "html head title", "#filters", "#results .book-card",
		`#load-more a[href*="cursor=more"][hx-get*="q=dracula"]`, `.chip[href="/categories/classics?min_price=5.00&sort=price_asc"]`)
	if q := backend.Last(t, "GET /v1/books", nil).Query; q.Get("min_price") != "500" || q.Get("q") != "dracula" || q.Get("sort") != "price_asc" {
		t.Errorf("asked the catalog for %v", q)
	}
	if !strings.Contains(strings.Join(whole.Header.Values("Vary"), ","), "HX-Request-Type") {
		t.Errorf("Vary is %q", whole.Header.Values("Vary"))
	}

	b.Script = true
	part := b.Get("/books?q=dracula&category=&condition=")
	part.Shows(http.StatusOK, "#results .book-card", "hx-partial #filters-q[value=dracula]")
	if part.Page.Find("header").Length() != 0 {
		t.Error("a part of the page came with the layout")
	}
	if got := part.Header.Get("HX-Push-Url"); got != "/books?q=dracula" {
		t.Errorf("the address becomes %q", got)
	}

	more := b.Get("/books?cursor=more")
	more.Shows(http.StatusOK, "#load-more", `hx-partial[hx-target="#books"] .book-card`)
	if more.Page.Find("#results").Length() != 0 {
		t.Error("the next part repeats the list around it")
	}
}

func TestWhatTheCatalogIsAskedForIsCleanedUp(t *testing.T) {
	backend := &webtest.Stub{Answers: webtest.CatalogAnswers()}
	webtest.Visit(t, backend, nil).Get("/books?sort=evil&condition=mint&min_price=-4&max_price=lots&seller_id=-1&q=" + strings.Repeat("x", 300)).
		Shows(http.StatusOK)
	q := backend.Last(t, "GET /v1/books", nil).Query
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
	b := webtest.Visit(t, &webtest.Stub{Answers: webtest.CatalogAnswers()}, nil)
	b.Get("/books/suggestions?q=drac").Leads("/books?q=drac")
	b.Script = true
	b.Get("/books/suggestions?q=drac").Shows(http.StatusOK, `[role="listbox"] [role="option"][href="/books/7"]`, `[role="option"][href="/books?q=drac"]`)
	if got := b.Get("/books/suggestions?q=").Text("body"); got != "" {
		t.Errorf("nothing typed suggests %q", got)
	}
}

func TestABooksPageSellsIt(t *testing.T) {
	other := webtest.Dracula()
	other.ID, other.SellerName = 8, "Attic"
	backend := &webtest.Stub{Answers: webtest.CatalogAnswers()}
	backend.Answers["GET /v1/books"] = catalogapi.Books{Page: page.Page[catalogapi.Book]{Items: []catalogapi.Book{other, webtest.Dracula()}}}

	a := webtest.Visit(t, backend, nil).Get("/books/7")
	a.Shows(http.StatusOK, `form[action="/cart"] [name=book_id][value="7"]`, `[name=quantity][max="2"]`,
		`.book-row a[href="/books/8"]`, `meta[name=description]`, `link[rel=canonical][href$="/books/7"]`)
	if a.Page.Find(`.book-row a[href="/books/7"]`).Length() != 0 {
		t.Error("the book is among its own other offers")
	}
	if n := a.Page.Find(".prose p").Length(); n != 2 {
		t.Errorf("the description has %d paragraphs, want 2", n)
	}
	a.Says(".buy-box", "$12.99")

	b := webtest.Visit(t, backend, nil)
	single := webtest.Dracula()
	single.Stock = 1
	backend.Answer("GET /v1/books/7", single)
	if a := b.Get("/books/7"); a.Page.Find(`form[action="/cart"]`).Length() != 1 || a.Page.Find("[name=quantity]").Length() != 0 {
		t.Error("a single copy is not sold without a box for its number")
	}
	b.Lang = "es"
	b.Get("/books/7").Says(".buy-box .condition", "Buen estado")

	own := webtest.Visit(t, backend, webtest.Seller).Get("/books/7")
	own.Shows(http.StatusOK, `a[href="/selling/books/7/edit"]`)
	if own.Page.Find(`form[action="/cart"]`).Length() != 0 {
		t.Error("sellers are offered their own book")
	}
}

func TestABooksPageSaysWhatDeliveryToTheVisitorsCountryCosts(t *testing.T) {
	const cheapest = "GET /v1/delivery-providers/cheapest"
	quote := func(country string, cost int64) shopapi.DeliveryQuotes {
		return shopapi.DeliveryQuotes{Country: country, Items: []shopapi.DeliveryQuote{{SellerID: 8, Cost: webtest.USD(cost)}}}
	}
	backend := &webtest.Stub{Answers: webtest.CatalogAnswers()}
	backend.Answers[cheapest] = quote("CO", 250)
	b := webtest.Visit(t, backend, nil)
	b.Get("/books/7").Says(".assurances", "Delivery to Colombia from $2.50")

	b.Get("/delivery-country?next=/books/7").Shows(http.StatusOK, `form [name=country] option[value=CO][selected]`, `[name=next][value="/books/7"]`)
	b.Post("/delivery-country", "country", "XX", "next", "/books/7").Shows(http.StatusUnprocessableEntity, "#country-error", `[name=next][value="/books/7"]`)
	b.Post("/delivery-country", "country", "DE", "next", "//evil.example").Leads("/")
	backend.Answer(cheapest, quote("DE", 850))
	b.Get("/books/7").Says(".assurances", "Delivery to Germany from $8.50") // nobody else's answer
	if q := backend.Last(t, cheapest, nil).Query; q.Get("country") != "DE" || q.Get("seller_ids") != "8" {
		t.Errorf("asked for %v", q)
	}

	for answer, want := range map[any]string{
		apierr.New(apierr.KindUnavailable, "unavailable"): "You choose the carrier at checkout",
		&shopapi.DeliveryQuotes{Country: "CO"}:            "No carrier delivers to Colombia",
	} {
		backend := &webtest.Stub{Answers: webtest.CatalogAnswers()}
		backend.Answers[cheapest] = answer
		a := webtest.Visit(t, backend, nil).Get("/books/7")
		a.Shows(http.StatusOK, `form[action="/cart"]`)
		a.Says(".assurances", want)
	}
}

func TestABookThatCannotBeBoughtLeadsToOthers(t *testing.T) {
	soldOut, removed := webtest.Dracula(), webtest.Dracula()
	soldOut.Stock, removed.Stock = 0, 0
	removed.DelistedAt = &removed.CreatedAt
	copyOfIt, similar := webtest.Dracula(), webtest.Dracula()
	copyOfIt.ID, similar.ID, similar.ISBN = 8, 9, ""
	for _, c := range []struct {
		book   catalogapi.Book
		status int
		says   string
	}{{soldOut, http.StatusOK, "Sold out"}, {removed, http.StatusGone, "No longer offered"}} {
		backend := &webtest.Stub{Answers: webtest.CatalogAnswers()}
		backend.Answers["GET /v1/books/7"] = c.book
		backend.Answers["GET /v1/books"] = catalogapi.Books{Page: page.Page[catalogapi.Book]{Items: []catalogapi.Book{copyOfIt, webtest.Dracula(), similar}}}
		a := webtest.Visit(t, backend, nil).Get("/books/7")
		a.Shows(c.status, ".stock.is-out", `.buy-box a[href="#others"]`, `#others a[href="/books/8"]`, `#similar a[href="/books/9"]`)
		a.Says(".stock", c.says)
		if n := a.Page.Find(`form[action="/cart"], .buy-box [href*="truck"], #similar a[href="/books/8"], main a[href="/books/7"]`).Length(); n != 0 {
			t.Errorf("%s: %d parts are to buy it, to send it, or lead to itself", c.says, n)
		}
		if got := backend.Last(t, "GET /v1/books/7", nil).Query.Get("delisted"); got != "true" {
			t.Errorf("asked for a book with delisted=%q", got)
		}
		backend.Answer("GET /v1/books", apierr.New(apierr.KindUnavailable, apierr.CodeUnavailable))
		webtest.Visit(t, backend, nil).Get("/books/7").Shows(c.status, ".stock.is-out")
	}
}

func TestABookThatIsNotThereIsAPage(t *testing.T) {
	for _, path := range []string{"/books/99", "/books/0", "/books/99999999999999999999", "/books/x", "/nowhere"} {
		webtest.Visit(t, &webtest.Stub{Answers: map[string]any{"GET /v1/books/99": apierr.New(apierr.KindNotFound, catalogapi.CodeBookNotFound)}}, nil).
			Get(path).Shows(http.StatusNotFound, ".error-page h1", ".site-header")
	}
}

func TestTextOfSellersIsNeverMarkup(t *testing.T) {
	book := webtest.Dracula()
	book.Title = `<script>alert(1)</script>`
	book.Description = `"><img src=x onerror=alert(1)>`
	backend := &webtest.Stub{Answers: webtest.CatalogAnswers()}
	backend.Answers["GET /v1/books/7"] = book
	a := webtest.Visit(t, backend, nil).Get("/books/7")
	a.Says("h1", book.Title)
	if a.Page.Find("main script, main [onerror]").Length() != 0 {
		t.Error("a title became markup")
	}
}

func TestCoversAreDrawnFromTheAddressAlone(t *testing.T) {
	b := webtest.Visit(t, &webtest.Stub{}, nil)
	a := b.Get(ui.CoverURL("Dracula", []string{"Bram Stoker"}))
	a.Shows(http.StatusOK, "svg")
	if got := a.Header.Get("Content-Type"); got != "image/svg+xml" {
		t.Errorf("Content-Type is %q", got)
	}
	if got := a.Header.Get("Cache-Control"); !strings.HasPrefix(got, "public, max-age=") {
		t.Errorf("Cache-Control is %q", got)
	}
	for _, path := range []string{"/covers/x.svg", "/covers/W10.svg", "/covers/bnVsbA.svg"} {
		if got := b.Get(path); got.Status != http.StatusNotFound {
			t.Errorf("%s: status %d, want 404", path, got.Status)
		}
	}
	long := ui.CoverURL(strings.Repeat("é", 300), []string{strings.Repeat("ü", 200), "b", "c", "d"})
	b.Get(long).Shows(http.StatusOK, "svg")
}

func TestAMisspelledSearchLeadsToWhatFindsSomething(t *testing.T) {
	backend := &webtest.Stub{Answers: webtest.CatalogAnswers()}
	backend.Answers["GET /v1/books"] = catalogapi.Books{Instead: "dracula"}
	a := webtest.Visit(t, backend, nil).Get("/books?q=dracla&category=classics")
	a.Shows(http.StatusOK, `#instead[href="/books?category=classics&q=dracula"]`)
	a.Says("#instead", "Did you mean “dracula”?")
}

func TestASearchThatFindsNothingShowsWhatOthersBuy(t *testing.T) {
	backend := &webtest.Stub{Answers: webtest.CatalogAnswers()}
	backend.Answers["GET /v1/books"] = catalogapi.Books{}
	backend.Answers["GET /v1/books/popular"] = webtest.SomeBooks("")
	b := webtest.Visit(t, backend, nil)
	a := b.Get("/books?q=nothing&category=classics")
	a.Shows(http.StatusOK, ".empty", `#popular .book-card a[href="/books/7"]`, `.empty a[href="/books?q=nothing"]`)
	if a := b.Get("/books?q=nothing"); a.Page.Find(`.empty a[href="/books?q=nothing"]`).Length() != 0 {
		t.Error("a search without filters is offered in place of itself")
	}
	if a := b.Get("/categories/classics"); a.Page.Find("#popular").Length() != 0 {
		t.Error("an empty shelf shows what others buy")
	}
	delete(backend.Answers, "GET /v1/books/popular")
	webtest.Visit(t, backend, nil).Get("/books?q=nothing").Shows(http.StatusOK, ".empty")
}
