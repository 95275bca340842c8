package store

import (
	"context"
	"errors"

	"bookstore/shared/sqldb"
	"bookstore/shopsvc/internal/ledger"

	sq "github.com/Masterminds/squirrel"
)

// Sessions keeps what the shop knows of payments on Stripe's page.
type Sessions struct{ db *sqldb.DB }

// NewSessions returns the sessions in db, whose schema Migrations describe.
func NewSessions(db *sqldb.DB) *Sessions { return &Sessions{db} }

// Insert adds a session. It returns ledger.ErrTaken for a known key.
func (s *Sessions) Insert(ctx context.Context, session ledger.Session) error {
	_, err := sqldb.Exec(ctx, s.db.Writer(), sq.Insert("stripe_sessions").SetMap(map[string]any{
		"id": session.Key, "session_id": session.SessionID, "order_number": session.OrderNumber,
		"amount": session.Amount, "currency": session.Currency, "return_url": session.ReturnURL,
		"voided": session.Voided, "created_at": sqldb.Micros(session.CreatedAt),
	}))
	if sqldb.IsDuplicate(err) {
		return ledger.ErrTaken
	}
	return err
}

// Session returns the session of a key, or ledger.ErrNotFound.
func (s *Sessions) Session(ctx context.Context, key string) (ledger.Session, error) {
	session, err := sqldb.QueryOne(ctx, s.db.Writer(),
		sq.Select("id", "session_id", "order_number", "amount", "currency", "return_url", "voided", "created_at").
			From("stripe_sessions").Where(sq.Eq{"id": key}),
		func(row sqldb.Row) (ledger.Session, error) {
			var v ledger.Session
			var created int64
			err := row.Scan(&v.Key, &v.SessionID, &v.OrderNumber, &v.Amount, &v.Currency, &v.ReturnURL, &v.Voided, &created)
			v.CreatedAt = sqldb.FromMicros(created)
			return v, err
		})
	if errors.Is(err, sqldb.ErrNotFound) {
		return session, ledger.ErrNotFound
	}
	return session, err
}

// SetSessionID notes Stripe's id of a session.
func (s *Sessions) SetSessionID(ctx context.Context, key, sessionID string) error {
	_, err := sqldb.Exec(ctx, s.db.Writer(), sq.Update("stripe_sessions").Set("session_id", sessionID).Where(sq.Eq{"id": key}))
	return err
}

// Void notes that a session must not be paid any more.
func (s *Sessions) Void(ctx context.Context, key string) error {
	_, err := sqldb.Exec(ctx, s.db.Writer(), sq.Update("stripe_sessions").Set("voided", true).Where(sq.Eq{"id": key}))
	return err
}
