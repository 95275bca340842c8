package payment

import (
	"context"
	"database/sql"
	"time"

	"bookstore/shared/sqldb"
	"bookstore/shopsvc/internal/shop"

	sq "github.com/Masterminds/squirrel"
)

// charge is a row of the sandbox's ledger.
type charge struct {
	id             string
	orderNumber    string
	method         shop.Method
	amount         int64
	currency       string
	state          shop.PaymentState
	lateState      shop.PaymentState // what it turns into at readyAt; empty: nothing
	readyAt        time.Time
	reason         string
	captured       int64
	refusesCapture bool
	pageKey        string // of the PayPal page
	returnURL      string
	createdAt      time.Time
}

func insertCharge(ctx context.Context, q sqldb.Querier, c charge) error {
	ready := int64(0)
	if !c.readyAt.IsZero() {
		ready = sqldb.Micros(c.readyAt)
	}
	_, err := sqldb.Exec(ctx, q, sq.Insert("sandbox_charges").SetMap(map[string]any{
		"id": c.id, "order_number": c.orderNumber, "method": c.method, "amount": c.amount, "currency": c.currency,
		"state": c.state, "late_state": c.lateState, "ready_at": ready, "reason": c.reason,
		"refuses_capture": c.refusesCapture, "page_key": sql.NullString{String: c.pageKey, Valid: c.pageKey != ""},
		"return_url": c.returnURL, "created_at": sqldb.Micros(c.createdAt),
	}))
	return err
}

func readCharge(ctx context.Context, q sqldb.Querier, where sq.Eq) (charge, error) {
	return sqldb.QueryOne(ctx, q, sq.Select("id", "order_number", "method", "amount", "currency", "state", "late_state",
		"ready_at", "reason", "captured", "refuses_capture", "page_key", "return_url", "created_at").
		From("sandbox_charges").Where(where),
		func(row sqldb.Row) (charge, error) {
			var c charge
			var ready, created int64
			var pageKey sql.NullString
			err := row.Scan(&c.id, &c.orderNumber, &c.method, &c.amount, &c.currency, &c.state, &c.lateState,
				&ready, &c.reason, &c.captured, &c.refusesCapture, &pageKey, &c.returnURL, &created)
			c.readyAt, c.createdAt, c.pageKey = sqldb.FromMicros(ready), sqldb.FromMicros(created), pageKey.String
			return c, err
		})
}

func countCharges(ctx context.Context, q sqldb.Querier, where sq.Eq) (int64, error) {
	return sqldb.QueryOne(ctx, q, sq.Select("COUNT(*)").From("sandbox_charges").Where(where),
		func(row sqldb.Row) (int64, error) {
			var n int64
			err := row.Scan(&n)
			return n, err
		})
}
