package mail

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"bookstore/shared/i18n"
	"bookstore/shared/mailapi"
	"bookstore/shared/text"
)

const (
	batch       = 50
	lease       = time.Minute // longer than a try takes
	tryTimeout  = 30 * time.Second
	firstRetry  = 30 * time.Second
	lastRetry   = 6 * time.Hour
	maxAttempts = 30 // five days
)

// errNobody says that the user has gone, and with them their address.
var errNobody = errors.New("recipient has no account any more")

// Entry is a mail in an outbox.
type Entry struct {
	ID     int64
	Kind   string
	UserID int64
	// To is where the mail goes whatever becomes of the account. Without an
	// address, it goes to the account's present one.
	To Contact
	// Language is the mail's; empty: what the account reads.
	Language string
	Facts    []byte // JSON that the service's Composer reads
	// Secret is part of the mail as the service encrypted it. It is there while
	// the mail is sent, and empty where the mail is shown.
	Secret    string
	Once      bool // the mail has, or had, a secret: it can't be sent again
	CreatedAt time.Time
	NextAt    time.Time // when it is tried next; zero: never
	SentAt    time.Time // zero: not sent
	KeptAt    time.Time // when it was kept because there was no mail server; zero: it was not
	Attempts  int       // that failed
}

// State says what became of a mail.
type State string

// The states of a mail, as mailapi explains them.
const (
	Queued State = mailapi.Queued
	Sent   State = mailapi.Sent
	Kept   State = mailapi.Kept
	Failed State = mailapi.Failed
)

// State returns what became of e.
func (e Entry) State() State {
	switch {
	case !e.NextAt.IsZero():
		return Queued
	case !e.SentAt.IsZero():
		return Sent
	case !e.KeptAt.IsZero():
		return Kept
	}
	return Failed
}

// Content is what a mail says.
type Content struct{ Subject, Text string }

// Composer writes a service's mails.
type Composer interface {
	// Compose returns what e says in a language to a reader with this name,
	// which is empty if the reader has gone.
	Compose(e Entry, language, name string) (Content, error)
}

// Contacts finds how users can be reached. Unknown users are left out.
type Contacts interface {
	Contacts(ctx context.Context, userIDs []int64) (map[int64]Contact, error)
}

// Store keeps an outbox; see package mailstore.
type Store interface {
	// Due returns mails to be sent that nobody has a lease on, the longest due first.
	Due(ctx context.Context, now time.Time, limit int) ([]Entry, error)
	// Claim leases a due mail until a time. It reports whether nobody else has it.
	Claim(ctx context.Context, id int64, now, until time.Time) (bool, error)
	// Sent notes that a mail server has taken a mail.
	Sent(ctx context.Context, id int64, at time.Time) error
	// Kept notes that due mails were not sent for want of a mail server, all at
	// once. It leaves out those that somebody has a lease on.
	Kept(ctx context.Context, ids []int64, at time.Time) error
	// Failed counts a failed attempt of who has the lease until a time; a zero
	// next gives the mail up.
	Failed(ctx context.Context, id int64, lease, next time.Time) error
	// List returns mails whose id is below before, unless that is 0, the latest
	// first. They may lag behind unless ctx asks for fresh ones.
	List(ctx context.Context, before int64, limit int) ([]Entry, error)
	// Repeat queues a copy of a mail, unless it was copied after since. It
	// returns ErrNotFound, or ErrOnce for one with a secret.
	Repeat(ctx context.Context, id int64, now, since time.Time) error
}

// Outbox sends a service's mails. It is safe for concurrent use.
type Outbox struct {
	service  string
	store    Store
	composer Composer
	contacts Contacts
	sender   Sender
	clock    func() time.Time
}

// NewOutbox returns the outbox of a service, whose name makes its mails'
// Message-IDs differ from other services'. A nil sender means that there is no
// mail server: mails are kept, for admins to read.
func NewOutbox(service string, store Store, composer Composer, contacts Contacts, sender Sender, clock func() time.Time) *Outbox {
	return &Outbox{service, store, composer, contacts, sender, clock}
}

// Sends reports whether there is a mail server: without one, mails are kept.
func (b *Outbox) Sends() bool { return b.sender != nil }

// SendDue sends a batch of what is due and reports whether there may be more.
// A mail that can't be sent is tried again, each time later, until it is given
// up. An error is the outbox's own.
func (b *Outbox) SendDue(ctx context.Context) (more bool, err error) {
	due, err := b.store.Due(ctx, b.clock(), batch)
	if err != nil {
		return false, fmt.Errorf("find due mails: %w", err)
	}
	if b.sender == nil {
		return len(due) == batch, b.keep(ctx, due)
	}
	for _, e := range due {
		if err := ctx.Err(); err != nil {
			return false, err
		}
		if err := b.sendOne(ctx, e); err != nil {
			return false, fmt.Errorf("send mail %d: %w", e.ID, err)
		}
	}
	return len(due) == batch, nil
}

// keep notes of mails that there is no server to send them. Nothing is done with
// them, so nobody needs a lease.
func (b *Outbox) keep(ctx context.Context, due []Entry) error {
	if len(due) == 0 {
		return nil
	}
	ids := make([]int64, len(due))
	for i, e := range due {
		ids[i] = e.ID
	}
	if err := b.store.Kept(ctx, ids, b.clock()); err != nil {
		return fmt.Errorf("keep mails: %w", err)
	}
	return nil
}

func (b *Outbox) sendOne(ctx context.Context, e Entry) error {
	now := b.clock()
	until := now.Add(lease)
	ours, err := b.store.Claim(ctx, e.ID, now, until)
	if err != nil || !ours {
		return err
	}
	err = b.try(ctx, e)
	if err == nil {
		// It is out: that is noted even if the process is to stop.
		return b.store.Sent(context.WithoutCancel(ctx), e.ID, b.clock())
	}
	next := b.retryAt(e, err)
	slog.WarnContext(ctx, "mail not sent", "mail_id", e.ID, "kind", e.Kind, "attempts", e.Attempts+1, "given_up", next.IsZero(), "error", err)
	return b.store.Failed(ctx, e.ID, until, next)
}

// retryAt returns when e, which has just failed once more, is tried next, or
// zero for never.
func (b *Outbox) retryAt(e Entry, cause error) time.Time {
	if errors.Is(cause, errNobody) || errors.Is(cause, ErrRefused) || e.Attempts+1 >= maxAttempts {
		return time.Time{}
	}
	return b.clock().Add(min(firstRetry<<min(e.Attempts, 12), lastRetry))
}

func (b *Outbox) try(ctx context.Context, e Entry) error {
	ctx, cancel := context.WithTimeout(ctx, tryTimeout)
	defer cancel()
	to := e.To
	if to.Email == "" {
		contacts, err := b.contacts.Contacts(ctx, []int64{e.UserID})
		if err != nil {
			return fmt.Errorf("look recipient up: %w", err)
		}
		if to = contacts[e.UserID]; to.Email == "" {
			return errNobody
		}
	}
	m, err := b.compose(e, to)
	if err != nil {
		return err
	}
	return b.sender.Send(ctx, m)
}

// compose returns e as it goes to a reader.
func (b *Outbox) compose(e Entry, to Contact) (Message, error) {
	language := i18n.Languages[0]
	for _, lang := range []string{to.Language, e.Language} {
		if i18n.Speaks(lang) {
			language = lang
		}
	}
	content, err := b.composer.Compose(e, language, text.Line(to.Name))
	if err != nil {
		return Message{}, fmt.Errorf("compose mail of kind %q: %w", e.Kind, err)
	}
	return Message{
		ID: fmt.Sprintf("%s.%d.%d", b.service, e.ID, e.CreatedAt.UnixMicro()), Date: e.CreatedAt,
		To: to, Language: language, Subject: text.Line(content.Subject), Text: content.Text,
	}, nil
}
