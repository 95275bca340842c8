package mailbox_test

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"bookstore/deploy/internal/mailbox"
	"bookstore/shared/mail"
)

func TestAMailIsShownAsItsReaderWouldSeeItWithLinksThatLead(t *testing.T) {
	box, err := mailbox.Open(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer box.Close()
	sender, err := mail.NewSMTP(box.SMTPURL, "Bookstore <no-reply@localhost>")
	if err != nil {
		t.Fatal(err)
	}
	long := strings.Repeat("Señora, ", 20)
	err = sender.Send(t.Context(), mail.Message{
		ID: "1", Date: time.Now(), To: mail.Contact{Email: "ana@example.com", Name: "Ana"}, Subject: "Elige una contraseña",
		Text: long + "<b>\nhttp://localhost:8080/password/reset?token=a-b_c&x=1\n",
	})
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.Get(box.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"Elige una contraseña", "ana@example.com", long, "&lt;b&gt;",
		`<a href="http://localhost:8080/password/reset?token=a-b_c&amp;x=1">`,
	} {
		if !strings.Contains(string(body), want) {
			t.Errorf("the page lacks %q:\n%s", want, body)
		}
	}
}
