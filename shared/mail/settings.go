package mail

import "fmt"

// Settings say how mails are sent. The tags name the variables, as
// caarlos0/env reads them.
type Settings struct {
	// SMTPURL is the mail server, see NewSMTP. Empty: there is none, and mails
	// are kept for admins to read.
	SMTPURL string `env:"SMTP_URL"`
	// MailFrom is the address that mails come from.
	MailFrom string `env:"MAIL_FROM" envDefault:"Bookstore <no-reply@localhost>"`
}

// Check returns a sentence for the first setting that is wrong.
func (s Settings) Check() error {
	_, err := s.Sender()
	return err
}

// Sender returns what sends over the mail server, nil if there is none.
func (s Settings) Sender() (Sender, error) {
	if s.SMTPURL == "" {
		return nil, nil
	}
	sender, err := NewSMTP(s.SMTPURL, s.MailFrom)
	if err != nil {
		return nil, fmt.Errorf("SMTP_URL and MAIL_FROM: %w", err)
	}
	return sender, nil
}
