// Package mail sends what the shop has written into its outbox: at least once
// each, again later if it fails, by any number of instances.
package mail

import (
	"context"
	"time"

	"bookstore/shared/page"
	"bookstore/shopsvc/internal/shop"
)

// Message is a mail ready to be sent.
type Message struct {
	ID      string // the same whenever the mail is sent again
	To      string
	ToName  string
	Subject string
	Text    string
}

// Sender sends messages.
type Sender interface {
	Send(ctx context.Context, m Message) error
}

// Discard is the sender of a shop without a mail server: the mails stay
// readable in the outbox.
type Discard struct{}

// Send implements Sender.
func (Discard) Send(context.Context, Message) error { return nil }

// Contact is where a user can be reached.
type Contact struct {
	Email string
	Name  string
}

// Contacts finds users' contacts. Unknown users are left out.
type Contacts interface {
	Contacts(ctx context.Context, ids []int64) (map[int64]Contact, error)
}

// Store is the outbox, and the orders that its mails are about.
type Store interface {
	DueMails(ctx context.Context, now time.Time, limit int) ([]shop.QueuedMail, error)
	ClaimMail(ctx context.Context, id int64, now, until time.Time) (bool, error)
	MailSent(ctx context.Context, id int64, at time.Time) error
	PostponeMail(ctx context.Context, id int64, next time.Time) error
	Mails(ctx context.Context, limit int, cursor string) (page.Page[shop.QueuedMail], error)
	Order(ctx context.Context, id string) (*shop.Order, error)
}
