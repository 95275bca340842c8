package web

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"bookstore/frontend/internal/i18n"
	"bookstore/frontend/internal/view"
	"bookstore/shared/apierr"
	"bookstore/shared/httpclient"
	"bookstore/shared/shopapi"
)

func TestEveryPageForbidsWhatOursNeverDo(t *testing.T) {
	b := visit(t, &stub{answers: catalogueAnswers()}, nil)
	for _, path := range []string{"/", "/books", "/login", "/nowhere"} {
		h := b.get(path).Header
		policy := h.Get("Content-Security-Policy")
		for _, want := range []string{"default-src 'self'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"} {
			if !strings.Contains(policy, want) {
				t.Errorf("%s: the policy lacks %s: %s", path, want, policy)
			}
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
	backend := &stub{answers: catalogueAnswers()}
	b := visit(t, backend, seller)
	for _, path := range []string{"/", "/books?q=a", "/books/7", "/selling/books/new"} {
		a := b.get(path)
		for _, selector := range []string{"[style]", "style", "script:not([src])", "[onclick]", "[hx-on]", `[href^="javascript:"]`} {
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
	backend := &stub{}
	b := visit(t, backend, buyer)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, b.url+"/logout", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	resp, err := b.http.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusForbidden || backend.called("DELETE /v1/sessions/current") != 0 {
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
		for user, want := range map[*view.User]string{nil: c.guest, buyer: c.buyer, seller: c.seller, admin: c.admins} {
			backend := &stub{answers: catalogueAnswers()}
			for call, answer := range accountAnswers() {
				backend.answers[call] = answer
			}
			backend.answers["GET /v1/users"] = map[string]any{"items": []any{}}
			a := visit(t, backend, user).get(c.path)
			switch want {
			case "":
				a.shows(http.StatusOK, "h1")
			case "403":
				a.shows(http.StatusForbidden, ".error-page")
			case login:
				a.leads("/login?next=" + strings.ReplaceAll(c.path, "/", "%2F"))
			default:
				a.leads(want)
			}
		}
	}
}

func TestNothingInternalIsShown(t *testing.T) {
	backend := &stub{answers: catalogueAnswers()}
	backend.answers["GET /v1/books/7"] = errors.New("dial tcp 10.0.0.7: secret")
	a := visit(t, backend, nil).get("/books/7")
	a.shows(http.StatusServiceUnavailable, ".error-page", `.error-page a[href="/books/7"]`)
	if text := a.text("body"); strings.Contains(text, "secret") || strings.Contains(text, "catalogsvc") {
		t.Errorf("the page says %q", text)
	}
}

func TestErrorsOfPartsAreSaidAtTheTopOfThePage(t *testing.T) {
	backend := &stub{answers: map[string]any{"GET /v1/books": apierr.New(apierr.KindUnavailable, "unavailable")}}
	b := visit(t, backend, nil)
	b.script = true
	a := b.get("/books?q=x")
	a.shows(http.StatusServiceUnavailable, ".flash.is-error[role=alert]")
	if a.Header.Get("HX-Retarget") != "#flash" || a.Page.Find("header").Length() != 0 {
		t.Errorf("headers %v", a.Header)
	}
	b.get("/account").leads("/login?next=%2F")
}

func TestEachKindOfFailureHasItsPage(t *testing.T) {
	for kind := apierr.KindInternal; kind <= apierr.KindUnavailable; kind++ {
		if kind == apierr.KindUnauthenticated {
			continue // leads to the login page
		}
		for _, lang := range i18n.Languages {
			p := describe(i18n.For(lang), apierr.New(kind, "nobody_knows"))
			if p.Heading == "" || p.Text == "" || strings.HasPrefix(p.Heading, "problem.") || strings.HasPrefix(p.Text, "problem.") {
				t.Errorf("kind %d in %s: %+v", kind, lang, p)
			}
		}
	}
}

func TestAFlashSaysOnlyWhatIsOurs(t *testing.T) {
	for value, shown := range map[string]bool{
		"success:profile_saved": true, "evil:profile_saved": false, "success:nothing": false, "success:": false, "<b>": false,
	} {
		r, _ := http.NewRequest(http.MethodGet, "/", nil)
		r.AddCookie(&http.Cookie{Name: flashCookie, Value: value})
		if got := readFlash(r, i18n.For("en")); (got != nil) != shown {
			t.Errorf("%q shows %v", value, got)
		}
	}
}

func TestPreferencesAreKept(t *testing.T) {
	b := visit(t, &stub{answers: catalogueAnswers()}, nil)
	b.post("/preferences", "lang", "es", "next", "/books?q=a").leads("/books?q=a")
	b.post("/preferences", "theme", "dark", "next", "//evil.example").leads("/")
	b.get("/").shows(http.StatusOK, `html[lang=es][data-theme=dark]`)
	b.post("/preferences", "theme", "auto", "lang", "xx")
	a := b.get("/")
	a.shows(http.StatusOK, `html[lang=es]`)
	if a.Page.Find("html[data-theme]").Length() != 0 {
		t.Error("the appearance still overrides the system's")
	}
}

func TestTheBadgeIsAskedOnlyForThoseWhoMayHaveACart(t *testing.T) {
	backend := &stub{answers: catalogueAnswers()}
	backend.answers["GET /v1/cart/count"] = shopapi.CartCount{Count: 3}
	visit(t, backend, nil).get("/")
	if n := backend.called("GET /v1/cart/count"); n != 0 {
		t.Errorf("asked %d times for a visitor without a cart", n)
	}
	withCart(visit(t, backend, nil)).get("/").says("#cart-count", "3")
	if got := backend.last(t, "GET /v1/cart/count", nil).Header.Get(shopapi.HeaderCart); got != "0123456789abcdef" {
		t.Errorf("asked about the cart %q", got)
	}
}

func TestPagesAndCoversAreCompressed(t *testing.T) {
	b := visit(t, &stub{answers: catalogueAnswers()}, nil)
	cover := view.CoverURL("Dracula", []string{"Bram Stoker"})
	for path, kind := range map[string]string{"/": "text/html; charset=utf-8", cover: "image/svg+xml"} {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, b.url+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Accept-Encoding", "gzip")
		answer, err := b.http.Do(r)
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
	cfg := Config{
		PublicURL: &url.URL{Scheme: "http", Host: "shop.example"}, Currency: "USD",
		SessionKeys: [][]byte{[]byte(strings.Repeat("h", 32)), []byte(strings.Repeat("e", 32))},
		Shop:        shopapi.NewClient(httpclient.New(httpclient.Config{Name: "shopsvc", BaseURL: services.URL, Timeout: time.Minute})),
	}
	r := httptest.NewRequest(http.MethodGet, "/cart", nil)
	r.AddCookie(&http.Cookie{Name: cartCookie, Value: "0123456789abcdef"})
	w := httptest.NewRecorder()
	begun := time.Now()
	New(cfg).ServeHTTP(w, r)
	if took := time.Since(begun); w.Code != http.StatusServiceUnavailable || took > readTimeout+2*time.Second {
		t.Errorf("got %d after %s, want the page that says so after %s", w.Code, took, readTimeout)
	}
}
