package store

import (
	"context"
	"database/sql"
	"fmt"

	"bookstore/shared/sqldb"
	"bookstore/shopsvc/internal/shop"

	sq "github.com/Masterminds/squirrel"
)

// writePayment inserts a payment in the state in which it is written when it is
// new, and then never again, else updates it.
func writePayment(ctx context.Context, tx *sqldb.Tx, orderID string, p *shop.Payment) error {
	open := sql.NullString{String: orderID, Valid: p.Open}
	if p.State == shop.PaymentStarted {
		return insert(ctx, tx, sq.Insert("payments").SetMap(map[string]any{
			"id": p.ID, "order_id": orderID, "open_order_id": open, "method": p.Method, "state": p.State,
			"amount": p.Amount, "captured": p.Captured, "reason": p.Reason, "redirect_url": p.RedirectURL,
			"reference": p.Reference, "poll_at": instant(p.PollAt), "created_at": sqldb.Micros(p.CreatedAt),
		}))
	}
	return guarded(ctx, tx, sq.Update("payments").
		Set("open_order_id", open).Set("state", p.State).Set("captured", p.Captured).Set("reason", p.Reason).
		Set("redirect_url", p.RedirectURL).Set("poll_at", instant(p.PollAt)).
		Where(sq.Eq{"id": p.ID}), shop.ErrNotFound)
}

// readPayments reads the payments of orders, and reports whether no order has
// changed since its row was read.
func readPayments(ctx context.Context, q sqldb.Querier, ids []string, orders map[string]*shop.Order) (unchanged bool, err error) {
	payments, err := sqldb.QueryAll(ctx, q, sq.Select("o.id", "o.version", "p.id", "p.open_order_id", "p.method", "p.state", "p.amount",
		"p.captured", "p.reason", "p.redirect_url", "p.reference", "p.poll_at", "p.created_at").
		From("orders o").LeftJoin("payments p ON p.order_id = o.id").
		Where(sq.Eq{"o.id": ids}).OrderBy("o.id", "p.created_at", "p.id"), scanPayment)
	if err != nil {
		return false, fmt.Errorf("read payments: %w", err)
	}
	unchanged = true
	for _, p := range payments {
		o := orders[p.orderID]
		unchanged = unchanged && p.version == o.Version
		if p.part != nil {
			o.Payments = append(o.Payments, p.part)
		}
	}
	return unchanged, nil
}

// versionedPayment is a payment, or nil for an order without one, with the
// version of its order.
type versionedPayment struct {
	ofOrder[*shop.Payment]
	version int64
}

func scanPayment(row sqldb.Row) (versionedPayment, error) {
	var v versionedPayment
	var id, open, method, state, reason, redirect, reference sql.NullString
	var amount, captured, poll, created sql.NullInt64
	err := row.Scan(&v.orderID, &v.version, &id, &open, &method, &state, &amount, &captured, &reason, &redirect,
		&reference, &poll, &created)
	if id.Valid {
		v.part = &shop.Payment{
			ID: id.String, Open: open.Valid, Method: shop.Method(method.String), State: shop.PaymentState(state.String),
			Amount: amount.Int64, Captured: captured.Int64, Reason: shop.Code(reason.String), RedirectURL: redirect.String,
			Reference: reference.String, PollAt: fromInstant(poll), CreatedAt: sqldb.FromMicros(created.Int64),
		}
	}
	return v, err
}

// writeRefund inserts a refund that is due, for as such it is written once, else
// updates it.
func writeRefund(ctx context.Context, tx *sqldb.Tx, orderID string, r *shop.Refund) error {
	if r.State == shop.RefundDue {
		return insert(ctx, tx, sq.Insert("refunds").SetMap(map[string]any{
			"id": r.ID, "order_id": orderID, "payment_id": r.PaymentID, "shipment_id": optional(r.ShipmentID),
			"amount": r.Amount, "state": r.State,
			"reason": r.Reason.Code, "code": r.Reason.Code, "note": optional(r.Reason.Note),
			"created_at": sqldb.Micros(r.CreatedAt), "paid_at": instant(r.PaidAt),
		}))
	}
	return guarded(ctx, tx, sq.Update("refunds").Set("state", r.State).Set("paid_at", instant(r.PaidAt)).Where(sq.Eq{"id": r.ID}), shop.ErrNotFound)
}

// readRefunds asks for those of orders that have any: an order's sum of them is
// in its own row.
func readRefunds(ctx context.Context, q sqldb.Querier, orders map[string]*shop.Order, old *oldReasons) error {
	var ids []string
	for id, o := range orders {
		if o.Refunded > 0 {
			ids = append(ids, id)
		}
	}
	if len(ids) == 0 {
		return nil
	}
	refunds, err := sqldb.QueryAll(ctx, q, sq.Select("order_id", "id", "payment_id", "shipment_id", "amount", "state",
		"reason", "code", "note", "created_at", "paid_at").
		From("refunds").Where(sq.Eq{"order_id": ids}).OrderBy("order_id", "created_at", "id"), scanRefund(old))
	if err != nil {
		return fmt.Errorf("read refunds: %w", err)
	}
	for _, r := range refunds {
		o := orders[r.orderID]
		o.Refunds = append(o.Refunds, r.part)
	}
	return nil
}

// scanRefund returns what reads a refund. Those of an old reason are added to
// old.
func scanRefund(old *oldReasons) func(sqldb.Row) (ofOrder[*shop.Refund], error) {
	return func(row sqldb.Row) (ofOrder[*shop.Refund], error) {
		var r shop.Refund
		var orderID string
		var shipment sql.NullString
		var why reason
		var created int64
		var paid sql.NullInt64
		err := row.Scan(&orderID, &r.ID, &r.PaymentID, &shipment, &r.Amount, &r.State, &why.text, &why.code, &why.note, &created, &paid)
		r.ShipmentID, r.CreatedAt, r.PaidAt = shipment.String, sqldb.FromMicros(created), fromInstant(paid)
		r.Reason = why.split()
		refund := ofOrder[*shop.Refund]{orderID, &r}
		if err == nil && !why.isSplit() {
			old.refunds = append(old.refunds, refund)
		}
		return refund, err
	}
}

// OrderOfPayment implements shop.OrderStore.
func (s *Store) OrderOfPayment(ctx context.Context, paymentID string) (string, error) {
	id, err := sqldb.QueryOne(ctx, s.db.Writer(), sq.Select("order_id").From("payments").Where(sq.Eq{"id": paymentID}), scanText)
	return id, found(err)
}
