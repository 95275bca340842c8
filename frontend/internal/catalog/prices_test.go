package catalog_test

import (
	"net/http"
	"net/url"
	"testing"

	"bookstore/frontend/internal/web"
	"bookstore/frontend/internal/webtest"
)

func TestPricesAreUnderstoodAsPeopleTypeThem(t *testing.T) {
	for _, c := range []struct{ lang, typed, cents, shown string }{
		{"en", "$5", "500", "5.00"},
		{"en", "5 USD", "500", "5.00"},
		{"en", "5,00 US$", "500", "5.00"},
		{"es", "5,00 US$", "500", "5,00"},
		{"es", "1.299", "129900", "1299,00"},
		{"en", "1 299.50", "129950", "1299.50"},
	} {
		backend := &webtest.Stub{Answers: webtest.CatalogAnswers()}
		b := webtest.Visit(t, backend, nil)
		b.Lang = c.lang
		a := b.Get("/books?min_price=" + url.QueryEscape(c.typed))
		a.Shows(http.StatusOK, `#min_price[value="`+c.shown+`"]`, ".chip")
		if got := backend.Last(t, "GET /v1/books", nil).Query.Get("min_price"); got != c.cents {
			t.Errorf("%s: %q asked for %s, want %s", c.lang, c.typed, got, c.cents)
		}
		if a.Page.Find("#not-understood").Length() != 0 {
			t.Errorf("%s: %q is blamed: %s", c.lang, c.typed, a.Text("#not-understood"))
		}
	}
}

// A price that was typed comes back as it will be read.
func TestPricesAreWrittenAndReadAsInTheShopsCountry(t *testing.T) {
	for _, c := range []struct{ country, lang, card, typed, chip string }{
		{"US", "es", "$12.99", "1,299.50", "1299.50"},
		{"US", "en", "$12.99", "1,299.50", "1299.50"},
		{"CO", "es", "US$ 12,99", "1.299,50", "1299,50"},
		{"ES", "es", "12,99 US$", "1.299,50", "1299,50"},
	} {
		b := webtest.VisitShop(t, &webtest.Stub{Answers: webtest.CatalogAnswers()}, nil, func(cfg *web.Config) { cfg.HomeCountry = c.country })
		b.Lang = c.lang
		a := b.Get("/books?min_price=" + url.QueryEscape(c.typed))
		a.Says(".book-card-offer", c.card)
		a.Says(".chip", c.chip)
	}
}

func TestPricesThatAreNotUnderstoodAreSaid(t *testing.T) {
	for _, c := range []struct{ lang, query, field, says string }{
		{"en", "min_price=abc", "min_price", "such as 12.50"},
		{"es", "min_price=abc", "min_price", "como 12,50"},
		{"en", "max_price=12.345", "max_price", "Write 12345 for $12,345.00, or 12.35 for $12.35"},
		{"es", "max_price=12,345", "max_price", "12,35"},
		{"en", "min_price=5+EUR", "min_price", "in USD"},
		{"en", "min_price=20&max_price=10", "max_price", "at least $20.00 and at most $10.00"},
		{"en", "max_price=0", "max_price", "above 0"},
		{"en", "min_price=0.125", "min_price", "2 decimals"},
	} {
		for _, script := range []bool{false, true} {
			backend := &webtest.Stub{Answers: webtest.CatalogAnswers()}
			b := webtest.Visit(t, backend, nil)
			b.Lang, b.Script = c.lang, script
			a := b.Get("/books?" + c.query)
			a.Shows(http.StatusOK, ".book-card", `#not-understood[role=alert] a[href="#`+c.field+`"]`)
			a.Says("#not-understood", c.says)
			if !script {
				a.Shows(http.StatusOK, "#"+c.field+"[aria-invalid=true][value]:not([value=''])")
			}
			if q := backend.Last(t, "GET /v1/books", nil).Query; q.Get("min_price") != "" || q.Get("max_price") != "" {
				t.Errorf("%s: asked for %v", c.query, q)
			}
			if chips := a.Page.Find(".chip").Length(); chips != 0 {
				t.Errorf("%s: %d filters are said to be at work", c.query, chips)
			}
		}
	}
}
