package account_test

import (
	"net/http"
	"strings"
	"testing"

	"bookstore/frontend/internal/webtest"
	"bookstore/shared/apierr"
	"bookstore/shared/authapi"
)

const mailToken = "0123456789abcdefABCDEF_-"

func TestAForgottenPasswordIsAskedForAndAnsweredAlikeForEverybody(t *testing.T) {
	backend := &webtest.Stub{Answers: map[string]any{"POST /v1/password-resets": nil}}
	b := webtest.Visit(t, backend, nil)
	b.Get("/login").Shows(http.StatusOK, `a[href="/password/forgot"]`)
	b.Post("/password/forgot", "email", " ana@example.com ").Leads("/login")
	var sent authapi.RequestReset
	if backend.Last(t, "POST /v1/password-resets", &sent); sent.Email != "ana@example.com" {
		t.Errorf("sent %+v", sent)
	}
	b.Get("/login").Says("#flash", webtest.English("flash.reset_sent"))

	backend.Answer("POST /v1/password-resets", apierr.Field("email", apierr.CodeBadFormat))
	a := b.Post("/password/forgot", "email", "ana")
	a.Shows(http.StatusUnprocessableEntity, "#email-error")
	if a.Value("email") != "ana" {
		t.Errorf("the form lost what was typed: %q", a.Value("email"))
	}
}

func TestTheTokenOfAMailLeavesTheAddressAtOnceAndNothingHappensUntilTheFormIsSent(t *testing.T) {
	backend := &webtest.Stub{Answers: map[string]any{}}
	b := webtest.Visit(t, backend, nil)
	b.Get("/password/reset").Shows(http.StatusOK, `main a[href="/password/forgot"]`)
	first := b.Get("/password/reset?token=" + mailToken)
	first.Leads("/password/reset")
	for _, line := range first.Header.Values("Set-Cookie") {
		if strings.HasPrefix(line, "reset=") && (!strings.Contains(line, "HttpOnly") || !strings.Contains(line, "Max-Age=3600")) {
			t.Errorf("got the cookie %q, want one for an hour that scripts can't read", line)
		}
	}
	b.Get("/password/reset").Shows(http.StatusOK, "#new_password")
	if n := backend.Called("POST /v1/password-resets/redeem"); n != 0 {
		t.Fatalf("opening the link called authsvc %d times", n)
	}

	backend.Answer("POST /v1/password-resets/redeem", apierr.New(apierr.KindConflict, authapi.CodeResetEnded))
	b.Post("/password/reset", "new_password", "battery staple").Says(".error-summary", webtest.English("error.reset_ended"))
	backend.Answer("POST /v1/password-resets/redeem", nil)
	b.Post("/password/reset", "new_password", "battery staple").Leads("/login")
	var sent authapi.ResetPassword
	call := backend.Last(t, "POST /v1/password-resets/redeem", &sent)
	if sent.Token != mailToken || sent.NewPassword != "battery staple" || call.Header.Get("Authorization") != "" {
		t.Errorf("sent %+v as %q", sent, call.Header.Get("Authorization"))
	}
	if b.Cookie("reset") != "" {
		t.Error("the used token is still kept")
	}
	b.Get("/login").Says("#flash", webtest.English("flash.password_reset"))
	b.Get("/password/reset?token=%3Cscript%3E").Shows(http.StatusOK, `main a[href="/password/forgot"]`)
}

func TestResettingAPasswordSignsThisBrowserOutAsWell(t *testing.T) {
	backend := &webtest.Stub{Answers: map[string]any{"POST /v1/password-resets/redeem": nil}}
	b := webtest.Visit(t, backend, webtest.Buyer)
	b.Get("/password/reset?token=" + mailToken).Leads("/password/reset")
	b.Post("/password/reset", "new_password", "battery staple").Leads("/login")
	if b.Cookie("session") != "" {
		t.Error("the session's cookie is still there")
	}
}
