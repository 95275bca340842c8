package stripe

import (
	"context"
	"time"

	"bookstore/shared/sqldb"

	sq "github.com/Masterminds/squirrel"
)

// eventStore keeps which call-backs of Stripe's were taken.
type eventStore struct{ db *sqldb.DB }

// taken reports whether a call-back is remembered.
func (s eventStore) taken(ctx context.Context, eventID string) (bool, error) {
	n, err := sqldb.QueryOne(ctx, s.db.Writer(), sq.Select("COUNT(*)").From("stripe_events").Where(sq.Eq{"id": eventID}),
		func(row sqldb.Row) (int64, error) {
			var n int64
			err := row.Scan(&n)
			return n, err
		})
	return n > 0, err
}

// remember notes a call-back that was taken at a time, and
// forgets those taken before another.
func (s eventStore) remember(ctx context.Context, eventID string, at, forgetBefore time.Time) error {
	err := s.db.Tx(ctx, func(ctx context.Context, tx *sqldb.Tx) error {
		_, err := sqldb.Exec(ctx, tx, sq.Insert("stripe_events").Columns("id", "taken_at").Values(eventID, sqldb.Micros(at)))
		if err != nil {
			return err
		}
		_, err = sqldb.Exec(ctx, tx, sq.Delete("stripe_events").Where(sq.Lt{"taken_at": sqldb.Micros(forgetBefore)}))
		return err
	})
	if sqldb.IsDuplicate(err) {
		return nil // two at once
	}
	return err
}
