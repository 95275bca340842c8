package store

import (
	"context"
	"fmt"

	"bookstore/shared/sqldb"
	"bookstore/shopsvc/internal/shop"

	sq "github.com/Masterminds/squirrel"
)

func insertEvents(ctx context.Context, tx *sqldb.Tx, o *shop.Order) error {
	if len(o.Changes.Events) == 0 {
		return nil
	}
	insert := sq.Insert("order_events").Columns("order_id", "seq", "at", "actor", "actor_id", "subject", "subject_id",
		"shipment_id", "from_state", "to_state", "reason", "hmac")
	for _, e := range o.Changes.Events {
		insert = insert.Values(o.ID, e.Seq, sqldb.Micros(e.At), e.Actor.Role, e.Actor.ID, e.Subject, e.SubjectID,
			e.ShipmentID, e.From, e.To, e.Reason, e.MAC)
	}
	if _, err := sqldb.Exec(ctx, tx, insert); err != nil {
		return fmt.Errorf("insert events: %w", err)
	}
	return nil
}

// Events implements shop.OrderStore.
func (s *Store) Events(ctx context.Context, orderID string) ([]shop.Event, error) {
	return sqldb.QueryAll(ctx, s.db.Writer(), sq.Select("seq", "at", "actor", "actor_id", "subject", "subject_id",
		"shipment_id", "from_state", "to_state", "reason", "hmac").
		From("order_events").Where(sq.Eq{"order_id": orderID}).OrderBy("seq"),
		func(row sqldb.Row) (shop.Event, error) {
			var e shop.Event
			var at int64
			err := row.Scan(&e.Seq, &at, &e.Actor.Role, &e.Actor.ID, &e.Subject, &e.SubjectID, &e.ShipmentID,
				&e.From, &e.To, &e.Reason, &e.MAC)
			e.At = sqldb.FromMicros(at)
			return e, err
		})
}

func insertMails(ctx context.Context, tx *sqldb.Tx, o *shop.Order) error {
	if len(o.Changes.Mails) == 0 {
		return nil
	}
	at := sqldb.Micros(o.Changes.Events[0].At)
	insert := sq.Insert("outbox").Columns("kind", "user_id", "order_id", "shipment_id", "detail", "created_at", "next_at")
	for _, m := range o.Changes.Mails {
		insert = insert.Values(m.Kind, m.UserID, o.ID, m.ShipmentID, m.Detail, at, at)
	}
	if _, err := sqldb.Exec(ctx, tx, insert); err != nil {
		return fmt.Errorf("insert mails: %w", err)
	}
	return nil
}
