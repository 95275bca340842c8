package mail_test

import (
	"os"
	"strings"
	"testing"
	"time"

	"bookstore/authsvc/internal/auth"
	authmail "bookstore/authsvc/internal/mail"
	"bookstore/shared/i18n"
	"bookstore/shared/i18n/i18ntest"
	"bookstore/shared/mail"
)

func TestMailsSpeakEachLanguage(t *testing.T) { i18ntest.CheckMessages(t, os.DirFS(".")) }

func TestMailsNameTimesOfTheShopsZone(t *testing.T) {
	zone := time.FixedZone("COT", -5*60*60)
	c, err := authmail.Composer{TimeZone: zone}.Compose(mail.Entry{Kind: auth.MailPasswordChanged, Facts: []byte(`{"at":"2026-05-03T02:00:00Z"}`)}, "en", "")
	if err != nil || !strings.Contains(c.Text, "2 May 2026, 21:00 COT") {
		t.Errorf("got %+v, %v", c, err)
	}
}

func TestEveryKindOfMailHasAText(t *testing.T) {
	for _, kind := range auth.MailKinds {
		for _, lang := range i18n.Languages {
			c, err := authmail.Composer{}.Compose(mail.Entry{Kind: kind, Facts: []byte(`{"email":"ann@example.org"}`)}, lang, "")
			if err != nil || c.Subject == "" || strings.Contains(c.Subject+c.Text, "mail.") || !strings.Contains(c.Text, "ann@example.org") {
				t.Errorf("%s in %s: got %+v, %v", kind, lang, c, err)
			}
		}
	}
}
