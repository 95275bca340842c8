package account_test

import (
	"net/http"
	"testing"
	"time"

	"bookstore/frontend/internal/webtest"
	"bookstore/shared/authapi"
)

func TestTheAccountPageNamesDevicesInPlainWords(t *testing.T) {
	for agent, want := range map[string]string{
		"Mozilla/5.0 (X11; Linux x86_64; rv:141.0) Gecko/20100101 Firefox/141.0":                                                              "Firefox on Linux",
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36 Edg/138.0.0.0":       "Edge on Windows",
		"Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/138.0 Mobile Safari/604.1":     "Chrome on iPhone",
		"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Safari/605.1.15":               "Safari on macOS",
		"Mozilla/5.0 (Linux; Android 15; SM-S921B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0 Mobile Safari/537": "Samsung Internet on Android",
		"Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0.0.0 Safari/537.36":                      "Chrome on ChromeOS",
		"curl/8.14.1": webtest.English("account.unknown_device"),
	} {
		backend := &webtest.Stub{Answers: webtest.AccountAnswers()}
		backend.Answer("GET /v1/sessions", authapi.Sessions{Items: []authapi.Session{{ID: "here", UserAgent: agent, Current: true}}})
		a := webtest.Visit(t, backend, webtest.Buyer).Get("/account")
		a.Says("#main .table tbody td", want)
		a.Says("#main .table .status", webtest.English("account.this_device"))
		if a.Text(`[action="/account/sessions/others"]`) != "" {
			t.Error("whoever is signed in once only is offered to sign out elsewhere")
		}
	}
}

func TestOtherDevicesAreSignedOutOneByOneOrTogether(t *testing.T) {
	backend := &webtest.Stub{Answers: webtest.AccountAnswers()}
	backend.Answer("GET /v1/sessions", authapi.Sessions{Items: []authapi.Session{
		{ID: "here", Current: true, CreatedAt: time.Unix(1, 0)}, {ID: "there", CreatedAt: time.Unix(1, 0)},
	}})
	backend.Answer("DELETE /v1/sessions/there", nil)
	backend.Answer("DELETE /v1/sessions", nil)
	b := webtest.Visit(t, backend, webtest.Buyer)
	b.Get("/account").Shows(http.StatusOK, `form[action="/account/sessions"] [name=session_id][value=there]`, `form[action="/account/sessions/others"]`)

	b.Post("/account/sessions", "session_id", "there").Leads("/account")
	b.Get("/account").Says("#flash", webtest.English("flash.session_ended"))
	b.Post("/account/sessions/others").Leads("/account")
	b.Get("/account").Says("#flash", webtest.English("flash.other_sessions_ended"))
	if one, all := backend.Called("DELETE /v1/sessions/there"), backend.Called("DELETE /v1/sessions"); one != 1 || all != 1 {
		t.Errorf("ended there %d times and all others %d times, want once each", one, all)
	}
}
