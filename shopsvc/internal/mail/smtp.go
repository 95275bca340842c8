package mail

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"time"

	gomail "github.com/wneessen/go-mail"
)

// SMTP sends over a mail server.
type SMTP struct {
	client *gomail.Client
	from   string
	host   string
}

// NewSMTP returns a sender for a server such as smtp://user:password@host:587,
// which encrypts if it can, or smtps://…:465, which always does.
func NewSMTP(server, from string) (*SMTP, error) {
	u, err := url.Parse(server)
	if err != nil || u.Hostname() == "" || u.Scheme != "smtp" && u.Scheme != "smtps" {
		// The parser's own error would quote the password.
		return nil, errors.New("want smtp://user:password@host:587 or smtps://user:password@host:465")
	}
	options := []gomail.Option{gomail.WithTimeout(15 * time.Second), gomail.WithTLSPolicy(gomail.TLSOpportunistic)}
	port := 587
	if u.Scheme == "smtps" {
		port = 465
		options = append(options, gomail.WithSSL())
	}
	if u.Port() != "" {
		if port, err = strconv.Atoi(u.Port()); err != nil {
			return nil, errors.New("the port is not a number")
		}
	}
	options = append(options, gomail.WithPort(port))
	if name := u.User.Username(); name != "" {
		password, _ := u.User.Password()
		options = append(options, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover), gomail.WithUsername(name), gomail.WithPassword(password))
	}
	client, err := gomail.NewClient(u.Hostname(), options...)
	if err != nil {
		return nil, fmt.Errorf("mail server: %w", err)
	}
	return &SMTP{client, from, u.Hostname()}, nil
}

// Send implements Sender.
func (s *SMTP) Send(ctx context.Context, m Message) error {
	out := gomail.NewMsg()
	if err := out.From(s.from); err != nil {
		return fmt.Errorf("sender's address: %w", err)
	}
	if err := out.AddToFormat(m.ToName, m.To); err != nil {
		return fmt.Errorf("recipient's address: %w", err)
	}
	out.SetMessageIDWithValue(m.ID + "@" + s.host)
	out.SetDate()
	out.Subject(m.Subject)
	out.SetBodyString(gomail.TypeTextPlain, m.Text)
	if err := s.client.DialAndSendWithContext(ctx, out); err != nil {
		return fmt.Errorf("send mail: %w", err)
	}
	return nil
}
