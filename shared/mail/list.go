package mail

import (
	"context"
	"fmt"
	"time"

	"bookstore/shared/apierr"
	"bookstore/shared/page"
)

// repeatPause is how long after a mail was sent again nobody can do so once
// more: a second click sends nothing.
const repeatPause = time.Minute

// ErrNotFound is returned for a mail that does not exist.
var ErrNotFound = apierr.New(apierr.KindNotFound, apierr.CodeMailNotFound)

// ErrOnce is returned for a mail with a secret, which is erased once it is sent.
var ErrOnce = apierr.New(apierr.KindConflict, apierr.CodeMailOnce)

// Composed is a mail of the outbox with what its reader sees, or will see.
type Composed struct {
	Entry
	Content
}

// List returns a page of the outbox, the latest first, however the mails
// fared. To is the reader's present address, and empty if there is none.
func (b *Outbox) List(ctx context.Context, limit int, cursor string) (page.Page[Composed], error) {
	none := page.Page[Composed]{}
	var before int64
	if cursor != "" {
		if err := page.Decode(cursor, &before); err != nil {
			return none, err
		}
	}
	limit = page.Limit(limit)
	entries, err := b.store.List(ctx, before, limit+1)
	if err != nil {
		return none, fmt.Errorf("list mails: %w", err)
	}
	entries, err = b.addressed(ctx, entries)
	if err != nil {
		return none, err
	}
	mails := make([]Composed, len(entries))
	for i, e := range entries {
		m, err := b.compose(e, e.To)
		if err != nil {
			return none, err
		}
		mails[i] = Composed{e, Content{m.Subject, m.Text}}
	}
	return page.Cut(mails, limit, func(m Composed) any { return m.ID })
}

// addressed returns the entries with their readers' present addresses, which
// it looks up all at once.
func (b *Outbox) addressed(ctx context.Context, entries []Entry) ([]Entry, error) {
	var ids []int64
	for _, e := range entries {
		if e.To.Email == "" {
			ids = append(ids, e.UserID)
		}
	}
	if len(ids) == 0 {
		return entries, nil
	}
	contacts, err := b.contacts.Contacts(ctx, ids)
	if err != nil {
		return nil, fmt.Errorf("look recipients up: %w", err)
	}
	for i, e := range entries {
		if e.To.Email == "" {
			entries[i].To = contacts[e.UserID]
		}
	}
	return entries, nil
}

// SendAgain queues a mail once more, as a mail of its own: a repetition under
// the old Message-ID would be hidden from its reader. The second of two calls
// within a minute does nothing. It returns ErrNotFound and ErrOnce.
func (b *Outbox) SendAgain(ctx context.Context, id int64) error {
	now := b.clock()
	return b.store.Repeat(ctx, id, now, now.Add(-repeatPause))
}
