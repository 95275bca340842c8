package story

import (
	"bytes"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"bookstore/deploy/internal/browser"
	"bookstore/deploy/internal/cluster"
	"bookstore/deploy/internal/mailbox"
	"bookstore/deploy/internal/shoptest"
)

// Whoever forgot the password gets in again by the link of a mail, with scripts
// and without, and no log knows what the link carries.
func TestAForgottenPasswordIsReplacedByTheLinkOfAMail(t *testing.T) {
	mails, err := mailbox.Open(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer mails.Close()
	s := shoptest.OpenOn(t, "sqlite", cluster.Options{Env: []string{"SMTP_URL=" + mails.SMTPURL}})
	chromium := browser.Start(t)
	for _, noScript := range []bool{false, true} {
		forgetful := s.Register(t, "Fay Forgetful")
		v := chromium.NewVisitor(t, s.URL, browser.Options{NoScript: noScript, Width: 390})
		v.Open("/login")
		v.ClickElement(`a[href="/password/forgot"]`)
		v.ArriveAt("/password/forgot")
		v.Fill("email", forgetful.Email)
		v.ClickElement("main form button[type=submit]")
		v.See("on its way")

		link, token := linkTo(t, mails, forgetful.Email, s.URL)
		v.Open(link)
		v.SeeElement("#new_password")
		v.Fill("new_password", "a fresh beginning")
		v.ClickElement("main form button[type=submit]")
		v.See("Your password is changed")
		v.Fill("email", forgetful.Email)
		v.Fill("password", "a fresh beginning")
		v.ClickElement("main form button[type=submit]")
		v.SeeElement(".hero")
		for _, program := range cluster.Programs {
			for _, p := range s.Processes(program) {
				if log, err := os.ReadFile(p.Log()); err != nil || bytes.Contains(log, []byte(token)) {
					t.Errorf("the log of %s has the token, or can't be read: %v", program, err)
				}
			}
		}
	}
}

var linkOfMail = regexp.MustCompile(`/password/reset\?token=(\S+)`)

// linkTo waits for the mail to an address whose link leads into the shop, and
// returns the link's path and its token.
func linkTo(t *testing.T, mails *mailbox.Mailbox, email, shop string) (path, token string) {
	t.Helper()
	for range 200 {
		for _, m := range mails.Mails() {
			if found := linkOfMail.FindStringSubmatch(m.Text); m.To == email && found != nil && strings.Contains(m.Text, shop+found[0]) {
				return found[0], found[1]
			}
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatalf("no mail with a link to %s: %+v", email, mails.Mails())
	return "", ""
}
