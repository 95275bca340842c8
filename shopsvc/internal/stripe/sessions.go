package stripe

import (
	"context"
	"errors"
	"time"

	"bookstore/shared/sqldb"

	sq "github.com/Masterminds/squirrel"
)

// What the sessions may answer.
var (
	errNotFound = errors.New("no such session")
	errTaken    = errors.New("recorded before")
)

// session is a payment on Stripe's page as the shop remembers it. Everything
// that its creation is asked for is kept, so that a creation whose answer was
// lost can be repeated to the letter.
type session struct {
	Key         string // the shop's name for the payment
	SessionID   string // Stripe's; empty until its answer is here
	OrderNumber string
	Amount      int64 // minor units
	Currency    string
	ReturnURL   string
	Voided      bool // it must not be paid any more
	CreatedAt   time.Time
}

// sessionStore keeps which session stands for a payment.
type sessionStore struct{ db *sqldb.DB }

// insert adds a session. It returns errTaken for a known key.
func (s sessionStore) insert(ctx context.Context, v session) error {
	_, err := sqldb.Exec(ctx, s.db.Writer(), sq.Insert("stripe_sessions").SetMap(map[string]any{
		"id": v.Key, "session_id": v.SessionID, "order_number": v.OrderNumber,
		"amount": v.Amount, "currency": v.Currency, "return_url": v.ReturnURL,
		"voided": v.Voided, "created_at": sqldb.Micros(v.CreatedAt),
	}))
	if sqldb.IsDuplicate(err) {
		return errTaken
	}
	return err
}

// byKey returns the session of a key, or errNotFound.
func (s sessionStore) byKey(ctx context.Context, key string) (session, error) {
	v, err := sqldb.QueryOne(ctx, s.db.Writer(),
		sq.Select("id", "session_id", "order_number", "amount", "currency", "return_url", "voided", "created_at").
			From("stripe_sessions").Where(sq.Eq{"id": key}),
		func(row sqldb.Row) (session, error) {
			var v session
			var created int64
			err := row.Scan(&v.Key, &v.SessionID, &v.OrderNumber, &v.Amount, &v.Currency, &v.ReturnURL, &v.Voided, &created)
			v.CreatedAt = sqldb.FromMicros(created)
			return v, err
		})
	if errors.Is(err, sqldb.ErrNotFound) {
		return v, errNotFound
	}
	return v, err
}

// setSessionID notes Stripe's id of a session.
func (s sessionStore) setSessionID(ctx context.Context, key, sessionID string) error {
	_, err := sqldb.Exec(ctx, s.db.Writer(), sq.Update("stripe_sessions").Set("session_id", sessionID).Where(sq.Eq{"id": key}))
	return err
}

// void notes that a session must not be paid any more.
func (s sessionStore) void(ctx context.Context, key string) error {
	_, err := sqldb.Exec(ctx, s.db.Writer(), sq.Update("stripe_sessions").Set("voided", true).Where(sq.Eq{"id": key}))
	return err
}
