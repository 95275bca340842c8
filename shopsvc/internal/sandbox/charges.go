package sandbox

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"bookstore/shared/sqldb"

	sq "github.com/Masterminds/squirrel"
)

// chargeStore keeps the gateway's charges. Its tables stand for another
// company's database: they are never joined or written together with the
// shop's.
type chargeStore struct{ db *sqldb.DB }

// insert adds a charge. It returns errTaken for a known id.
func (s chargeStore) insert(ctx context.Context, c charge) error {
	_, err := sqldb.Exec(ctx, s.db.Writer(), sq.Insert("sandbox_charges").SetMap(map[string]any{
		"id": c.ID, "order_number": c.OrderNumber, "method": c.Method, "amount": c.Amount, "currency": c.Currency,
		"state": c.State, "late_state": c.LateState, "ready_at": readyAt(c), "reason": c.Reason,
		"refuses_capture": c.RefusesCapture, "page_key": sql.NullString{String: c.PageKey, Valid: c.PageKey != ""},
		"return_url": c.ReturnURL, "created_at": sqldb.Micros(c.CreatedAt),
	}))
	if sqldb.IsDuplicate(err) {
		return errTaken
	}
	return err
}

// readyAt is how the time is stored at which a charge is decided; 0: it is.
func readyAt(c charge) int64 {
	if c.ReadyAt.IsZero() {
		return 0
	}
	return sqldb.Micros(c.ReadyAt)
}

// byID returns a charge, or errNotFound.
func (s chargeStore) byID(ctx context.Context, id string) (charge, error) {
	return s.one(ctx, sq.Eq{"id": id})
}

// byPage returns the charge whose page has this key, or errNotFound.
func (s chargeStore) byPage(ctx context.Context, pageKey string) (charge, error) {
	return s.one(ctx, sq.Eq{"page_key": pageKey})
}

func (s chargeStore) one(ctx context.Context, where sq.Eq) (charge, error) {
	c, err := sqldb.QueryOne(ctx, s.db.Writer(), sq.Select("id", "order_number", "method", "amount", "currency", "state",
		"late_state", "ready_at", "reason", "captured", "refuses_capture", "COALESCE(page_key, '')", "return_url", "created_at").
		From("sandbox_charges").Where(where),
		func(row sqldb.Row) (charge, error) {
			var c charge
			var ready, created int64
			err := row.Scan(&c.ID, &c.OrderNumber, &c.Method, &c.Amount, &c.Currency, &c.State, &c.LateState,
				&ready, &c.Reason, &c.Captured, &c.RefusesCapture, &c.PageKey, &c.ReturnURL, &created)
			c.CreatedAt = sqldb.FromMicros(created)
			if ready != 0 {
				c.ReadyAt = sqldb.FromMicros(ready)
			}
			return c, err
		})
	if errors.Is(err, sqldb.ErrNotFound) {
		return c, errNotFound
	}
	return c, err
}

// countDeclined returns how many charges of an order were declined for a reason.
func (s chargeStore) countDeclined(ctx context.Context, orderNumber, reason string) (int64, error) {
	return sqldb.QueryOne(ctx, s.db.Writer(), sq.Select("COUNT(*)").From("sandbox_charges").
		Where(sq.Eq{"order_number": orderNumber, "reason": reason}),
		func(row sqldb.Row) (int64, error) {
			var n int64
			err := row.Scan(&n)
			return n, err
		})
}

// decide brings a charge that takes its time to its late state.
func (s chargeStore) decide(ctx context.Context, c charge) error {
	_, err := sqldb.Exec(ctx, s.db.Writer(), sq.Update("sandbox_charges").
		Set("state", c.LateState).Set("late_state", "").
		Where(sq.Eq{"id": c.ID, "state": c.State, "late_state": c.LateState}))
	return err
}

// decidePage notes the decision of the visitor of a charge's page, if it is
// the first one.
func (s chargeStore) decidePage(ctx context.Context, pageKey string, to chargeState, reason string) error {
	_, err := sqldb.Exec(ctx, s.db.Writer(), sq.Update("sandbox_charges").
		Set("state", to).Set("reason", reason).
		Where(sq.Eq{"page_key": pageKey, "state": stateRedirected}))
	return err
}

// capture takes an authorised amount, or declines the charge for refused if
// that is how it behaves. It reports whether c was authorised, and is changed.
func (s chargeStore) capture(ctx context.Context, c *charge, refused string) (first bool, err error) {
	if c.State != stateAuthorised {
		return false, nil
	}
	c.State, c.Captured = stateCaptured, c.Amount
	if c.RefusesCapture {
		c.State, c.Captured, c.Reason = stateDeclined, 0, refused
	}
	n, err := sqldb.Exec(ctx, s.db.Writer(), sq.Update("sandbox_charges").
		Set("state", c.State).Set("captured", c.Captured).Set("reason", c.Reason).
		Where(sq.Eq{"id": c.ID, "state": stateAuthorised}))
	return n > 0, err
}

// void lets a charge go that is neither captured nor over.
func (s chargeStore) void(ctx context.Context, id string) error {
	over := []chargeState{stateCaptured, stateDeclined, stateVoided}
	_, err := sqldb.Exec(ctx, s.db.Writer(), sq.Update("sandbox_charges").
		Set("state", stateVoided).Set("late_state", "").
		Where(sq.Eq{"id": id}).Where(sq.NotEq{"state": over}))
	return err
}

// receive books money that came in for a charge of this method, and reports
// whether it is the first.
func (s chargeStore) receive(ctx context.Context, id, method string, amount int64) (first bool, err error) {
	n, err := sqldb.Exec(ctx, s.db.Writer(), sq.Update("sandbox_charges").
		Set("state", stateCaptured).Set("captured", amount).
		Where(sq.Eq{"id": id, "method": method, "captured": 0}))
	return n > 0, err
}

// refund gives a part of a captured amount back. It returns errTaken if
// this refund was given before, and errTooMuch.
func (s chargeStore) refund(ctx context.Context, id, refundID string, amount int64, at time.Time) error {
	err := s.db.Tx(ctx, func(ctx context.Context, tx *sqldb.Tx) error {
		n, err := sqldb.Exec(ctx, tx, sq.Update("sandbox_charges").
			Set("refunded", sq.Expr("refunded + ?", amount)).
			Where(sq.Eq{"id": id}).Where("refunded + ? <= captured", amount))
		if err != nil {
			return fmt.Errorf("add to what was refunded: %w", err)
		}
		// A repetition is recognised first: it need not fit into what is left.
		_, err = sqldb.Exec(ctx, tx, sq.Insert("sandbox_refunds").
			Columns("id", "charge_id", "amount", "created_at").Values(refundID, id, amount, sqldb.Micros(at)))
		if err == nil && n == 0 {
			return errTooMuch
		}
		return err
	})
	if sqldb.IsDuplicate(err) {
		return errTaken
	}
	return err
}
