// Package mailstore keeps an outbox of mails in a service's database.
//
// A service makes the table in a migration of its own, as in schema/mysql and
// schema/sqlite, under any name, and may add columns.
package mailstore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"bookstore/shared/mail"
	"bookstore/shared/sqldb"

	sq "github.com/Masterminds/squirrel"
)

// Table is a service's table of mails.
type Table struct {
	Name string
	Own  []string // the columns that the service has added
	// Secrets says that the table has the column secret: NULL for a mail that
	// has none, and empty once it is erased.
	Secrets bool
}

// Store is the mail.Store of a table.
type Store struct {
	db    *sqldb.DB
	table Table
}

var _ mail.Store = (*Store)(nil)

// New returns the outbox in a table of db.
func New(db *sqldb.DB, table Table) *Store { return &Store{db, table} }

// Draft is a mail to be written into an outbox.
type Draft struct {
	Kind     string
	UserID   int64
	To       mail.Contact // without an address: the account's present one
	Language string       // empty: the account's
	Facts    []byte       // JSON
	Secret   string       // encrypted; erased when the mail is sent or given up
	Own      []any        // the values of Table.Own
}

// Insert queues mails in the transaction of the change that causes them.
func (t Table) Insert(ctx context.Context, tx *sqldb.Tx, at time.Time, drafts ...Draft) error {
	if len(drafts) == 0 {
		return nil
	}
	now := sqldb.Micros(at)
	columns := slices.Concat(t.copied(), []string{"created_at", "next_at"})
	if t.Secrets {
		columns = append(columns, "secret")
	}
	insert := sq.Insert(t.Name).Columns(columns...)
	for _, d := range drafts {
		values := append([]any{d.Kind, d.UserID, d.To.Email, d.To.Name, d.Language, string(d.Facts)}, d.Own...)
		values = append(values, now, now)
		if t.Secrets {
			values = append(values, sql.NullString{String: d.Secret, Valid: d.Secret != ""})
		}
		insert = insert.Values(values...)
	}
	if _, err := sqldb.Exec(ctx, tx, insert); err != nil {
		return fmt.Errorf("insert mails: %w", err)
	}
	return nil
}

// copied are the columns that say what a mail is, as opposed to how it fared.
func (t Table) copied() []string {
	return append([]string{"kind", "user_id", "to_email", "to_name", "language", "facts"}, t.Own...)
}

var columns = []string{
	"id", "kind", "user_id", "to_email", "to_name", "language", "facts",
	"created_at", "next_at", "sent_at", "kept_at", "attempts",
}

// erased is what a mail's secret is once it is not needed any more.
const erased = "CASE WHEN secret IS NULL THEN NULL ELSE '' END"

// entries selects mails, with their secrets or with secrets that are hidden.
func (t Table) entries(secrets bool) sq.SelectBuilder {
	secret := "NULL"
	if t.Secrets {
		secret = erased
		if secrets {
			secret = "secret"
		}
	}
	return sq.Select(columns...).Column(secret).From(t.Name)
}

// finished returns update with the secret erased, for a mail that nobody will
// try to send any more.
func (t Table) finished(update sq.UpdateBuilder) sq.UpdateBuilder {
	if t.Secrets {
		update = update.Set("secret", sq.Expr(erased))
	}
	return update
}

func scan(row sqldb.Row) (mail.Entry, error) {
	var e mail.Entry
	var facts, secret sql.NullString
	var created int64
	var next, sent, kept sql.NullInt64
	err := row.Scan(&e.ID, &e.Kind, &e.UserID, &e.To.Email, &e.To.Name, &e.Language, &facts,
		&created, &next, &sent, &kept, &e.Attempts, &secret)
	e.Once, e.Secret = secret.Valid, secret.String
	e.Facts = []byte(facts.String)
	e.CreatedAt, e.NextAt, e.SentAt, e.KeptAt = sqldb.FromMicros(created), instant(next), instant(sent), instant(kept)
	return e, err
}

func instant(at sql.NullInt64) time.Time {
	if !at.Valid {
		return time.Time{}
	}
	return sqldb.FromMicros(at.Int64)
}

// Due implements mail.Store.
func (s *Store) Due(ctx context.Context, now time.Time, limit int) ([]mail.Entry, error) {
	at := sqldb.Micros(now)
	return sqldb.QueryAll(ctx, s.db.Writer(), s.table.entries(true).
		Where(sq.LtOrEq{"next_at": at}).Where(sq.LtOrEq{"lease_until": at}).
		OrderBy("next_at", "id").Limit(uint64(limit)), scan)
}

// Claim implements mail.Store.
func (s *Store) Claim(ctx context.Context, id int64, now, until time.Time) (bool, error) {
	at := sqldb.Micros(now)
	n, err := sqldb.Exec(ctx, s.db.Writer(), sq.Update(s.table.Name).Set("lease_until", sqldb.Micros(until)).
		Where(sq.Eq{"id": id}).Where(sq.LtOrEq{"next_at": at}).Where(sq.LtOrEq{"lease_until": at}))
	return n == 1, err
}

// Sent implements mail.Store.
func (s *Store) Sent(ctx context.Context, id int64, at time.Time) error {
	_, err := sqldb.Exec(ctx, s.db.Writer(), s.table.finished(sq.Update(s.table.Name)).
		Set("sent_at", sqldb.Micros(at)).Set("next_at", nil).Set("lease_until", 0).Where(sq.Eq{"id": id}))
	return err
}

// Kept implements mail.Store.
func (s *Store) Kept(ctx context.Context, ids []int64, at time.Time) error {
	now := sqldb.Micros(at)
	_, err := sqldb.Exec(ctx, s.db.Writer(), s.table.finished(sq.Update(s.table.Name)).
		Set("kept_at", now).Set("next_at", nil).Set("lease_until", 0).
		Where(sq.Eq{"id": ids}).Where(sq.LtOrEq{"next_at": now}).Where(sq.LtOrEq{"lease_until": now}))
	return err
}

// Failed implements mail.Store.
func (s *Store) Failed(ctx context.Context, id int64, lease, next time.Time) error {
	update := sq.Update(s.table.Name).Set("attempts", sq.Expr("attempts + 1")).Set("lease_until", 0).Set("next_at", nil)
	if next.IsZero() {
		update = s.table.finished(update)
	} else {
		update = update.Set("next_at", sqldb.Micros(next))
	}
	_, err := sqldb.Exec(ctx, s.db.Writer(), update.Where(sq.Eq{"id": id, "lease_until": sqldb.Micros(lease)}))
	return err
}

// List implements mail.Store.
func (s *Store) List(ctx context.Context, before int64, limit int) ([]mail.Entry, error) {
	query := s.table.entries(false).OrderBy("id DESC").Limit(uint64(limit))
	if before != 0 {
		query = query.Where(sq.Lt{"id": before})
	}
	return sqldb.QueryAll(ctx, s.db.Reader(ctx), query, scan)
}

// Repeat implements mail.Store.
func (s *Store) Repeat(ctx context.Context, id int64, now, since time.Time) error {
	at := sqldb.Micros(now)
	return s.db.Tx(ctx, func(ctx context.Context, tx *sqldb.Tx) error {
		mark := sq.Update(s.table.Name).Set("repeated_at", at).Where(sq.Eq{"id": id}).
			Where(sq.Or{sq.Eq{"repeated_at": nil}, sq.Lt{"repeated_at": sqldb.Micros(since)}})
		if s.table.Secrets {
			mark = mark.Where(sq.Eq{"secret": nil})
		}
		n, err := sqldb.Exec(ctx, tx, mark)
		if err != nil {
			return err
		}
		if n == 0 {
			return s.unrepeated(ctx, tx, id)
		}
		what := s.table.copied()
		copied := sq.Select(what...).Column("?", at).Column("?", at).From(s.table.Name).Where(sq.Eq{"id": id})
		_, err = sqldb.Exec(ctx, tx, sq.Insert(s.table.Name).Columns(slices.Concat(what, []string{"created_at", "next_at"})...).Select(copied))
		return err
	})
}

// unrepeated returns why a mail was not copied; nil if it was before.
func (s *Store) unrepeated(ctx context.Context, tx *sqldb.Tx, id int64) error {
	e, err := sqldb.QueryOne(ctx, tx, s.table.entries(false).Where(sq.Eq{"id": id}), scan)
	switch {
	case errors.Is(err, sqldb.ErrNotFound):
		return mail.ErrNotFound
	case err == nil && e.Once:
		return mail.ErrOnce
	}
	return err
}

// Waiting returns how many mails of each kind are still to be sent, 0 for the
// kinds that none is of.
func (s *Store) Waiting(ctx context.Context, kinds ...string) (map[string]float64, error) {
	counts := map[string]float64{}
	for _, kind := range kinds {
		counts[kind] = 0
	}
	_, err := sqldb.QueryAll(ctx, s.db.Reader(ctx),
		sq.Select("kind", "COUNT(*)").From(s.table.Name).Where(sq.NotEq{"next_at": nil}).GroupBy("kind"),
		func(row sqldb.Row) (struct{}, error) {
			var kind string
			var n int64
			err := row.Scan(&kind, &n)
			counts[kind] = float64(n)
			return struct{}{}, err
		})
	if err != nil {
		return nil, fmt.Errorf("count waiting mails: %w", err)
	}
	return counts, nil
}
