package site_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"bookstore/frontend/internal/site"
	"bookstore/frontend/internal/ui"
	"bookstore/frontend/internal/web"
	"bookstore/frontend/internal/webtest"
	"bookstore/shared/apierr"
	"bookstore/shared/httpclient"
	"bookstore/shared/shopapi"
)

func TestEveryPageForbidsWhatOursNeverDo(t *testing.T) {
	b := webtest.Visit(t, &webtest.Stub{Answers: webtest.CatalogAnswers()}, nil)
	for _, path := range []string{"/", "/books", "/login", "/nowhere"} {
		h := b.Get(path).Header
		policy := h.Get("Content-Security-Policy")
		for _, want := range []string{"default-src 'self'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"} {
			if !strings.Contains(policy, want) {
				t.Errorf("%s: the policy lacks %s: %s", path, want, policy)
			}
		}
		// Drawn covers are parts of the page: data: is for pictures, which run nothing.
		if !strings.Contains(policy, "img-src 'self' blob: data:;") || strings.Count(policy, "data:") != 1 {
			t.Errorf("%s: pictures may come from elsewhere than here, the page and what the visitor chose, or more may than pictures: %s", path, policy)
		}
		if strings.Contains(policy, "unsafe") {
			t.Errorf("%s: the policy is %s", path, policy)
		}
		if h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Referrer-Policy") != "same-origin" {
			t.Errorf("%s: headers %v", path, h)
		}
	}
}

func TestPagesKeepToThePolicy(t *testing.T) {
	backend := &webtest.Stub{Answers: webtest.CatalogAnswers()}
	b := webtest.Visit(t, backend, webtest.Seller)
	for _, path := range []string{"/", "/books?q=a", "/books/7", "/selling/books/new"} {
		a := b.Get(path)
		for _, selector := range []string{"[style]", "style", `script:not([src]):not([type="application/ld+json"])`, "[onclick]", "[hx-on]", `[href^="javascript:"]`} {
			if a.Page.Find(selector).Length() != 0 {
				t.Errorf("%s has %s", path, selector)
			}
		}
		if n := a.Page.Find("h1").Length(); n != 1 {
			t.Errorf("%s has %d main headings", path, n)
		}
	}
}

func TestFormsOfOtherSitesAreRefused(t *testing.T) {
	backend := &webtest.Stub{}
	b := webtest.Visit(t, backend, webtest.Buyer)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, b.URL+"/logout", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	resp, err := b.HTTP.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusForbidden || backend.Called("DELETE /v1/sessions/current") != 0 {
		t.Errorf("status %d, want 403 and nothing done", resp.StatusCode)
	}
}

func TestPagesAreForThoseWhomTheyConcern(t *testing.T) {
	const login = "login"
	for _, c := range []struct {
		path                         string
		guest, buyer, seller, admins string
	}{
		{"/account", login, "", "", ""},
		{"/selling", login, "", "/selling/books", ""},
		{"/selling/books", login, "/selling", "", ""},
		{"/selling/books/new", login, "/selling", "", ""},
		{"/selling/books/7/edit", login, "/selling", "", "403"},
		{"/admin/users", login, "403", "403", ""},
	} {
		for user, want := range map[*ui.User]string{nil: c.guest, webtest.Buyer: c.buyer, webtest.Seller: c.seller, webtest.Admin: c.admins} {
			backend := &webtest.Stub{Answers: webtest.CatalogAnswers()}
			for call, answer := range webtest.AccountAnswers() {
				backend.Answers[call] = answer
			}
			backend.Answers["GET /v1/users"] = map[string]any{"items": []any{}}
			a := webtest.Visit(t, backend, user).Get(c.path)
			switch want {
			case "":
				a.Shows(http.StatusOK, "h1")
			case "403":
				a.Shows(http.StatusForbidden, ".error-page")
			case login:
				a.Leads("/login?next=" + strings.ReplaceAll(c.path, "/", "%2F"))
			default:
				a.Leads(want)
			}
		}
	}
}

func TestNothingInternalIsShown(t *testing.T) {
	backend := &webtest.Stub{Answers: webtest.CatalogAnswers()}
	backend.Answers["GET /v1/books/7"] = errors.New("dial tcp 10.0.0.7: secret")
	a := webtest.Visit(t, backend, nil).Get("/books/7")
	a.Shows(http.StatusServiceUnavailable, ".error-page", `.error-page a[href="/books/7"]`)
	if text := a.Text("body"); strings.Contains(text, "secret") || strings.Contains(text, "catalogsvc") {
		t.Errorf("the page says %q", text)
	}
}

func TestErrorsOfPartsAreSaidAtTheTopOfThePage(t *testing.T) {
	backend := &webtest.Stub{Answers: map[string]any{"GET /v1/books": apierr.New(apierr.KindUnavailable, apierr.CodeUnavailable)}}
	b := webtest.Visit(t, backend, nil)
	b.Script = true
	a := b.Get("/books?q=x")
	a.Shows(http.StatusServiceUnavailable, ".flash.is-error[role=alert]")
	if a.Header.Get("HX-Retarget") != "#flash" || a.Page.Find("header").Length() != 0 {
		t.Errorf("headers %v", a.Header)
	}
	signedOut := b.Get("/account")
	signedOut.Shows(http.StatusUnauthorized, `.flash.is-error a[href^="/login"]`)
	if signedOut.Header.Get("HX-Retarget") != "#flash" || signedOut.Header.Get("HX-Redirect") != "" {
		t.Errorf("a part of a page leads away from what is typed: %v", signedOut.Header)
	}
}

func TestPreferencesAreKept(t *testing.T) {
	b := webtest.Visit(t, &webtest.Stub{Answers: webtest.CatalogAnswers()}, nil)
	b.Post("/preferences", "lang", "es", "next", "/books?q=a").Leads("/books?q=a")
	b.Post("/preferences", "theme", "dark", "next", "//evil.example").Leads("/")
	b.Get("/").Shows(http.StatusOK, `html[lang=es][data-theme=dark]`)
	b.Post("/preferences", "theme", "auto", "lang", "xx")
	a := b.Get("/")
	a.Shows(http.StatusOK, `html[lang=es]`)
	if a.Page.Find("html[data-theme]").Length() != 0 {
		t.Error("the appearance still overrides the system's")
	}
}

func TestTheBadgeIsAskedOnlyForThoseWhoMayHaveACart(t *testing.T) {
	backend := &webtest.Stub{Answers: webtest.CatalogAnswers()}
	backend.Answers["GET /v1/cart/count"] = shopapi.CartCount{Count: 3}
	webtest.Visit(t, backend, nil).Get("/")
	if n := backend.Called("GET /v1/cart/count"); n != 0 {
		t.Errorf("asked %d times for a visitor without a cart", n)
	}
	webtest.WithCart(webtest.Visit(t, backend, nil)).Get("/").Says("#cart-count", "3")
	if got := backend.Last(t, "GET /v1/cart/count", nil).Header.Get(shopapi.HeaderCart); got != "0123456789abcdef" {
		t.Errorf("asked about the cart %q", got)
	}
}

func TestTheBadgeIsAskedOnceAndAgainAfterAnythingWasSent(t *testing.T) {
	backend := &webtest.Stub{Answers: webtest.CatalogAnswers()}
	const call = "GET /v1/cart/count"
	backend.Answers[call] = shopapi.CartCount{Count: 3}
	b := webtest.Visit(t, backend, webtest.Buyer)
	sees := func(want string, calls int) {
		t.Helper()
		b.Get("/books").Says("#cart-count", want)
		if n := backend.Called(call); n != calls {
			t.Errorf("asked %d times, want %d", n, calls)
		}
	}
	sees("3", 1)
	backend.Answer(call, shopapi.CartCount{Count: 4})
	sees("3", 1)
	b.Post("/preferences", "theme", "dark")
	sees("4", 2)
	u, _ := url.Parse(b.URL)
	b.HTTP.Jar.SetCookies(u, []*http.Cookie{{Name: "badge", Value: "8.17", Path: "/"}}) // somebody else's
	sees("4", 3)
	b.Post("/logout")
	if got := b.Get("/books").Text("#cart-count"); got != "" {
		t.Errorf("a guest without a cart has %q books in it", got)
	}
}

func TestPagesAndCoversAreCompressed(t *testing.T) {
	b := webtest.Visit(t, &webtest.Stub{Answers: webtest.CatalogAnswers()}, nil)
	cover := ui.CoverURL("Dracula", []string{"Bram Stoker"})
	for path, kind := range map[string]string{"/": "text/html; charset=utf-8", cover: "image/svg+xml"} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, b.URL+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Accept-Encoding", "gzip")
		answer, err := b.HTTP.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		answer.Body.Close()
		h := answer.Header
		if h.Get("Content-Encoding") != "gzip" || h.Get("Content-Type") != kind || !strings.Contains(strings.Join(h["Vary"], ","), "Accept-Encoding") {
			t.Errorf("%s: headers %v", path, h)
		}
	}
}

func TestAPageWaitsOnlySoLongForABackend(t *testing.T) {
	services := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }))
	t.Cleanup(services.Close)
	cfg := web.Config{
		PublicURL: &url.URL{Scheme: "http", Host: "shop.example"}, Currency: "USD",
		SessionKeys: [][]byte{[]byte(strings.Repeat("h", 32)), []byte(strings.Repeat("e", 32))},
		Shop:        shopapi.NewClient(httpclient.New(httpclient.Config{Name: "shopsvc", BaseURL: services.URL, Timeout: time.Minute})),
	}
	r := httptest.NewRequest(http.MethodGet, "/cart", nil)
	r.AddCookie(&http.Cookie{Name: "cart", Value: "0123456789abcdef"})
	w := httptest.NewRecorder()
	begun := time.Now()
	web.New(cfg).ServeHTTP(w, r)
	if took := time.Since(begun); w.Code != http.StatusServiceUnavailable || took > site.ReadTimeout+2*time.Second {
		t.Errorf("got %d after %s, want the page that says so after %s", w.Code, took, site.ReadTimeout)
	}
}
