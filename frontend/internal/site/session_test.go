package site_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"bookstore/frontend/internal/web"
	"bookstore/frontend/internal/webtest"
	"bookstore/shared/apierr"
	"bookstore/shared/authapi"
	"bookstore/shared/token"
)

// instances is a shop of several processes that share nothing but keys.
type instances struct {
	t      *testing.T
	cfg    web.Config
	issuer *token.Issuer
}

func newInstances(t *testing.T, backend *webtest.Stub, publicURL string) *instances {
	t.Helper()
	cfg, issuer := webtest.Config(t, backend, publicURL)
	return &instances{t, cfg, issuer}
}

// token returns an access token of the buyer that ends after a while.
func (i *instances) token(left time.Duration) string {
	i.t.Helper()
	return webtest.Token(i.t, i.issuer, webtest.Buyer, left)
}

// cookie returns the session cookie of the buyer, with a token that ends after
// a while.
func (i *instances) cookie(left time.Duration) *http.Cookie {
	i.t.Helper()
	return webtest.Session(i.t, i.cfg, webtest.Buyer, i.token(left), left)
}

// ask lets a new instance answer a request with these cookies.
func (i *instances) ask(method, path string, cookies ...*http.Cookie) *http.Response {
	i.t.Helper()
	r := httptest.NewRequest(method, i.cfg.PublicURL.String()+path, nil)
	for _, c := range cookies {
		r.AddCookie(c)
	}
	w := httptest.NewRecorder()
	web.New(i.cfg).ServeHTTP(w, r)
	return w.Result()
}

func setCookieNamed(resp *http.Response, name string) *http.Cookie {
	for _, c := range resp.Cookies() {
		if c.Name == name {
			return c
		}
	}
	return nil
}

func TestAGoodTokenNeedsNoCallOfAuthsvcAndWritesNoCookie(t *testing.T) {
	backend := &webtest.Stub{Answers: webtest.AccountAnswers()}
	shop := newInstances(t, backend, "http://shop.example")
	resp := shop.ask("GET", "/account", shop.cookie(15*time.Minute))
	if n := backend.Called("POST /v1/sessions/refresh"); n != 0 {
		t.Errorf("refreshed %d times", n)
	}
	if len(resp.Cookies()) != 0 {
		t.Errorf("wrote the cookies %v", resp.Cookies())
	}
	if got := resp.Header.Get("Cache-Control"); got != "private, no-store" {
		t.Errorf("Cache-Control is %q", got)
	}
}

func TestOnlyPagesOfTheCatalogAreKeptByTheBrowser(t *testing.T) {
	backend := &webtest.Stub{Answers: webtest.CatalogAnswers()}
	for call, answer := range webtest.AccountAnswers() {
		backend.Answers[call] = answer
	}
	backend.Answers["GET /v1/cart"] = webtest.CartOf()
	b := webtest.Visit(t, backend, webtest.Buyer)
	for path, want := range map[string]string{
		"/": "private, no-cache", "/books": "private, no-cache", "/books/7": "private, no-cache",
		"/account": "private, no-store", "/cart": "private, no-store", "/orders": "private, no-store", "/nowhere": "private, no-store",
	} {
		if got := b.Get(path).Header.Get("Cache-Control"); got != want {
			t.Errorf("%s: Cache-Control is %q, want %q", path, got, want)
		}
	}
	for _, want := range []string{`"cache"`, ""} { // a guest has nothing to clear
		if got := b.Post("/logout").Header.Get("Clear-Site-Data"); got != want {
			t.Errorf("signing out: Clear-Site-Data is %q, want %q", got, want)
		}
	}
}

func TestATokenNearItsEndIsRenewedAndKeptInTheCookie(t *testing.T) {
	backend := &webtest.Stub{Answers: webtest.AccountAnswers()}
	shop := newInstances(t, backend, "http://shop.example")
	fresh := shop.token(15 * time.Minute)
	backend.Answer("POST /v1/sessions/refresh", authapi.Grant{
		AccessToken: fresh, ExpiresAt: time.Now().Add(15 * time.Minute),
		User: authapi.User{ID: webtest.Buyer.ID, Name: webtest.Buyer.Name, Role: webtest.Buyer.Role},
	})
	resp := shop.ask("GET", "/account", shop.cookie(30*time.Second))
	if resp.StatusCode != http.StatusOK {
		t.Fatalf("status %d, want 200", resp.StatusCode)
	}
	if got := backend.Last(t, "GET /v1/users/me", nil).Header.Get("Authorization"); got != "Bearer "+fresh {
		t.Errorf("called with %q, want the new token", got)
	}
	renewed := setCookieNamed(resp, "session")
	if renewed == nil {
		t.Fatal("the new token is not in a cookie")
	}
	shop.ask("GET", "/account", renewed)
	if n := backend.Called("POST /v1/sessions/refresh"); n != 1 {
		t.Errorf("refreshed %d times, want once", n)
	}
}

func TestOnlyAuthsvcEndsASession(t *testing.T) {
	t.Run("its 401 does", func(t *testing.T) {
		backend := &webtest.Stub{Answers: webtest.AccountAnswers()}
		backend.Answers["POST /v1/sessions/refresh"] = apierr.New(apierr.KindUnauthenticated, authapi.CodeSessionEnded)
		shop := newInstances(t, backend, "http://shop.example")
		resp := shop.ask("GET", "/account", shop.cookie(0))
		if got := resp.Header.Get("Location"); got != "/login?next=%2Faccount" {
			t.Errorf("led to %q, want the login page", got)
		}
		if c := setCookieNamed(resp, "session"); c == nil || c.MaxAge >= 0 {
			t.Errorf("the cookie stays: %v", c)
		}
	})
	t.Run("an outage does not", func(t *testing.T) {
		backend := &webtest.Stub{Answers: webtest.AccountAnswers()}
		backend.Answers["POST /v1/sessions/refresh"] = apierr.New(apierr.KindUnavailable, apierr.CodeUnavailable)
		shop := newInstances(t, backend, "http://shop.example")
		resp := shop.ask("GET", "/account", shop.cookie(0))
		if resp.StatusCode != http.StatusOK || setCookieNamed(resp, "session") != nil {
			t.Errorf("status %d, cookies %v; want the page and no change", resp.StatusCode, resp.Cookies())
		}
	})
	t.Run("another backend's 401 does not", func(t *testing.T) {
		backend := &webtest.Stub{Answers: webtest.AccountAnswers()}
		backend.Answers["GET /v1/users/me"] = apierr.New(apierr.KindUnauthenticated, apierr.CodeUnauthenticated)
		shop := newInstances(t, backend, "http://shop.example")
		resp := shop.ask("GET", "/account", shop.cookie(15*time.Minute))
		if resp.StatusCode != http.StatusServiceUnavailable || setCookieNamed(resp, "session") != nil {
			t.Errorf("status %d, cookies %v; want 503 and no change", resp.StatusCode, resp.Cookies())
		}
	})
}

func TestARevokedSessionAsksAuthsvcAtOnce(t *testing.T) {
	backend := &webtest.Stub{Answers: webtest.AccountAnswers()}
	backend.Answers["POST /v1/sessions/refresh"] = apierr.New(apierr.KindUnauthenticated, authapi.CodeSessionEnded)
	shop := newInstances(t, backend, "http://shop.example")
	shop.cfg.Revocations = token.NewRevocations(t.Context(), func(context.Context) ([]string, error) {
		return []string{"s"}, nil
	}, time.Hour)
	for deadline := time.Now().Add(5 * time.Second); !shop.cfg.Revocations.Revoked("s"); {
		if time.Now().After(deadline) {
			t.Fatal("the revocation never arrived")
		}
		time.Sleep(time.Millisecond)
	}
	resp := shop.ask("GET", "/account", shop.cookie(15*time.Minute))
	if !strings.HasPrefix(resp.Header.Get("Location"), "/login") {
		t.Errorf("status %d, want a redirect to the login page", resp.StatusCode)
	}
}

func TestAnOldKeyReadsAndTheNewOneWrites(t *testing.T) {
	backend := &webtest.Stub{Answers: webtest.AccountAnswers()}
	shop := newInstances(t, backend, "http://shop.example")
	old := shop.cookie(15 * time.Minute)
	shop.cfg.SessionKeys = append([][]byte{[]byte(strings.Repeat("n", 32)), []byte(strings.Repeat("w", 32))}, shop.cfg.SessionKeys...)
	if resp := shop.ask("GET", "/account", old); resp.StatusCode != http.StatusOK {
		t.Errorf("a cookie under the old key: status %d, want 200", resp.StatusCode)
	}
	shop.cfg.SessionKeys = shop.cfg.SessionKeys[:2]
	if resp := shop.ask("GET", "/account", old); resp.StatusCode != http.StatusSeeOther {
		t.Errorf("a cookie under a retired key: status %d, want 303", resp.StatusCode)
	}
}

func TestCookiesAreLockedOverHTTPS(t *testing.T) {
	backend := &webtest.Stub{Answers: map[string]any{"POST /v1/sessions": authapi.Grant{AccessToken: "a", RefreshToken: "r", User: authapi.User{ID: 7}}}}
	resp := newInstances(t, backend, "https://shop.example").ask("POST", "/login")
	c := setCookieNamed(resp, "__Host-session")
	if c == nil {
		t.Fatalf("no session among %v", resp.Cookies())
	}
	if !c.Secure || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" || c.Domain != "" || c.MaxAge <= 0 {
		t.Errorf("the session's cookie is %+v", c)
	}
	if resp.Header.Get("Strict-Transport-Security") == "" {
		t.Error("no HSTS over https")
	}
}
