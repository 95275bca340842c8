package admin_test

import (
	"net/http"
	"testing"
	"time"

	"bookstore/frontend/internal/webtest"
	"bookstore/shared/mailapi"
	"bookstore/shared/shopapi"
)

const mailsCall = "GET /v1/admin/mails"

func TestAnAdminReadsTheMails(t *testing.T) {
	at := time.Date(2026, 5, 3, 10, 12, 0, 0, time.UTC)
	mails := shopapi.Mails{NextCursor: "older", Items: []shopapi.Mail{
		{ID: 2, Subject: "You sold a book", Text: "Pack <it> well.", CreatedAt: at, State: mailapi.Kept},
		{ID: 1, To: "buyer@example.com", Subject: "Your order is paid", Text: "Hello Ada,\n\nThank you.", CreatedAt: at, SentAt: &at, State: mailapi.Sent},
	}}
	backend := &webtest.Stub{Answers: map[string]any{mailsCall: mails}}
	page := webtest.Visit(t, backend, webtest.Admin).Get("/admin/mails?cursor=newer")
	page.Shows(http.StatusOK, `.tabs a[href="/admin/mails"][aria-current]`, `.menu a[href="/admin/mails"]`, `time[datetime="2026-05-03T10:12:00Z"]`,
		`a[rel="next"][href="/admin/mails?cursor=older"]`)
	const first, second = ".mail-list li:first-child ", ".mail-list li:last-child "
	for selector, want := range map[string]string{
		first + ".mail-subject":  "You sold a book",
		first + ".mail-meta":     "Account closed",
		first + ".status":        "Kept: no mail server",
		first + ".mail-text":     "Pack <it> well.",
		second + ".mail-subject": "Your order is paid",
		second + ".mail-meta":    "buyer@example.com",
		second + ".status":       "Sent",
		second + ".mail-text":    "Hello Ada, Thank you.",
	} {
		page.Says(selector, want)
	}
	if got := page.Page.Find(second + ".mail-text").Text(); got != mails.Items[1].Text {
		t.Errorf("the text lost its lines: %q", got)
	}
	if got := backend.Last(t, mailsCall, nil).Query.Get("cursor"); got != "newer" {
		t.Errorf("asked for the page at %q", got)
	}
}

func TestAShopWithoutMailsSaysSo(t *testing.T) {
	backend := &webtest.Stub{Answers: map[string]any{mailsCall: shopapi.Mails{}}}
	webtest.Visit(t, backend, webtest.Admin).Get("/admin/mails").Says(".empty h2", "No mails yet")
}

func TestAnAdminSendsAMailAgain(t *testing.T) {
	mails := shopapi.Mails{Items: []shopapi.Mail{{ID: 7, Subject: "Your password was changed", State: mailapi.Failed}}}
	backend := &webtest.Stub{Answers: map[string]any{
		mailsCall: mails, "POST /v1/admin/mails/7/resend": nil,
		"GET /v1/users/mails": mails, "POST /v1/users/mails/7/resend": nil,
	}}
	for _, address := range []string{"/admin/mails", "/admin/mails?of=accounts"} {
		b := webtest.Visit(t, backend, webtest.Admin)
		page := b.Get(address)
		page.Says(".mail-list .status", "Given up")
		of := page.Value("of")
		b.Post("/admin/mails/7/resend", "of", of).Leads(address)
		b.Get(address).Says("#flash", "The mail is sent once more, within a minute.")
	}
	for _, call := range []string{"POST /v1/admin/mails/7/resend", "POST /v1/users/mails/7/resend"} {
		if n := backend.Called(call); n != 1 {
			t.Errorf("%s was called %d times", call, n)
		}
	}
}
