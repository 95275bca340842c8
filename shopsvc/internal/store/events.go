package store

import (
	"context"
	"database/sql"
	"fmt"

	"bookstore/shared/sqldb"
	"bookstore/shopsvc/internal/shop"

	sq "github.com/Masterminds/squirrel"
)

// insertEvents writes o's new events. The release before reads reason, so the
// code is there, too.
func insertEvents(ctx context.Context, tx *sqldb.Tx, o *shop.Order) error {
	if len(o.Changes.Events) == 0 {
		return nil
	}
	insert := sq.Insert("order_events").Columns("order_id", "seq", "at", "actor", "actor_id", "subject", "subject_id",
		"shipment_id", "from_state", "to_state", "reason", "hmac", "seal_version", "code", "note", "note_salt", "note_digest")
	for _, e := range o.Changes.Events {
		insert = insert.Values(o.ID, e.Seq, sqldb.Micros(e.At), e.Actor.Role, e.Actor.ID, e.Subject, e.SubjectID,
			e.ShipmentID, e.From, e.To, e.Code, e.MAC, e.SealVersion, e.Code, optional(e.Note), optional(e.NoteSalt), optional(e.NoteDigest))
	}
	if _, err := sqldb.Exec(ctx, tx, insert); err != nil {
		return fmt.Errorf("insert events: %w", err)
	}
	return nil
}

// Events implements shop.OrderStore.
func (s *Store) Events(ctx context.Context, orderID string) ([]shop.Event, error) {
	events, err := eventsOf(ctx, s.db.Writer(), []string{orderID})
	return events[orderID], err
}

// eventsOf returns the events of each order, the oldest first.
func eventsOf(ctx context.Context, q sqldb.Querier, orderIDs []string) (map[string][]shop.Event, error) {
	rows, err := sqldb.QueryAll(ctx, q, sq.Select("order_id", "seq", "at", "actor", "actor_id", "subject", "subject_id",
		"shipment_id", "from_state", "to_state", "reason", "hmac", "seal_version", "code", "note", "note_salt", "note_digest").
		From("order_events").Where(sq.Eq{"order_id": orderIDs}).OrderBy("order_id", "seq"), scanEvent)
	if err != nil {
		return nil, fmt.Errorf("read events: %w", err)
	}
	events := map[string][]shop.Event{}
	for _, e := range rows {
		events[e.orderID] = append(events[e.orderID], e.part)
	}
	for _, of := range events {
		shop.SplitReasons(of)
	}
	return events, nil
}

func scanEvent(row sqldb.Row) (ofOrder[shop.Event], error) {
	var e shop.Event
	var orderID string
	var at int64
	var code, note, salt, digest sql.NullString
	err := row.Scan(&orderID, &e.Seq, &at, &e.Actor.Role, &e.Actor.ID, &e.Subject, &e.SubjectID, &e.ShipmentID,
		&e.From, &e.To, &e.Text, &e.MAC, &e.SealVersion, &code, &note, &salt, &digest)
	e.At = sqldb.FromMicros(at)
	e.Code, e.Note, e.NoteSalt, e.NoteDigest = shop.Code(code.String), note.String, salt.String, digest.String
	return ofOrder[shop.Event]{orderID, e}, err
}
