package selling_test

import (
	"net/http"
	"testing"

	"bookstore/frontend/internal/webtest"
	"bookstore/shared/apierr"
	"bookstore/shared/authapi"
	"bookstore/shared/catalogapi"
	"bookstore/shared/idempotency"
)

func TestABuyerStartsSelling(t *testing.T) {
	started := webtest.Grant()
	started.RefreshToken, started.User.Role = "", "seller"
	backend := &webtest.Stub{Answers: map[string]any{"POST /v1/users/me/seller": started, "GET /v1/books": webtest.SomeBooks("")}}
	b := webtest.Visit(t, backend, webtest.Buyer)
	b.Get("/selling/books").Leads("/selling")
	b.Get("/selling").Shows(http.StatusOK, `form[action="/selling"] [name=seller_name]`)
	b.Post("/selling", "seller_name", " Blue Door ").Leads("/selling/books")
	var sent authapi.StartSelling
	backend.Last(t, "POST /v1/users/me/seller", &sent)
	if sent.SellerName != "Blue Door" {
		t.Errorf("sent %+v", sent)
	}

	// The new session is a seller's and still has its refresh token.
	backend.Answer("POST /v1/sessions/refresh", started)
	b.Get("/selling/books").Shows(http.StatusOK, ".table")
	var refresh authapi.Refresh
	backend.Last(t, "POST /v1/sessions/refresh", &refresh)
	if refresh.RefreshToken != "r" {
		t.Errorf("refreshed with %q", refresh.RefreshToken)
	}
}

// listing is a filled form, with some fields changed.
func listing(changes ...string) []string {
	fields := map[string]string{
		"title": "Dracula", "authors": "Bram Stoker\r\n\r\n A. N. Other ", "isbn": "0-14-143984-6", "category": "classics",
		"language": "en", "condition": "good", "price": "12,50", "stock": "2", "year": "1897", "description": "a\r\n\r\nb",
	}
	for i := 0; i+1 < len(changes); i += 2 {
		fields[changes[i]] = changes[i+1]
	}
	var pairs []string
	for name, value := range fields {
		pairs = append(pairs, name, value)
	}
	return pairs
}

func TestASellerListsABook(t *testing.T) {
	backend := &webtest.Stub{Answers: webtest.CatalogAnswers()}
	backend.Answers["POST /v1/books"] = webtest.Dracula()
	b := webtest.Visit(t, backend, webtest.Seller)
	b.Get("/selling/books/new").Shows(http.StatusOK, `form [name=title]`, `#category option[value=classics]`)
	b.Post("/selling/books/new", listing()...).Leads("/selling/books")
	var sent catalogapi.BookInput
	backend.Last(t, "POST /v1/books", &sent)
	if sent.Price != 1250 || sent.Stock != 2 || sent.Year != 1897 || len(sent.Authors) != 2 || sent.Authors[1] != "A. N. Other" || sent.Description != "a\n\nb" {
		t.Errorf("sent %+v", sent)
	}
	if b.Cookie("fresh") == "" {
		t.Error("the seller may not see the own book for a while")
	}
	b.Get("/selling/books")
	if got := backend.Last(t, "GET /v1/books", nil); got.Header.Get("Cache-Control") != "no-cache" || got.Query.Get("seller_id") != "8" {
		t.Errorf("own books are read with %q of %v", got.Header.Get("Cache-Control"), got.Query)
	}
}

func TestAListingThatIsNotTakenComesBackAsTyped(t *testing.T) {
	for name, c := range map[string]struct {
		changes []string
		refusal error
		field   string
	}{
		"no title":           {[]string{"title", " "}, nil, "title"},
		"no authors":         {[]string{"authors", " \n "}, nil, "authors"},
		"price in words":     {[]string{"price", "ten"}, nil, "price"},
		"price too exact":    {[]string{"price", "1.2345"}, nil, "price"},
		"half a copy":        {[]string{"stock", "1.5"}, nil, "stock"},
		"a stock beyond all": {[]string{"stock", "99999999999999999999"}, nil, "stock"},
		"the catalog's ISBN": {nil, apierr.Field("isbn", catalogapi.CodeBadISBN), "isbn"},
		"one of the authors": {nil, apierr.Field("authors[1]", apierr.CodeTooLong, "max", 200), "authors"},
		"a price too low":    {nil, apierr.Field("price", apierr.CodeTooSmall, "min", 1), "price"},
	} {
		backend := &webtest.Stub{Answers: webtest.CatalogAnswers()}
		if c.refusal != nil {
			backend.Answers["POST /v1/books"] = c.refusal
		}
		a := webtest.Visit(t, backend, webtest.Seller).Post("/selling/books/new", listing(c.changes...)...)
		a.Shows(http.StatusUnprocessableEntity, "#"+c.field+"[aria-invalid=true]", `.error-summary a[href="#`+c.field+`"]`, `#category option[value=classics][selected]`)
		if t.Failed() {
			t.Fatalf("%s: %s", name, a.Text(".error-summary"))
		}
	}
}

func TestPricesInMessagesAreMoney(t *testing.T) {
	backend := &webtest.Stub{Answers: webtest.CatalogAnswers()}
	backend.Answers["POST /v1/books"] = apierr.Field("price", apierr.CodeTooLarge, "max", 100000000)
	webtest.Visit(t, backend, webtest.Seller).Post("/selling/books/new", listing()...).Says("#price-error", "$1,000,000.00")
}

func TestAnEditTakesItsStockFromWhatTheSellerSaw(t *testing.T) {
	backend := &webtest.Stub{Answers: webtest.CatalogAnswers()}
	b := webtest.Visit(t, backend, webtest.Seller)
	a := b.Get("/selling/books/7/edit")
	a.Shows(http.StatusOK, `[name=version][value="3"]`, `[name=stock_shown][value="2"]`, `#price[value="12.99"]`)

	backend.Answer("PUT /v1/books/7", webtest.Dracula())
	b.Post("/selling/books/7/edit", listing("version", "3", "stock_shown", "2", "stock", "5")...).Leads("/selling/books")
	var sent catalogapi.BookUpdate
	backend.Last(t, "PUT /v1/books/7", &sent)
	if sent.Version != 3 || sent.StockShown != 2 || sent.Stock != 5 {
		t.Errorf("sent %+v", sent)
	}

	// Two copies were sold meanwhile: the form goes on from there, three more.
	now := webtest.Dracula()
	now.Version, now.Stock = 4, 0
	backend.Answer("GET /v1/books/7", now)
	backend.Answer("PUT /v1/books/7", apierr.New(apierr.KindConflict, catalogapi.CodeVersionConflict))
	a = b.Post("/selling/books/7/edit", listing("version", "3", "stock_shown", "2", "stock", "5")...)
	a.Shows(http.StatusConflict, `.error-summary`, `[name=version][value="4"]`, `[name=stock_shown][value="0"]`, `#stock[value="3"]`)
}

func TestOnlyTheOwnerReachesAListing(t *testing.T) {
	foreign := webtest.Dracula()
	foreign.SellerID = 99
	backend := &webtest.Stub{Answers: webtest.CatalogAnswers()}
	backend.Answers["GET /v1/books/7"] = foreign
	backend.Answers["DELETE /v1/books/7"] = apierr.New(apierr.KindForbidden, catalogapi.CodeNotYourBook)
	backend.Answers["PUT /v1/books/7"] = apierr.New(apierr.KindForbidden, catalogapi.CodeNotYourBook)
	b := webtest.Visit(t, backend, webtest.Seller)
	b.Get("/selling/books/7/edit").Shows(http.StatusForbidden, ".error-page")
	b.Get("/selling/books/7/delete").Shows(http.StatusForbidden, ".error-page")
	b.Post("/selling/books/7/edit", listing("version", "3")...).Shows(http.StatusForbidden, ".error-page")
	b.Post("/selling/books/7/delete").Shows(http.StatusForbidden, ".error-page")
}

func TestDeletingAsksFirst(t *testing.T) {
	backend := &webtest.Stub{Answers: webtest.CatalogAnswers()}
	backend.Answers["DELETE /v1/books/7"] = struct{}{}
	b := webtest.Visit(t, backend, webtest.Seller)
	b.Get("/selling/books/7/delete").Shows(http.StatusOK, `form[method=post][action="/selling/books/7/delete"]`)
	if backend.Called("DELETE /v1/books/7") != 0 {
		t.Fatal("deleted without asking")
	}
	b.Post("/selling/books/7/delete").Leads("/selling/books")
	if backend.Called("DELETE /v1/books/7") != 1 {
		t.Error("not deleted")
	}
}

func TestAListingCarriesItsKeyAndGetsAnotherOnceThatIsUsed(t *testing.T) {
	backend := &webtest.Stub{Answers: webtest.CatalogAnswers()}
	backend.Answers["POST /v1/books"] = webtest.Dracula()
	b := webtest.Visit(t, backend, webtest.Seller)
	key := b.Get("/selling/books/new").Value("form_key")
	if key == "" || key == b.Get("/selling/books/new").Value("form_key") {
		t.Fatalf("two forms have the key %q", key)
	}
	b.Post("/selling/books/new", listing("form_key", key)...).Leads("/selling/books")
	if got := backend.Last(t, "POST /v1/books", nil).Header.Get(idempotency.Header); got != key {
		t.Errorf("sent the key %q, want %q", got, key)
	}
	backend.Answer("POST /v1/books", idempotency.ErrReused) // another listing, from the browser's history
	a := b.Post("/selling/books/new", listing("form_key", key)...)
	a.Says(".error-summary", webtest.English("error.idempotency_key_reused"))
	if next := a.Value("form_key"); next == "" || next == key {
		t.Errorf("the form goes on with the key %q", next)
	}
}

func TestTheFormShowsTheListingAsBuyersWillSeeIt(t *testing.T) {
	backend := &webtest.Stub{Answers: webtest.CatalogAnswers()}
	b := webtest.Visit(t, backend, webtest.Seller)
	b.Get("/selling/books/new").Says("#preview .book-card-title", "Title")

	b.Script = true
	card := b.Get("/selling/books/preview?title=%20Dune%20&authors=Frank+Herbert%0A%0AAnother&price=8.5&condition=good")
	card.Says(".book-card-title", "Dune")
	card.Says(".book-card-authors", "Frank Herbert, Another")
	card.Says(".book-card-offer", "$8.50 Good")
	b.Get("/selling/books/preview?price=abc&condition=shiny&cover_shown=../x").Shows(http.StatusOK, `img[src^="data:image/svg+xml,"]`)

	b.Script = false
	b.Get("/selling/books/preview").Leads("/selling/books/new")
}
