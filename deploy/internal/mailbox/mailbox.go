// Package mailbox is a mail server for development: it takes every mail and
// shows it on a page, so that the links of mails can be followed without a mail
// server of one's own. Nothing leaves the machine.
package mailbox

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"html/template"
	"io"
	"mime/quotedprintable"
	"net"
	"net/http"
	"net/mail"
	"slices"
	"sync"
	"time"

	"github.com/emersion/go-smtp"
)

const (
	most     = 200 // mails that are kept
	maxBytes = 1 << 20
)

// Mail is a mail that was taken.
type Mail struct {
	At      time.Time
	To      string
	Subject string
	Text    string
}

// Mailbox takes mails and shows the latest. It is safe for concurrent use.
type Mailbox struct {
	URL     string // of the page
	SMTPURL string // as the setting SMTP_URL

	smtp *smtp.Server
	http *http.Server

	mu    sync.Mutex
	mails []Mail // the latest first
}

// Open starts a mailbox whose page is at addr, and whose mail server is at any
// free port of this machine.
func Open(ctx context.Context, addr string) (*Mailbox, error) {
	var listen net.ListenConfig
	page, err := listen.Listen(ctx, "tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("the mailbox can't listen on %s: %w", addr, err)
	}
	server, err := listen.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		page.Close()
		return nil, fmt.Errorf("the mail server can't listen: %w", err)
	}
	b := &Mailbox{URL: "http://" + page.Addr().String(), SMTPURL: "smtp://" + server.Addr().String()}
	b.http = &http.Server{Handler: http.HandlerFunc(b.show), ReadHeaderTimeout: 10 * time.Second}
	b.smtp = smtp.NewServer(smtp.BackendFunc(func(*smtp.Conn) (smtp.Session, error) { return &session{box: b}, nil }))
	b.smtp.Domain, b.smtp.MaxMessageBytes, b.smtp.ReadTimeout, b.smtp.WriteTimeout = "localhost", maxBytes, time.Minute, time.Minute
	go b.http.Serve(page)   //nolint:errcheck // it ends when the mailbox is closed
	go b.smtp.Serve(server) //nolint:errcheck // likewise
	return b, nil
}

// Close stops the mailbox; its mails are gone.
func (b *Mailbox) Close() error { return errors.Join(b.http.Close(), b.smtp.Close()) }

// Mails returns the mails taken, the latest first.
func (b *Mailbox) Mails() []Mail {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.mails)
}

func (b *Mailbox) keep(m Mail) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.mails = slices.Insert(b.mails, 0, m)
	b.mails = b.mails[:min(len(b.mails), most)]
}

//go:embed mailbox.html.tmpl
var pageText string

var page = template.Must(template.New("mailbox").Funcs(template.FuncMap{"parts": parts}).Parse(pageText))

func (b *Mailbox) show(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
	w.Header().Set("Referrer-Policy", "no-referrer")
	w.Header().Set("Cache-Control", "no-store")
	_ = page.Execute(w, b.Mails()) // a reader who went away is no error
}

// session is one conversation of a program with the mail server.
type session struct {
	box *Mailbox
	to  string
}

func (s *session) Reset()                               { s.to = "" }
func (s *session) Logout() error                        { return nil }
func (s *session) Mail(string, *smtp.MailOptions) error { return nil }
func (s *session) Rcpt(to string, _ *smtp.RcptOptions) error {
	s.to = to
	return nil
}

func (s *session) Data(r io.Reader) error {
	m, err := mail.ReadMessage(r)
	if err != nil {
		return &smtp.SMTPError{Code: 554, Message: "that is no mail"}
	}
	if m.Header.Get("Content-Transfer-Encoding") == "quoted-printable" {
		m.Body = quotedprintable.NewReader(m.Body)
	}
	text, err := io.ReadAll(m.Body)
	if err != nil {
		return &smtp.SMTPError{Code: 554, Message: "its text can't be read"}
	}
	s.box.keep(Mail{At: time.Now(), To: s.to, Subject: decoded(m.Header.Get("Subject")), Text: string(text)})
	return nil
}
