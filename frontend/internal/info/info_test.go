package info_test

import (
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"bookstore/frontend/internal/texts"
	"bookstore/frontend/internal/web"
	"bookstore/frontend/internal/webtest"
)

func TestEveryPageLeadsToThePagesOfTheOperator(t *testing.T) {
	b := webtest.Visit(t, &webtest.Stub{Answers: webtest.CatalogAnswers()}, nil)
	home := b.Get("/")
	for lang, titles := range map[string][]string{
		"en": {"Contact", "Help", "Terms", "Privacy"}, "es": {"Contacto", "Ayuda", "Condiciones", "Privacidad"},
	} {
		b.Lang = lang
		for i, name := range texts.Names {
			home.Shows(http.StatusOK, `footer a[href="/`+name+`"]`)
			page := b.Get("/" + name)
			page.Shows(http.StatusOK, `article[lang="`+lang+`"] .info-text p`)
			page.Says("h1", titles[i])
		}
	}
}

func TestTheContactPageNamesTheAddress(t *testing.T) {
	b := webtest.Visit(t, &webtest.Stub{}, nil)
	b.Get("/contact").Shows(http.StatusOK, `a[href="mailto:help@books.example"]`)
	b = webtest.VisitShop(t, &webtest.Stub{}, nil, func(c *web.Config) { c.ContactEmail = "" })
	b.Get("/contact").Says("main", "has not set an address yet")
}

func TestAPageIsMarkedWithTheLanguageItIsWrittenIn(t *testing.T) {
	folder := t.TempDir()
	if err := os.Mkdir(filepath.Join(folder, "en"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, "en", "terms.md"), []byte("# House rules\n\nBe kind."), 0o600); err != nil {
		t.Fatal(err)
	}
	own, err := texts.Load(folder)
	if err != nil {
		t.Fatal(err)
	}
	b := webtest.VisitShop(t, &webtest.Stub{}, nil, func(c *web.Config) { c.Texts = own })
	b.Lang = "es"
	b.Get("/terms").Says(`html[lang="es"] article[lang="en"]`, "Be kind.")
}
