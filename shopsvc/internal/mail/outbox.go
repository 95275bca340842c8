package mail

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"bookstore/shared/page"
	"bookstore/shopsvc/internal/shop"
)

const (
	batch       = 50
	lease       = time.Minute
	sendTimeout = 30 * time.Second
	firstRetry  = 30 * time.Second
	lastRetry   = 6 * time.Hour
	maxAttempts = 30 // about a week
)

// errNobody says that the user has gone, and with them their address.
var errNobody = errors.New("recipient has no account any more")

// Outbox sends the shop's mails.
type Outbox struct {
	store     Store
	contacts  Contacts
	sender    Sender
	publicURL string
	clock     shop.Clock
}

// NewOutbox returns an outbox whose mails point to the web shop at publicURL.
func NewOutbox(store Store, contacts Contacts, sender Sender, publicURL string, clock shop.Clock) *Outbox {
	return &Outbox{store, contacts, sender, publicURL, clock}
}

// SendDue sends a batch of what is due and tells whether there may be more. A
// mail that can't be sent is tried again later.
func (b *Outbox) SendDue(ctx context.Context) (more bool, err error) {
	due, err := b.store.DueMails(ctx, b.clock(), batch)
	if err != nil {
		return false, fmt.Errorf("find due mails: %w", err)
	}
	for _, m := range due {
		if err := ctx.Err(); err != nil {
			return false, err
		}
		if err := b.sendOne(ctx, m); err != nil {
			return false, err
		}
	}
	return len(due) == batch, nil
}

// sendOne returns an error only if the outbox itself fails.
func (b *Outbox) sendOne(ctx context.Context, m shop.QueuedMail) error {
	now := b.clock()
	ours, err := b.store.ClaimMail(ctx, m.ID, now, now.Add(lease))
	if err != nil || !ours {
		return err
	}
	err = b.send(ctx, m)
	if err == nil {
		return b.store.MailSent(ctx, m.ID, b.clock())
	}
	next := time.Time{}
	if !errors.Is(err, errNobody) && m.Attempts < maxAttempts {
		next = now.Add(min(firstRetry<<min(m.Attempts, 12), lastRetry))
	}
	slog.WarnContext(ctx, "mail not sent", "mail_id", m.ID, "kind", string(m.Kind), "attempts", m.Attempts+1, "given_up", next.IsZero(), "error", err)
	return b.store.PostponeMail(ctx, m.ID, next)
}

func (b *Outbox) send(ctx context.Context, m shop.QueuedMail) error {
	ctx, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel()
	contacts, err := b.contacts.Contacts(ctx, []int64{m.UserID})
	if err != nil {
		return fmt.Errorf("look recipient up: %w", err)
	}
	to, known := contacts[m.UserID]
	if !known {
		return errNobody
	}
	message, err := b.compose(ctx, m, to)
	if err != nil {
		return err
	}
	return b.sender.Send(ctx, message)
}

func (b *Outbox) compose(ctx context.Context, m shop.QueuedMail, to Contact) (Message, error) {
	o, err := b.store.Order(ctx, m.OrderID)
	if err != nil {
		return Message{}, fmt.Errorf("read order of mail: %w", err)
	}
	return compose(m, o, to, b.publicURL)
}

// Letters returns a page of the outbox, the latest first.
func (b *Outbox) Letters(ctx context.Context, limit int, cursor string) (page.Page[shop.Letter], error) {
	mails, err := b.store.Mails(ctx, limit, cursor)
	if err != nil {
		return page.Page[shop.Letter]{}, fmt.Errorf("list mails: %w", err)
	}
	ids := make([]int64, len(mails.Items))
	for i, m := range mails.Items {
		ids[i] = m.UserID
	}
	contacts, err := b.contacts.Contacts(ctx, ids)
	if err != nil {
		return page.Page[shop.Letter]{}, fmt.Errorf("look recipients up: %w", err)
	}
	letters := make([]shop.Letter, len(mails.Items))
	for i, m := range mails.Items {
		message, err := b.compose(ctx, m, contacts[m.UserID])
		if err != nil {
			return page.Page[shop.Letter]{}, err
		}
		letters[i] = shop.Letter{
			MailID: m.ID, To: message.To, Subject: message.Subject, Text: message.Text, CreatedAt: m.CreatedAt, SentAt: m.SentAt,
		}
	}
	return page.Page[shop.Letter]{Items: letters, NextCursor: mails.NextCursor}, nil
}
