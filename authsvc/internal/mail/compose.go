// Package mail writes the mails about accounts.
package mail

import (
	"embed"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"time"
	"unicode/utf8"

	"bookstore/authsvc/internal/auth"
	"bookstore/shared/envelope"
	"bookstore/shared/i18n"
	"bookstore/shared/mail"
)

//go:embed messages
var messages embed.FS

var bundle = i18n.MustLoad(messages)

// Composer writes the mails of one shop.
type Composer struct {
	PublicURL string         // of the web shop, without a slash at its end
	TimeZone  *time.Location // in which times are written
	Secrets   envelope.Keys  // that open what mails carry
}

// Compose implements mail.Composer.
func (c Composer) Compose(e mail.Entry, language, name string) (mail.Content, error) {
	var facts auth.MailFacts
	if err := json.Unmarshal(e.Facts, &facts); err != nil {
		return mail.Content{}, fmt.Errorf("read the mail's facts: %w", err)
	}
	words := bundle.In("", c.TimeZone).For(language)
	key := "mail." + e.Kind
	if !words.Has(key + ".subject") {
		return mail.Content{}, fmt.Errorf("nobody writes mails of this kind")
	}
	greeting := words.T("mail.greeting_nobody")
	if name != "" {
		greeting = words.T("mail.greeting", "Name", name)
	}
	link, err := c.link(e, words)
	if err != nil {
		return mail.Content{}, err
	}
	text := mail.Join(greeting,
		words.T(key+".what", "At", words.DateTime(facts.At), "Until", words.DateTime(facts.Until), "Email", facts.Email, "NewEmail", masked(facts.NewEmail)),
		words.T(key+".next"),
		link,
		words.T("mail.footer", "Contact", c.PublicURL+"/contact"))
	return mail.Content{Subject: words.T(key + ".subject"), Text: text}, nil
}

// secretPages are where the links of mails with a secret lead.
var secretPages = map[string]string{
	auth.MailPasswordReset: "/password/reset",
}

// link returns where a mail leads, with what leads there. Without its secret,
// a mail does not lead anywhere.
func (c Composer) link(e mail.Entry, words *i18n.Translator) (string, error) {
	page, secret := secretPages[e.Kind]
	switch {
	case !secret:
		return words.T("mail.link") + "\n" + c.PublicURL + "/account", nil
	case e.Secret == "":
		return words.T("mail.secret_hidden"), nil
	}
	token, err := c.Secrets.Open(e.Secret, auth.MailContext(e.Kind, e.UserID))
	if err != nil {
		return "", fmt.Errorf("open the mail's secret: %w", err)
	}
	return words.T("mail."+e.Kind+".link") + "\n" + c.PublicURL + page + "?" + url.Values{"token": {token}}.Encode(), nil
}

// masked returns an address that its owner recognises and others do not learn.
func masked(email string) string {
	local, domain, ok := strings.Cut(email, "@")
	if !ok || local == "" {
		return ""
	}
	r, _ := utf8.DecodeRuneInString(local)
	return string(r) + "…@" + domain
}
