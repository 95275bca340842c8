package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"bookstore/shared/sqldb"
	"bookstore/shopsvc/internal/ledger"

	sq "github.com/Masterminds/squirrel"
)

// Ledger keeps the sandbox gateway's charges. Its tables are never joined or
// written together with the shop's.
type Ledger struct{ db *sqldb.DB }

// NewLedger returns a ledger in db, whose schema Migrations describe.
func NewLedger(db *sqldb.DB) *Ledger { return &Ledger{db} }

// Insert adds a charge. It returns ledger.ErrTaken for a known id.
func (l *Ledger) Insert(ctx context.Context, c ledger.Charge) error {
	_, err := sqldb.Exec(ctx, l.db.Writer(), sq.Insert("sandbox_charges").SetMap(map[string]any{
		"id": c.ID, "order_number": c.OrderNumber, "method": c.Method, "amount": c.Amount, "currency": c.Currency,
		"state": c.State, "late_state": c.LateState, "ready_at": micros(c.ReadyAt), "reason": c.Reason,
		"refuses_capture": c.RefusesCapture, "page_key": optional(c.PageKey),
		"return_url": c.ReturnURL, "created_at": sqldb.Micros(c.CreatedAt),
	}))
	if sqldb.IsDuplicate(err) {
		return ledger.ErrTaken
	}
	return err
}

// Charge returns a charge, or ledger.ErrNotFound.
func (l *Ledger) Charge(ctx context.Context, id string) (ledger.Charge, error) {
	return l.charge(ctx, sq.Eq{"id": id})
}

// ChargeOfPage returns the charge whose page has this key, or ledger.ErrNotFound.
func (l *Ledger) ChargeOfPage(ctx context.Context, pageKey string) (ledger.Charge, error) {
	return l.charge(ctx, sq.Eq{"page_key": pageKey})
}

func (l *Ledger) charge(ctx context.Context, where sq.Eq) (ledger.Charge, error) {
	c, err := sqldb.QueryOne(ctx, l.db.Writer(), sq.Select("id", "order_number", "method", "amount", "currency", "state",
		"late_state", "ready_at", "reason", "captured", "refuses_capture", "COALESCE(page_key, '')", "return_url", "created_at").
		From("sandbox_charges").Where(where),
		func(row sqldb.Row) (ledger.Charge, error) {
			var c ledger.Charge
			var ready, created int64
			err := row.Scan(&c.ID, &c.OrderNumber, &c.Method, &c.Amount, &c.Currency, &c.State, &c.LateState,
				&ready, &c.Reason, &c.Captured, &c.RefusesCapture, &c.PageKey, &c.ReturnURL, &created)
			c.ReadyAt, c.CreatedAt = fromMicros(ready), sqldb.FromMicros(created)
			return c, err
		})
	if errors.Is(err, sqldb.ErrNotFound) {
		return c, ledger.ErrNotFound
	}
	return c, err
}

// CountDeclined returns how many charges of an order were declined for a reason.
func (l *Ledger) CountDeclined(ctx context.Context, orderNumber, reason string) (int64, error) {
	return sqldb.QueryOne(ctx, l.db.Writer(), sq.Select("COUNT(*)").From("sandbox_charges").
		Where(sq.Eq{"order_number": orderNumber, "reason": reason}), scanInt)
}

// Decide brings a charge that takes its time to its late state.
func (l *Ledger) Decide(ctx context.Context, c ledger.Charge) error {
	_, err := sqldb.Exec(ctx, l.db.Writer(), sq.Update("sandbox_charges").
		Set("state", c.LateState).Set("late_state", "").
		Where(sq.Eq{"id": c.ID, "state": c.State, "late_state": c.LateState}))
	return err
}

// DecidePage notes the decision of the visitor of a charge's page, if it is
// the first one.
func (l *Ledger) DecidePage(ctx context.Context, pageKey string, to ledger.State, reason string) error {
	_, err := sqldb.Exec(ctx, l.db.Writer(), sq.Update("sandbox_charges").
		Set("state", to).Set("reason", reason).
		Where(sq.Eq{"page_key": pageKey, "state": ledger.Redirected}))
	return err
}

// Capture takes an authorised amount, or declines the charge for refused if
// that is how it behaves.
func (l *Ledger) Capture(ctx context.Context, id, refused string) error {
	authorised := sq.Eq{"id": id, "state": ledger.Authorised}
	for _, update := range []sq.UpdateBuilder{
		sq.Update("sandbox_charges").Set("state", ledger.Captured).Set("captured", sq.Expr("amount")).
			Where(authorised).Where(sq.Eq{"refuses_capture": false}),
		sq.Update("sandbox_charges").Set("state", ledger.Declined).Set("reason", refused).
			Where(authorised).Where(sq.Eq{"refuses_capture": true}),
	} {
		if _, err := sqldb.Exec(ctx, l.db.Writer(), update); err != nil {
			return err
		}
	}
	return nil
}

// Void lets a charge go that is neither captured nor over.
func (l *Ledger) Void(ctx context.Context, id string) error {
	over := []ledger.State{ledger.Captured, ledger.Declined, ledger.Voided}
	_, err := sqldb.Exec(ctx, l.db.Writer(), sq.Update("sandbox_charges").
		Set("state", ledger.Voided).Set("late_state", "").
		Where(sq.Eq{"id": id}).Where(sq.NotEq{"state": over}))
	return err
}

// Receive books money that came in for a charge of this method, and tells
// whether none had come before.
func (l *Ledger) Receive(ctx context.Context, id, method string, amount int64) (first bool, err error) {
	n, err := sqldb.Exec(ctx, l.db.Writer(), sq.Update("sandbox_charges").
		Set("state", ledger.Captured).Set("captured", amount).
		Where(sq.Eq{"id": id, "method": method, "captured": 0}))
	return n > 0, err
}

// Refund gives a part of a captured amount back. It returns ledger.ErrTaken if
// this refund was given before, and ledger.ErrTooMuch.
func (l *Ledger) Refund(ctx context.Context, id, refundID string, amount int64, at time.Time) error {
	err := l.db.Tx(ctx, func(ctx context.Context, tx *sqldb.Tx) error {
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
			return ledger.ErrTooMuch
		}
		return err
	})
	if sqldb.IsDuplicate(err) {
		return ledger.ErrTaken
	}
	return err
}
