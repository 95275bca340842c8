// Package mail sends mails. A service writes each mail into an outbox in its
// own database, in the transaction of the change that causes it, as facts and
// not as text; Outbox composes it when it is sent, in the reader's language,
// and sends it at least once, by any number of instances.
//
// Package mailstore keeps the outbox's table.
package mail

import (
	"context"
	"time"
)

// Message is a mail ready to be sent.
type Message struct {
	// ID is the part of the Message-ID before the @. It is the same whenever the
	// same mail is tried again, so that a repetition can be recognised.
	ID       string
	Date     time.Time // when the mail was written
	To       Contact
	Language string // of Subject and Text (ISO 639-1)
	Subject  string
	Text     string
}

// Contact is how a person can be reached.
type Contact struct {
	Email    string
	Name     string
	Language string // that the person reads (ISO 639-1); empty if unknown
}

// Sender sends messages.
type Sender interface {
	// Send returns once a mail server has taken m. It returns an error that
	// satisfies errors.Is(err, ErrRefused) if trying again is of no use.
	Send(ctx context.Context, m Message) error
}
