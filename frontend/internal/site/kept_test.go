package site_test

import (
	"encoding/base64"
	"net/http"
	"strings"
	"testing"
	"time"

	"bookstore/frontend/internal/ui"
	"bookstore/frontend/internal/web"
	"bookstore/frontend/internal/webtest"
	"bookstore/shared/apierr"
	"bookstore/shared/authapi"
	"bookstore/shared/token"
)

// signsIn makes authsvc sign a user in.
func signsIn(backend *webtest.Stub, user *ui.User) {
	backend.Answer("POST /v1/sessions", authapi.Grant{
		AccessToken: "a", RefreshToken: "r", ExpiresAt: time.Now().Add(15 * time.Minute),
		User: authapi.User{ID: user.ID, Name: user.Name, Role: user.Role},
	})
}

// typedByBuyer is a form of the account page of webtest.Buyer, filled in, with
// secrets in other fields.
var typedByBuyer = []string{
	"form_user", "7", "form_key", "KEYOFTHEFORM", "name", "Ana & Bo", "email", "new@example.com",
	"password", "correct horse", "number", "4242424242424242", "cvc", "987",
}

func TestAFormSentAfterTheSessionEndedIsThereAgainAfterSigningIn(t *testing.T) {
	backend := &webtest.Stub{Answers: webtest.AccountAnswers()}
	signsIn(backend, webtest.Buyer)
	b := webtest.Visit(t, backend, nil) // signed out in another tab
	b.Lang = "es"
	login := b.Post("/account", typedByBuyer...)
	login.Shows(http.StatusUnauthorized, `form[action="/login"] [name=kept]`, ".flash.is-info")
	if backend.Called("PATCH /v1/users/me") != 0 {
		t.Error("a guest's form was sent")
	}
	wrong := b.Post("/login", "email", "", "kept", login.Value("kept"), "next", login.Value("next"))
	if wrong.Value("kept") == "" && wrong.Status != http.StatusOK {
		t.Error("a wrong password loses the form")
	}
	a := b.Post("/login", "email", "ana@example.com", "password", "p", "kept", login.Value("kept"), "next", login.Value("next"))
	a.Shows(http.StatusOK, `form[action="/account"]`)
	if a.Value("name") != "Ana & Bo" || a.Value("form_key") != "KEYOFTHEFORM" {
		t.Errorf("shown again with %q and the key %q", a.Value("name"), a.Value("form_key"))
	}
	a.Says("#flash", "Aún no se ha enviado nada")
	if backend.Called("PATCH /v1/users/me") != 0 {
		t.Error("the form was sent by itself")
	}
}

func TestAKeptFormIsForItsUserInItsBrowserForAWhile(t *testing.T) {
	kept := func(b *webtest.Browser) string { return b.Post("/account", typedByBuyer...).Value("kept") }
	login := func(b *webtest.Browser, kept string) webtest.Answer {
		return b.Post("/login", "email", "a@example.com", "password", "p", "kept", kept, "next", "/account")
	}
	other := &ui.User{ID: 70, Name: "Bo", Role: token.Buyer}
	backend := &webtest.Stub{Answers: webtest.AccountAnswers()}
	for why, try := range map[string]func() webtest.Answer{
		"another user": func() webtest.Answer {
			signsIn(backend, other)
			b := webtest.Visit(t, backend, nil)
			return login(b, kept(b))
		},
		"another browser": func() webtest.Answer {
			signsIn(backend, webtest.Buyer)
			return login(webtest.Visit(t, backend, nil), kept(webtest.Visit(t, backend, nil)))
		},
		"another shop's keys": func() webtest.Answer {
			signsIn(backend, webtest.Buyer)
			b := webtest.VisitShop(t, backend, nil, func(cfg *web.Config) {
				cfg.SessionKeys = [][]byte{[]byte(strings.Repeat("x", 32)), []byte(strings.Repeat("y", 32))}
			})
			kept(b)
			return login(b, kept(webtest.Visit(t, backend, nil)))
		},
		"what was made up": func() webtest.Answer {
			signsIn(backend, webtest.Buyer)
			b := webtest.Visit(t, backend, nil)
			return login(b, strings.ToUpper(kept(b)))
		},
	} {
		if a := try(); a.Status != http.StatusSeeOther {
			t.Errorf("%s gets status %d: %s", why, a.Status, a.Value("name"))
		}
	}
	if page := webtest.Visit(t, backend, nil).Post("/account", "name", "Whose?"); page.Status != http.StatusSeeOther {
		t.Errorf("a form of nobody's page was kept: status %d", page.Status)
	}
}

func TestAFormOfAnotherUsersPageIsNotSent(t *testing.T) {
	backend := &webtest.Stub{Answers: webtest.AccountAnswers()}
	a := webtest.Visit(t, backend, webtest.Seller).Post("/account", typedByBuyer...)
	a.Shows(http.StatusConflict, ".error-page")
	if backend.Called("PATCH /v1/users/me") != 0 || strings.Contains(a.Text("body"), "Ana & Bo") {
		t.Error("it was sent, or shown")
	}
}

func TestAnOutageKeepsAFormSealed(t *testing.T) {
	backend := &webtest.Stub{Answers: webtest.AccountAnswers()}
	backend.Answers["PATCH /v1/users/me"] = apierr.Unavailable("authsvc")
	backend.Answers["GET /v1/users/me"] = apierr.Unavailable("authsvc")
	b := webtest.Visit(t, backend, webtest.Buyer)
	sealed := b.Post("/account", typedByBuyer...).Value("kept")
	if plain, _ := base64.StdEncoding.DecodeString(sealed); sealed == "" || strings.Contains(string(plain), "new@example.com") {
		t.Errorf("the form is not sealed: %q", sealed)
	}
	backend.Answer("GET /v1/users/me", webtest.AccountAnswers()["GET /v1/users/me"])
	a := b.Post("/kept-form", "kept", sealed)
	if a.Value("email") != "new@example.com" {
		t.Fatalf("shown again with %q", a.Value("email"))
	}
}

func TestARefusedFormSurvivesAChangeOfLanguage(t *testing.T) {
	backend := &webtest.Stub{Answers: webtest.AccountAnswers()}
	backend.Answers["PATCH /v1/users/me"] = apierr.Field("email", authapi.CodeEmailTaken)
	b := webtest.Visit(t, backend, webtest.Buyer)
	refused := b.Post("/account", typedByBuyer...)
	kept, _ := refused.Page.Find(`form[action="/preferences"] [name=kept]`).Attr("value")
	a := b.Post("/preferences", "lang", "es", "next", "/", "kept", kept)
	a.Shows(http.StatusOK, "html[lang=es]", `#email[value="new@example.com"]`)
}
