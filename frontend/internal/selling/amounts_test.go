package selling_test

import (
	"net/http"
	"testing"

	"bookstore/frontend/internal/web"
	"bookstore/frontend/internal/webtest"
	"bookstore/shared/catalogapi"
)

func TestAnAmbiguousPriceIsAskedBack(t *testing.T) {
	for lang, typed := range map[string]string{"en": "12.345", "es": "12,345"} {
		backend := &webtest.Stub{Answers: webtest.CatalogAnswers()}
		b := webtest.Visit(t, backend, webtest.Seller)
		b.Lang = lang
		a := b.Post("/selling/books/new", listing("price", typed)...)
		a.Shows(http.StatusUnprocessableEntity, `#price[aria-invalid=true][value="`+typed+`"]`, `#title[value="Dracula"]`)
		a.Says("#price-error", "12345")
		a.Says("#price-error", map[string]string{"en": "$12,345.00", "es": "12,35"}[lang])
		if backend.Called("POST /v1/books") != 0 {
			t.Errorf("%s: listed", lang)
		}
	}
}

func TestTheHintForAPriceFollowsTheCurrency(t *testing.T) {
	for currency, want := range map[string]string{"USD": "such as 12.50", "JPY": "such as 1250.", "KWD": "such as 12.500"} {
		b := webtest.VisitShop(t, &webtest.Stub{Answers: webtest.CatalogAnswers()}, webtest.Seller, func(cfg *web.Config) { cfg.Currency = currency })
		b.Post("/selling/books/new", listing("price", "much")...).Says("#price-error", want)
	}
	yen := webtest.VisitShop(t, &webtest.Stub{Answers: webtest.CatalogAnswers()}, webtest.Seller, func(cfg *web.Config) { cfg.Currency = "JPY" })
	yen.Post("/selling/books/new", listing("price", "12.5")...).Says("#price-error", "without decimals")
}

func TestGradesAreChosenWithTheirDefinitionsInSight(t *testing.T) {
	backend := &webtest.Stub{Answers: webtest.CatalogAnswers()}
	b := webtest.Visit(t, backend, webtest.Seller)
	for _, c := range catalogapi.Conditions {
		a := b.Get("/selling/books/7/edit")
		a.Shows(http.StatusOK, `.option input[type=radio][name=condition][value=`+c+`]`)
		a.Says("fieldset.options", webtest.English("condition_note."+c))
	}
	b.Get("/selling/books/7/edit").Shows(http.StatusOK, `input[name=condition][value=good][checked]`)
	b.Post("/selling/books/new", listing("condition", "")...).Shows(http.StatusUnprocessableEntity, `.error-summary a[href="#condition"]`, "#condition-error")
}
