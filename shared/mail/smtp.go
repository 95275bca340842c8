package mail

import (
	"context"
	"errors"
	"fmt"
	netmail "net/mail"
	"net/url"
	"strconv"
	"strings"
	"time"

	"bookstore/shared/text"

	gomail "github.com/wneessen/go-mail"
)

// ErrRefused says that the mail server will never take a mail: nobody has the
// address, for instance.
var ErrRefused = errors.New("mail refused for good")

// SMTP sends over a mail server. It is safe for concurrent use.
type SMTP struct {
	client *gomail.Client
	from   *netmail.Address
}

// NewSMTP returns a sender for a server such as smtp://user:password@host:587,
// which encrypts if it can, or smtps://user:password@host:465, which always
// does. from is the address that mails come from, such as
// "Bookstore <no-reply@example.org>". Its errors never repeat the password.
func NewSMTP(server, from string) (*SMTP, error) {
	sender, err := netmail.ParseAddress(from)
	if err != nil {
		return nil, errors.New("the sender must be an address such as Bookstore <no-reply@example.org>")
	}
	u, err := url.Parse(server)
	if err != nil || u.Hostname() == "" || u.Scheme != "smtp" && u.Scheme != "smtps" {
		return nil, errors.New("the server must be smtp://user:password@host:587 or smtps://user:password@host:465")
	}
	options := []gomail.Option{gomail.WithTimeout(15 * time.Second), gomail.WithTLSPolicy(gomail.TLSOpportunistic)}
	port := 587
	if u.Scheme == "smtps" {
		port = 465
		options = append(options, gomail.WithSSL())
	}
	if u.Port() != "" {
		if port, err = strconv.Atoi(u.Port()); err != nil {
			return nil, errors.New("the server's port is not a number")
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
	return &SMTP{client, sender}, nil
}

// Send implements Sender.
func (s *SMTP) Send(ctx context.Context, m Message) error {
	out, err := s.encode(m)
	if err != nil {
		return err
	}
	if err := s.client.DialAndSendWithContext(ctx, out); err != nil {
		if refused, ok := errors.AsType[*gomail.SendError](err); ok && refused.Reason == gomail.ErrSMTPRcptTo && refused.ErrorCode() >= 500 {
			return fmt.Errorf("%w: %w", ErrRefused, err)
		}
		return fmt.Errorf("send mail: %w", err)
	}
	return nil
}

// encode returns m in Internet Message Format.
func (s *SMTP) encode(m Message) (*gomail.Msg, error) {
	to, err := deliverable(m.To)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrRefused, err)
	}
	_, domain, _ := strings.Cut(s.from.Address, "@")
	out := gomail.NewMsg(gomail.WithNoDefaultUserAgent())
	out.FromMailAddress(s.from)
	out.AddToMailAddress(to)
	out.Subject(text.Line(m.Subject))
	out.SetDateWithValue(m.Date)
	out.SetMessageIDWithValue(m.ID + "@" + domain)
	out.SetGenHeader("Auto-Submitted", "auto-generated")
	if m.Language != "" {
		out.SetGenHeader("Content-Language", m.Language)
	}
	out.SetBodyString(gomail.TypeTextPlain, m.Text)
	return out, nil
}

// deliverable returns a contact as mail servers take it: an internationalised
// domain is spelled in ASCII.
func deliverable(c Contact) (*netmail.Address, error) {
	email, err := text.SendableEmail(c.Email)
	if err != nil {
		return nil, errors.New("recipient has no e-mail address, or one whose domain can't be spelled in ASCII")
	}
	address := &netmail.Address{Name: text.Line(c.Name), Address: email}
	if _, err := netmail.ParseAddress(address.String()); err != nil {
		return nil, errors.New("recipient's e-mail address is malformed")
	}
	return address, nil
}
