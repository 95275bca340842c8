package mail_test

import (
	"errors"
	"io"
	"mime"
	"mime/quotedprintable"
	netmail "net/mail"
	"strings"
	"testing"
	"time"

	"bookstore/shared/mail"
	"bookstore/shared/mail/mailtest"
)

var written = time.Date(2026, 5, 3, 10, 12, 0, 0, time.UTC)

func send(t *testing.T, m mail.Message) *netmail.Message {
	t.Helper()
	server := mailtest.NewServer(t)
	sender, err := mail.NewSMTP(server.URL, "Bookstore <shop@example.org>")
	if err != nil {
		t.Fatal(err)
	}
	if err := sender.Send(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	got := server.Mails(t)
	if len(got) != 1 {
		t.Fatalf("got %d mails, want 1", len(got))
	}
	return got[0]
}

func TestAMailCarriesWhatMailProgramsExpect(t *testing.T) {
	text := "Tu pedido está pagado.\n\n" + strings.Repeat("palabra ", 40) + "\n.\nfin\n"
	got := send(t, mail.Message{
		ID: "shop.7.1", Date: written, To: mail.Contact{Email: "ana@bücher.example", Name: "Ana \"Ñ\" García"},
		Language: "es", Subject: "Günstige Bücher", Text: text,
	})
	for header, want := range map[string]string{
		"From": `"Bookstore" <shop@example.org>`, "Message-Id": "<shop.7.1@example.org>", "Content-Language": "es",
		"Auto-Submitted": "auto-generated", "Date": "Sun, 03 May 2026 10:12:00 +0000",
	} {
		if value := got.Header.Get(header); value != want {
			t.Errorf("%s: got %q, want %q", header, value, want)
		}
	}
	raw := got.Header.Get("Subject")
	if subject, err := new(mime.WordDecoder).DecodeHeader(raw); err != nil || subject != "Günstige Bücher" || strings.Contains(raw, "ü") {
		t.Errorf("Subject: got %q as %q, %v", subject, raw, err)
	}
	to, err := got.Header.AddressList("To")
	if err != nil || len(to) != 1 || to[0].Name != "Ana \"Ñ\" García" || to[0].Address != "ana@xn--bcher-kva.example" {
		t.Errorf("To: got %v, %v", to, err)
	}
	if kind := got.Header.Get("Content-Type"); kind != "text/plain; charset=UTF-8" {
		t.Errorf("Content-Type: got %q", kind)
	}
	body, err := io.ReadAll(quotedprintable.NewReader(got.Body))
	if want := strings.ReplaceAll(text, "\n", "\r\n"); err != nil || strings.TrimRight(string(body), "\r\n") != strings.TrimRight(want, "\r\n") {
		t.Errorf("got the text %q, %v, want %q", body, err, want)
	}
}

func TestNothingThatPeopleWriteBecomesAHeader(t *testing.T) {
	const evil = "x\r\nBcc: eve@example.org\r\n\r\nbody"
	got := send(t, mail.Message{ID: "shop.7.1", Date: written, To: mail.Contact{Email: "ada@example.org", Name: evil}, Subject: evil, Text: "Hello\n"})
	if got.Header.Get("Bcc") != "" {
		t.Errorf("got a header Bcc: %v", got.Header)
	}
	if body, _ := io.ReadAll(got.Body); strings.TrimSpace(string(body)) != "Hello" {
		t.Errorf("got the text %q", body)
	}
}

func TestAnAddressThatNobodyHasIsRefusedForGood(t *testing.T) {
	server := mailtest.NewServer(t)
	sender, err := mail.NewSMTP(server.URL, "shop@example.org")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		email, reply string
		forGood      bool
	}{
		{"ada@example.org", "550 no such mailbox", true},
		{"ada@example.org", "451 come back later", false},
		{"", "", true},
		{"ada", "", true},
		{"ada@example.org>\r\nRCPT TO:<eve@example.org", "", true},
	} {
		server.Fail(c.reply)
		err := sender.Send(t.Context(), mail.Message{ID: "1", Date: written, To: mail.Contact{Email: c.email}, Text: "Hello\n"})
		if err == nil || errors.Is(err, mail.ErrRefused) != c.forGood {
			t.Errorf("%q, %q: got %v, want it refused for good: %v", c.email, c.reply, err, c.forGood)
		}
	}
}

func TestABadMailServerIsRefusedAtStart(t *testing.T) {
	for _, c := range []struct{ server, from string }{
		{"", "a@example.org"}, {"localhost:25", "a@example.org"}, {"http://x", "a@example.org"}, {"smtp://x:port", "a@example.org"},
		{"smtp://localhost", ""}, {"smtp://localhost", "Bookstore"},
	} {
		if _, err := mail.NewSMTP(c.server, c.from); err == nil {
			t.Errorf("%q, %q are taken", c.server, c.from)
		}
	}
	if _, err := mail.NewSMTP("smtp://user:s3cret@bad host", "a@example.org"); err == nil || strings.Contains(err.Error(), "s3cret") {
		t.Errorf("got %v, want an error without the password", err)
	}
}
