package mail_test

import (
	"os"
	"strings"
	"testing"

	"bookstore/authsvc/internal/auth"
	authmail "bookstore/authsvc/internal/mail"
	"bookstore/shared/i18n"
	"bookstore/shared/i18n/i18ntest"
	"bookstore/shared/mail"
)

func TestMailsSpeakEachLanguage(t *testing.T) { i18ntest.CheckMessages(t, os.DirFS(".")) }

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
