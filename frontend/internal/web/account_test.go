package web

import (
	"net/http"
	"net/url"
	"testing"

	"bookstore/shared/apierr"
	"bookstore/shared/authapi"
	"bookstore/shared/shopapi"
)

func grant() authapi.Grant {
	return authapi.Grant{AccessToken: "access", RefreshToken: "refresh", User: authapi.User{ID: 7, Name: "Ana", Role: "buyer"}}
}

// withCart gives a browser the cart of a guest.
func withCart(b *browser) *browser {
	u, _ := url.Parse(b.url)
	b.http.Jar.SetCookies(u, []*http.Cookie{{Name: cartCookie, Value: "0123456789abcdef", Path: "/"}})
	return b
}

func (b *browser) cookie(name string) string {
	u, _ := url.Parse(b.url)
	for _, c := range b.http.Jar.Cookies(u) {
		if c.Name == name {
			return c.Value
		}
	}
	return ""
}

func TestAGuestsCartFollowsThemIntoTheirAccount(t *testing.T) {
	for _, path := range []string{"/login", "/register"} {
		backend := &stub{answers: map[string]any{
			"POST /v1/sessions": grant(), "POST /v1/users": grant(), "POST /v1/cart/merge": shopapi.Cart{},
		}}
		b := withCart(visit(t, backend, nil))
		b.post(path, "email", "ana@example.com", "password", "long enough", "name", "Ana", "next", "/checkout").leads("/checkout")
		var merge shopapi.MergeCart
		call := backend.last(t, "POST /v1/cart/merge", &merge)
		if merge.CartToken != "0123456789abcdef" || call.Header.Get("Authorization") != "Bearer access" {
			t.Errorf("%s: merged %q as %q", path, merge.CartToken, call.Header.Get("Authorization"))
		}
		if got := b.cookie(cartCookie); got != "" {
			t.Errorf("%s: the guest's cart is still %q", path, got)
		}
	}
}

func TestACartThatCannotBeMergedNowIsMergedLater(t *testing.T) {
	backend := &stub{answers: map[string]any{
		"POST /v1/sessions":   grant(),
		"POST /v1/cart/merge": apierr.New(apierr.KindUnavailable, "unavailable"),
	}}
	b := withCart(visit(t, backend, nil))
	b.post("/login", "email", "ana@example.com", "password", "secret").leads("/")
	if b.cookie("session") == "" || b.cookie(cartCookie) == "" {
		t.Fatal("the visitor is not signed in, or the cart is lost")
	}
	backend.answer("POST /v1/sessions/refresh", grant())
	backend.answer("POST /v1/cart/merge", shopapi.Cart{})
	b.get("/login")
	if b.cookie(cartCookie) != "" {
		t.Error("the next page did not merge the cart")
	}
}

func TestSigningInLeadsOnlyToOurOwnPages(t *testing.T) {
	for next, want := range map[string]string{
		"":                        "/",
		"/orders?state=paid":      "/orders?state=paid",
		"//evil.example":          "/",
		"https://evil.example":    "/",
		`/\evil.example`:          "/",
		"/\tevil":                 "/",
		"javascript:alert(1)":     "/",
		"orders":                  "/",
		"/books?q=a&next=//x.org": "/books?q=a&next=//x.org",
	} {
		backend := &stub{answers: map[string]any{"POST /v1/sessions": grant()}}
		visit(t, backend, nil).post("/login", "email", "a@example.com", "password", "p", "next", next).leads(want)
	}
}

func TestWrongCredentialsAreSaidOnTheForm(t *testing.T) {
	for code, kind := range map[string]apierr.Kind{
		"bad_credentials": apierr.KindUnauthenticated, "suspended": apierr.KindForbidden, "too_many_attempts": apierr.KindRateLimited,
	} {
		backend := &stub{answers: map[string]any{"POST /v1/sessions": apierr.New(kind, code)}}
		a := visit(t, backend, nil).post("/login", "email", "ana@example.com", "password", "wrong", "next", "/cart")
		if a.Status != http.StatusUnprocessableEntity && a.Status != http.StatusTooManyRequests {
			t.Errorf("%s: status %d", code, a.Status)
		}
		a.says(".error-summary", english("error."+code))
		a.shows(a.Status, `form[action="/login"] [name=next][value="/cart"]`)
		if a.value("email") != "ana@example.com" || a.value("password") != "" {
			t.Errorf("%s: the form has %q and %q", code, a.value("email"), a.value("password"))
		}
	}
}

func TestAFormNamesTheFieldsThatAreWrong(t *testing.T) {
	backend := &stub{answers: map[string]any{"POST /v1/users": apierr.Invalid(
		apierr.FieldError{Field: "email", Code: "email_taken"},
		apierr.FieldError{Field: "password", Code: "too_short", Params: map[string]any{"min": 8}},
	)}}
	b := visit(t, backend, nil)
	b.lang = "es"
	a := b.post("/register", "name", " Ana ", "email", "ana@example.com", "password", "short")
	a.shows(http.StatusUnprocessableEntity,
		`.error-summary a[href="#email"]`, `.error-summary a[href="#password"]`,
		`#email[aria-invalid=true][aria-describedby="email-error"]`,
		`#password[aria-describedby="password-hint password-error"]`)
	a.says(".error-summary h2", "2 datos")
	a.says("#password-error", "8")
	if a.value("name") != "Ana" || a.value("password") != "" {
		t.Errorf("the form has %q and %q", a.value("name"), a.value("password"))
	}
}

func TestAnOutageLeavesTheFormAsItWasTyped(t *testing.T) {
	backend := &stub{answers: map[string]any{"POST /v1/users": apierr.New(apierr.KindUnavailable, "unavailable")}}
	a := visit(t, backend, nil).post("/register", "name", "Ana", "email", "ana@example.com", "password", "long enough")
	a.shows(http.StatusServiceUnavailable, ".error-summary")
	if a.value("email") != "ana@example.com" {
		t.Errorf("the form lost the address: %q", a.value("email"))
	}
	if a.Header.Get("Retry-After") == "" {
		t.Error("the answer does not say when to try again")
	}
}

func TestSignedInVisitorsSkipTheLoginPage(t *testing.T) {
	visit(t, &stub{}, buyer).get("/login?next=/orders").leads("/orders")
	visit(t, &stub{}, buyer).get("/register?next=//evil.example").leads("/")
}

func TestLoggingOutEndsTheSessionEvenWhenAuthsvcIsAway(t *testing.T) {
	backend := &stub{answers: map[string]any{"DELETE /v1/sessions/current": apierr.New(apierr.KindUnavailable, "unavailable")}}
	b := visit(t, backend, buyer)
	b.post("/logout").leads("/")
	if b.cookie("session") != "" {
		t.Error("the session's cookie is still there")
	}
	if backend.called("DELETE /v1/sessions/current") == 0 {
		t.Error("authsvc was not told")
	}
}

func TestTheAccountPageShowsAndSavesTheProfile(t *testing.T) {
	backend := &stub{answers: accountAnswers()}
	b := visit(t, backend, buyer)
	a := b.get("/account")
	a.shows(http.StatusOK, `form[action="/account"]`, `form[action="/account/password"]`)
	if a.value("email") != "ana@example.com" {
		t.Errorf("the form shows %q", a.value("email"))
	}

	backend.answer("PATCH /v1/users/me", authapi.User{})
	b.post("/account", "name", "Ana María", "email", "ana@example.com").leads("/account")
	var sent authapi.Profile
	backend.last(t, "PATCH /v1/users/me", &sent)
	if *sent.Name != "Ana María" || sent.SellerName != nil {
		t.Errorf("sent %+v", sent)
	}
	b.get("/account").says("#flash", english("flash.profile_saved"))
	if got := b.get("/account").text("#flash"); got != "" {
		t.Errorf("said twice: %q", got)
	}

	backend.answer("POST /v1/users/me/password", apierr.Field("current_password", "wrong_password"))
	a = b.post("/account/password", "current_password", "wrong", "new_password", "new enough")
	a.shows(http.StatusUnprocessableEntity, "#current_password-error", `#new_password[value=""]`)
}

func TestAdminsChangeAccountsButNotTheirOwn(t *testing.T) {
	backend := &stub{answers: map[string]any{"GET /v1/users": authapi.Users{Items: []authapi.User{
		{ID: 7, Name: "Ana", Email: "ana@example.com", Role: "buyer", Status: "active", SameEmailAs: 3, SameSellerNameAs: 4},
		{ID: admin.ID, Name: "Carla", Email: "carla@example.com", Role: "admin", Status: "active"},
	}}}}
	b := visit(t, backend, admin)
	a := b.get("/admin/users?q=a&role=nonsense")
	a.shows(http.StatusOK, `form[action="/admin/users/7"]`, `a[href="/admin/users?q=%233"]`, `a[href="/admin/users?q=%234"]`)
	if a.Page.Find(`form[action="/admin/users/9"]`).Length() != 0 {
		t.Error("an admin may change the own account")
	}
	if q := backend.last(t, "GET /v1/users", nil).Query; q.Get("q") != "a" || q.Has("role") {
		t.Errorf("asked for %v", q)
	}
	backend.answer("PATCH /v1/users/7", authapi.User{})
	b.post("/admin/users/7", "status", "suspended")
	var sent authapi.AdminUpdate
	backend.last(t, "PATCH /v1/users/7", &sent)
	if sent.Status == nil || *sent.Status != "suspended" || sent.Role != nil {
		t.Errorf("sent %+v", sent)
	}
}

func TestAnAccountLearnsTheLanguageOfThePages(t *testing.T) {
	backend := &stub{answers: accountAnswers()}
	backend.answer("POST /v1/users", grant())
	backend.answer("POST /v1/sessions", grant())
	guest := visit(t, backend, nil)
	guest.post("/preferences", "lang", "es")
	if n := backend.called("PATCH /v1/users/me"); n != 0 {
		t.Errorf("a guest's choice called authsvc %d times", n)
	}
	for _, path := range []string{"/v1/users", "/v1/sessions"} {
		b := visit(t, backend, nil)
		b.post("/preferences", "lang", "es")
		b.post(map[string]string{"/v1/users": "/register", "/v1/sessions": "/login"}[path], "email", "ana@example.com", "password", "long enough", "name", "Ana")
		if got := backend.last(t, "POST "+path, nil).Header.Get(authapi.HeaderLanguage); got != "es" {
			t.Errorf("%s: sent the language %q, want es", path, got)
		}
	}

	b := visit(t, backend, buyer)
	b.post("/preferences", "lang", "es").leads("/") // though authsvc does not answer
	backend.answer("PATCH /v1/users/me", authapi.User{})
	b.post("/preferences", "lang", "es").leads("/")
	var sent authapi.Profile
	backend.last(t, "PATCH /v1/users/me", &sent)
	if sent.Language == nil || *sent.Language != "es" || sent.Name != nil {
		t.Errorf("sent %+v", sent)
	}
}
