package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"bookstore/authsvc/internal/auth"
	"bookstore/shared/mail"
	"bookstore/shared/mail/mailstore"
	"bookstore/shared/sqldb"
)

var mails = mailstore.Table{Name: "mails", Secrets: true}

// NewOutbox returns the outbox in db, which has been opened with Migrations.
func NewOutbox(db *sqldb.DB) *mailstore.Store { return mailstore.New(db, mails) }

// insertMail queues a mail to an account's address as it is in user: whoever
// takes an account over may change that at once.
func insertMail(ctx context.Context, tx *sqldb.Tx, kind string, user auth.User, facts auth.MailFacts, now time.Time) error {
	return insertSecretMail(ctx, tx, kind, user, facts, "", now)
}

// insertSecretMail is insertMail for a mail with a part that is encrypted.
func insertSecretMail(ctx context.Context, tx *sqldb.Tx, kind string, user auth.User, facts auth.MailFacts, secret string, now time.Time) error {
	facts.At, facts.Email = now, user.Email
	data, err := json.Marshal(facts)
	if err != nil {
		return fmt.Errorf("encode facts of a mail: %w", err)
	}
	return mails.Insert(ctx, tx, now, mailstore.Draft{
		Kind: kind, UserID: user.ID, To: mail.Contact{Email: user.Email, Name: user.Name}, Language: user.Language, Facts: data, Secret: secret,
	})
}
