package web

import (
	"net/http"
	"testing"
	"time"

	"bookstore/shared/shopapi"
)

const mailsCall = "GET /v1/admin/mails"

func TestAnAdminReadsTheMails(t *testing.T) {
	at := time.Date(2026, 5, 3, 10, 12, 0, 0, time.UTC)
	mails := shopapi.Mails{NextCursor: "older", Items: []shopapi.Mail{
		{ID: 2, Subject: "You sold a book", Text: "Pack <it> well.", CreatedAt: at},
		{ID: 1, To: "buyer@example.com", Subject: "Your order is paid", Text: "Hello Ada,\n\nThank you.", CreatedAt: at, SentAt: &at},
	}}
	backend := &stub{answers: map[string]any{mailsCall: mails}}
	page := visit(t, backend, admin).get("/admin/mails?cursor=newer")
	page.shows(http.StatusOK, `.tabs a[href="/admin/mails"][aria-current]`, `.menu a[href="/admin/mails"]`, `time[datetime="2026-05-03T10:12:00Z"]`,
		`a[rel="next"][href="/admin/mails?cursor=older"]`)
	const first, second = ".mail-list li:first-child ", ".mail-list li:last-child "
	for selector, want := range map[string]string{
		first + ".mail-subject":  "You sold a book",
		first + ".mail-meta":     "Account closed",
		first + ".status":        "Not sent yet",
		first + ".mail-text":     "Pack <it> well.",
		second + ".mail-subject": "Your order is paid",
		second + ".mail-meta":    "buyer@example.com",
		second + ".status":       "Sent",
		second + ".mail-text":    "Hello Ada, Thank you.",
	} {
		page.says(selector, want)
	}
	if got := page.Page.Find(second + ".mail-text").Text(); got != mails.Items[1].Text {
		t.Errorf("the text lost its lines: %q", got)
	}
	if got := backend.last(t, mailsCall, nil).Query.Get("cursor"); got != "newer" {
		t.Errorf("asked for the page at %q", got)
	}
}

func TestAShopWithoutMailsSaysSo(t *testing.T) {
	backend := &stub{answers: map[string]any{mailsCall: shopapi.Mails{}}}
	visit(t, backend, admin).get("/admin/mails").says(".empty h2", "No mails yet")
}
