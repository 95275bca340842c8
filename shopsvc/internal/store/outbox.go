package store

import (
	"context"
	"database/sql"
	"time"

	"bookstore/shared/page"
	"bookstore/shared/sqldb"
	"bookstore/shopsvc/internal/shop"

	sq "github.com/Masterminds/squirrel"
)

var mailColumns = []string{"id", "kind", "user_id", "order_id", "shipment_id", "detail", "created_at", "sent_at", "attempts"}

func scanMail(row sqldb.Row) (shop.QueuedMail, error) {
	var m shop.QueuedMail
	var created int64
	var sent sql.NullInt64
	err := row.Scan(&m.ID, &m.Kind, &m.UserID, &m.OrderID, &m.ShipmentID, &m.Detail, &created, &sent, &m.Attempts)
	m.CreatedAt, m.SentAt = sqldb.FromMicros(created), fromInstant(sent)
	return m, err
}

// DueMails returns mails to be sent, the longest due first.
func (s *Store) DueMails(ctx context.Context, now time.Time, limit int) ([]shop.QueuedMail, error) {
	at := sqldb.Micros(now)
	return sqldb.QueryAll(ctx, s.db.Writer(), sq.Select(mailColumns...).From("outbox").
		Where(sq.LtOrEq{"next_at": at}).Where(sq.LtOrEq{"lease_until": at}).
		OrderBy("next_at").Limit(uint64(limit)), scanMail)
}

// ClaimMail keeps a due mail for its caller until a time. It tells whether
// nobody else had it.
func (s *Store) ClaimMail(ctx context.Context, id int64, now, until time.Time) (bool, error) {
	at := sqldb.Micros(now)
	n, err := sqldb.Exec(ctx, s.db.Writer(), sq.Update("outbox").Set("lease_until", sqldb.Micros(until)).
		Where(sq.Eq{"id": id}).Where(sq.LtOrEq{"next_at": at}).Where(sq.LtOrEq{"lease_until": at}))
	return n == 1, err
}

// MailSent notes that a mail has gone out.
func (s *Store) MailSent(ctx context.Context, id int64, at time.Time) error {
	_, err := sqldb.Exec(ctx, s.db.Writer(), sq.Update("outbox").
		Set("sent_at", sqldb.Micros(at)).Set("next_at", nil).Set("lease_until", 0).Where(sq.Eq{"id": id}))
	return err
}

// PostponeMail notes that sending a mail failed; a zero next gives it up.
func (s *Store) PostponeMail(ctx context.Context, id int64, next time.Time) error {
	_, err := sqldb.Exec(ctx, s.db.Writer(), sq.Update("outbox").
		Set("attempts", sq.Expr("attempts + 1")).Set("next_at", instant(next)).Set("lease_until", 0).Where(sq.Eq{"id": id}))
	return err
}

// Mails returns a page of the outbox, sent mails too, the latest first.
func (s *Store) Mails(ctx context.Context, limit int, cursor string) (page.Page[shop.QueuedMail], error) {
	limit = page.Limit(limit)
	query := sq.Select(mailColumns...).From("outbox").OrderBy("id DESC").Limit(uint64(limit) + 1)
	if cursor != "" {
		var after int64
		if err := page.Decode(cursor, &after); err != nil {
			return page.Page[shop.QueuedMail]{}, err
		}
		query = query.Where(sq.Lt{"id": after})
	}
	mails, err := sqldb.QueryAll(ctx, s.db.Writer(), query, scanMail)
	if err != nil {
		return page.Page[shop.QueuedMail]{}, err
	}
	return page.Cut(mails, limit, func(m shop.QueuedMail) any { return m.ID })
}
