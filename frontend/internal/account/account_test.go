package account_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"bookstore/frontend/internal/webtest"
	"bookstore/shared/apierr"
	"bookstore/shared/authapi"
	"bookstore/shared/shopapi"
)

func TestAGuestsCartFollowsThemIntoTheirAccount(t *testing.T) {
	for _, path := range []string{"/login", "/register"} {
		backend := &webtest.Stub{Answers: map[string]any{
			"POST /v1/sessions": webtest.Grant(), "POST /v1/users": webtest.Grant(), "POST /v1/cart/merge": shopapi.Cart{},
		}}
		b := webtest.WithCart(webtest.Visit(t, backend, nil))
		b.Post(path, "email", "ana@example.com", "password", "long enough", "name", "Ana", "next", "/checkout").Leads("/checkout")
		var merge shopapi.MergeCart
		call := backend.Last(t, "POST /v1/cart/merge", &merge)
		if merge.CartToken != "0123456789abcdef" || call.Header.Get("Authorization") != "Bearer access" {
			t.Errorf("%s: merged %q as %q", path, merge.CartToken, call.Header.Get("Authorization"))
		}
		if got := b.Cookie("cart"); got != "" {
			t.Errorf("%s: the guest's cart is still %q", path, got)
		}
	}
}

func TestACartThatCannotBeMergedNowIsMergedLater(t *testing.T) {
	backend := &webtest.Stub{Answers: map[string]any{
		"POST /v1/sessions":   webtest.Grant(),
		"POST /v1/cart/merge": apierr.New(apierr.KindUnavailable, apierr.CodeUnavailable),
	}}
	b := webtest.WithCart(webtest.Visit(t, backend, nil))
	b.Post("/login", "email", "ana@example.com", "password", "secret").Leads("/")
	if b.Cookie("session") == "" || b.Cookie("cart") == "" {
		t.Fatal("the visitor is not signed in, or the cart is lost")
	}
	backend.Answer("POST /v1/sessions/refresh", webtest.Grant())
	backend.Answer("GET /v1/cart", shopapi.Cart{})
	for _, page := range []string{"/cart", "/checkout"} { // which would look as if it were lost
		b.Get(page).Shows(http.StatusServiceUnavailable)
	}
	backend.Answer("POST /v1/cart/merge", shopapi.Cart{})
	b.Get("/login")
	if b.Cookie("cart") != "" {
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
		backend := &webtest.Stub{Answers: map[string]any{"POST /v1/sessions": webtest.Grant()}}
		webtest.Visit(t, backend, nil).Post("/login", "email", "a@example.com", "password", "p", "next", next).Leads(want)
	}
}

func TestWrongCredentialsAreSaidOnTheForm(t *testing.T) {
	for code, kind := range map[string]apierr.Kind{
		authapi.CodeBadCredentials: apierr.KindUnauthenticated, authapi.CodeSuspended: apierr.KindForbidden, authapi.CodeTooManyAttempts: apierr.KindRateLimited,
	} {
		backend := &webtest.Stub{Answers: map[string]any{"POST /v1/sessions": apierr.New(kind, code)}}
		a := webtest.Visit(t, backend, nil).Post("/login", "email", "ana@example.com", "password", "wrong", "next", "/cart")
		if a.Status != http.StatusUnprocessableEntity && a.Status != http.StatusTooManyRequests {
			t.Errorf("%s: status %d", code, a.Status)
		}
		a.Says(".error-summary", webtest.English("error."+code))
		a.Shows(a.Status, `form[action="/login"] [name=next][value="/cart"]`)
		if a.Value("email") != "ana@example.com" || a.Value("password") != "" {
			t.Errorf("%s: the form has %q and %q", code, a.Value("email"), a.Value("password"))
		}
	}
}

func TestWhoeverTriesTooOftenIsToldHowLongToWait(t *testing.T) {
	tooMany := apierr.New(apierr.KindRateLimited, authapi.CodeTooManyAttempts).With("retry_after", 16)
	for path, call := range map[string]string{
		"/login": "POST /v1/sessions", "/register": "POST /v1/users", "/password/forgot": "POST /v1/password-resets", "/account/password": "POST /v1/users/me/password",
	} {
		backend := &webtest.Stub{Answers: webtest.AccountAnswers()}
		backend.Answer(call, tooMany)
		visitor := webtest.Buyer
		if path != "/account/password" {
			visitor = nil
		}
		a := webtest.Visit(t, backend, visitor).Post(path, "email", "ana@example.com", "current_password", "long enough")
		a.Shows(http.StatusTooManyRequests, `form[action="`+path+`"]`)
		a.Says(".error-summary", "16 seconds")
		if got := a.Header.Get("Retry-After"); got != "16" || a.Value("email") != "ana@example.com" {
			t.Errorf("%s: Retry-After %q, the form has %q", path, got, a.Value("email"))
		}
	}
}

func TestABrowserIsKnownAgainAfterItsVisitorSignsOut(t *testing.T) {
	backend := &webtest.Stub{Answers: map[string]any{"POST /v1/sessions": webtest.Grant(), "DELETE /v1/sessions/current": nil}}
	b := webtest.Visit(t, backend, nil)
	signIn := func() string {
		b.Post("/login", "email", "ana@example.com", "password", "long enough")
		return backend.Last(t, "POST /v1/sessions", nil).Header.Get(authapi.HeaderDevice)
	}
	first := signIn()
	if d := authapi.ParseDevice(first); len(d.ID) < 26 || time.Since(d.Since) > time.Minute || strings.Contains(b.Cookie("device"), d.ID) {
		t.Errorf("the device is %q, its cookie %q", first, b.Cookie("device"))
	}
	b.Post("/logout").Leads("/")
	if again := signIn(); again != first {
		t.Errorf("got %q, want %q again", again, first)
	}
	if other := webtest.Visit(t, backend, nil); other.Post("/login", "email", "ana@example.com").Status != http.StatusSeeOther || backend.Last(t, "POST /v1/sessions", nil).Header.Get(authapi.HeaderDevice) == first {
		t.Error("another browser is taken for the same")
	}
}

func TestAFormNamesTheFieldsThatAreWrong(t *testing.T) {
	backend := &webtest.Stub{Answers: map[string]any{"POST /v1/users": apierr.Invalid(
		apierr.FieldError{Field: "email", Code: authapi.CodeEmailTaken},
		apierr.FieldError{Field: "password", Code: apierr.CodeTooShort, Params: map[string]any{"min": 8}},
	)}}
	b := webtest.Visit(t, backend, nil)
	b.Lang = "es"
	a := b.Post("/register", "name", " Ana ", "email", "ana@example.com", "password", "short")
	a.Shows(http.StatusUnprocessableEntity,
		`.error-summary a[href="#email"]`, `.error-summary a[href="#password"]`,
		`#email[aria-invalid=true][aria-describedby="email-error"]`,
		`#password[aria-describedby="password-hint password-error"]`)
	a.Says(".error-summary h2", "2 datos")
	a.Says("#password-error", "8")
	if a.Value("name") != "Ana" || a.Value("password") != "" {
		t.Errorf("the form has %q and %q", a.Value("name"), a.Value("password"))
	}
}

func TestAnOutageLeavesTheFormAsItWasTyped(t *testing.T) {
	backend := &webtest.Stub{Answers: map[string]any{"POST /v1/users": apierr.New(apierr.KindUnavailable, apierr.CodeUnavailable)}}
	a := webtest.Visit(t, backend, nil).Post("/register", "name", "Ana", "email", "ana@example.com", "password", "long enough")
	a.Shows(http.StatusServiceUnavailable, ".error-summary")
	if a.Value("email") != "ana@example.com" {
		t.Errorf("the form lost the address: %q", a.Value("email"))
	}
	if a.Header.Get("Retry-After") == "" {
		t.Error("the answer does not say when to try again")
	}
}

func TestSignedInVisitorsSkipTheLoginPage(t *testing.T) {
	webtest.Visit(t, &webtest.Stub{}, webtest.Buyer).Get("/login?next=/orders").Leads("/orders")
	webtest.Visit(t, &webtest.Stub{}, webtest.Buyer).Get("/register?next=//evil.example").Leads("/")
}

func TestLoggingOutEndsTheSessionEvenWhenAuthsvcIsAway(t *testing.T) {
	backend := &webtest.Stub{Answers: map[string]any{"DELETE /v1/sessions/current": apierr.New(apierr.KindUnavailable, apierr.CodeUnavailable)}}
	b := webtest.Visit(t, backend, webtest.Buyer)
	b.Post("/logout").Leads("/")
	if b.Cookie("session") != "" {
		t.Error("the session's cookie is still there")
	}
	if backend.Called("DELETE /v1/sessions/current") == 0 {
		t.Error("authsvc was not told")
	}
}

func TestTheAccountPageShowsAndSavesTheProfile(t *testing.T) {
	backend := &webtest.Stub{Answers: webtest.AccountAnswers()}
	b := webtest.Visit(t, backend, webtest.Buyer)
	a := b.Get("/account")
	a.Shows(http.StatusOK, `form[action="/account"]`, `form[action="/account/password"]`)
	if a.Value("email") != "ana@example.com" {
		t.Errorf("the form shows %q", a.Value("email"))
	}

	backend.Answer("PATCH /v1/users/me", authapi.User{})
	b.Post("/account", "name", "Ana María", "email", "ana@example.com").Leads("/account")
	var sent authapi.Profile
	backend.Last(t, "PATCH /v1/users/me", &sent)
	if *sent.Name != "Ana María" || sent.SellerName != nil {
		t.Errorf("sent %+v", sent)
	}
	b.Get("/account").Says("#flash", webtest.English("flash.profile_saved"))
	if got := b.Get("/account").Text("#flash"); got != "" {
		t.Errorf("said twice: %q", got)
	}

	backend.Answer("POST /v1/users/me/password", apierr.Field("current_password", authapi.CodeWrongPassword))
	a = b.Post("/account/password", "current_password", "wrong", "new_password", "new enough")
	a.Shows(http.StatusUnprocessableEntity, "#current_password-error", `#new_password[value=""]`)
}

func TestAnAccountLearnsTheLanguageOfThePages(t *testing.T) {
	backend := &webtest.Stub{Answers: webtest.AccountAnswers()}
	backend.Answer("POST /v1/users", webtest.Grant())
	backend.Answer("POST /v1/sessions", webtest.Grant())
	guest := webtest.Visit(t, backend, nil)
	guest.Post("/preferences", "lang", "es")
	if n := backend.Called("PATCH /v1/users/me"); n != 0 {
		t.Errorf("a guest's choice called authsvc %d times", n)
	}
	for _, path := range []string{"/v1/users", "/v1/sessions"} {
		b := webtest.Visit(t, backend, nil)
		b.Post("/preferences", "lang", "es")
		b.Post(map[string]string{"/v1/users": "/register", "/v1/sessions": "/login"}[path], "email", "ana@example.com", "password", "long enough", "name", "Ana")
		if got := backend.Last(t, "POST "+path, nil).Header.Get(authapi.HeaderLanguage); got != "es" {
			t.Errorf("%s: sent the language %q, want es", path, got)
		}
	}

	b := webtest.Visit(t, backend, webtest.Buyer)
	b.Post("/preferences", "lang", "es").Leads("/") // though authsvc does not answer
	backend.Answer("PATCH /v1/users/me", authapi.User{})
	b.Post("/preferences", "lang", "es").Leads("/")
	var sent authapi.Profile
	backend.Last(t, "PATCH /v1/users/me", &sent)
	if sent.Language == nil || *sent.Language != "es" || sent.Name != nil {
		t.Errorf("sent %+v", sent)
	}
}
