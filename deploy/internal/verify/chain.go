package verify

import (
	"context"
	"crypto/hmac"
	"database/sql"
	"fmt"
	"strings"

	"bookstore/shared/seal"
	"bookstore/shared/sqldb"

	sq "github.com/Masterminds/squirrel"
)

// sealed is an event with its note and its seal.
type sealed struct {
	seal.Event
	note, salt string
	mac        string
}

// checkChain checks the seals of all events. Of each order it names the first
// event that is not as it was written; what follows that one proves nothing.
func checkChain(ctx context.Context, s *snapshot, key seal.Key) (Result, error) {
	result := Result{Rule: "event chains intact to their last seal", Things: "events"}
	err := eachPage(ctx, s, func(ids span, page []*order) error {
		events, err := eventsByOrder(ctx, s, ids)
		if err != nil {
			return err
		}
		for _, o := range page {
			result.Counted += int64(len(events[o.id]))
			if fault := chainFault(key, o, events[o.id]); fault != "" {
				result.addf("order %s: %s", o.id, fault)
			}
			delete(events, o.id)
		}
		for id, stray := range events {
			result.Counted += int64(len(stray))
			result.addf("order %s: there is no such order, but event %d of it", id, stray[0].Seq)
		}
		return nil
	})
	return result, err
}

// chainFault says which is the first row of an order's history that was
// altered, or nothing if none was.
func chainFault(key seal.Key, o *order, events []sealed) string {
	before := ""
	for i, e := range events {
		if next := int64(i + 1); e.Seq != next {
			return fmt.Sprintf("event %d is missing before event %d", next, e.Seq)
		}
		if right := key.Seal(before, e.Event); right == "" || !hmac.Equal([]byte(e.mac), []byte(right)) {
			subject := strings.TrimSpace(e.Subject + " " + e.SubjectID)
			return fmt.Sprintf("event %d (%s: %q → %q) was altered", e.Seq, subject, e.From, e.To)
		}
		if e.Version == seal.VersionDigest && seal.CheckNote(e.NoteDigest, e.salt, e.note) != nil {
			return fmt.Sprintf("the note of event %d was altered", e.Seq)
		}
		before = e.mac
	}
	switch n := int64(len(events)); {
	case n == 0:
		return "event 1 is missing"
	case n < o.eventSeq:
		return fmt.Sprintf("event %d is missing, %d were written", n+1, o.eventSeq)
	case n > o.eventSeq:
		return fmt.Sprintf("event %d was added, %d were written", o.eventSeq+1, o.eventSeq)
	case before != o.eventMAC:
		return fmt.Sprintf("its last seal is not that of event %d", n)
	}
	return ""
}

func eventsByOrder(ctx context.Context, s *snapshot, ids span) (map[string][]sealed, error) {
	events := map[string][]sealed{}
	query := sq.Select("order_id", "seq", "at", "actor", "actor_id", "subject", "subject_id",
		"shipment_id", "from_state", "to_state", "reason", "hmac",
		"seal_version", "code", "note", "note_salt", "note_digest").
		From("order_events").Where(ids.of("order_id")).OrderBy("order_id", "seq")
	err := each(ctx, s, query, func(row *sql.Rows) error {
		var e sealed
		var at int64
		var code, note, salt, digest sql.NullString
		err := row.Scan(&e.OrderID, &e.Seq, &at, &e.Actor, &e.ActorID, &e.Subject, &e.SubjectID,
			&e.ShipmentID, &e.From, &e.To, &e.Text, &e.mac,
			&e.Version, &code, &note, &salt, &digest)
		e.Code, e.NoteDigest, e.note, e.salt = code.String, digest.String, note.String, salt.String
		e.At = sqldb.FromMicros(at)
		events[e.OrderID] = append(events[e.OrderID], e)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read events: %w", err)
	}
	return events, nil
}
