package verify

import (
	"context"
	"database/sql"
	"fmt"

	"bookstore/shared/shopapi"

	sq "github.com/Masterminds/squirrel"
)

// pageSize is how many orders are looked at together.
const pageSize = 500

// order is what the rules in Go need of an order's row.
type order struct {
	id, state, stock string
	paid             bool
	eventSeq         int64
	eventMAC         string
	postingSeq       int64
	postingMAC       string
}

// atEnd reports whether an order that was not paid never will be.
func (o *order) atEnd() bool {
	return o.state == shopapi.OrderCancelled || o.state == shopapi.OrderExpired
}

// span is the ids above after up to last; an empty last is no bound. The spans
// of all pages cover every id, also those that no order has.
type span struct{ after, last string }

// of limits a query to the rows whose column is in the span.
func (s span) of(column string) sq.Sqlizer {
	if s.last == "" {
		return sq.Gt{column: s.after}
	}
	return sq.And{sq.Gt{column: s.after}, sq.LtOrEq{column: s.last}}
}

// eachPage calls do with the orders of a snapshot by id, page by page.
func eachPage(ctx context.Context, s *snapshot, do func(span, []*order) error) error {
	for after := ""; ; {
		page, err := orders(ctx, s, sq.Gt{"id": after}, pageSize)
		if err != nil {
			return err
		}
		if len(page) < pageSize {
			return do(span{after: after}, page)
		}
		last := page[len(page)-1].id
		if err := do(span{after, last}, page); err != nil {
			return err
		}
		after = last
	}
}

// orders returns those that meet a condition by id, as many as limit.
func orders(ctx context.Context, s *snapshot, condition sq.Sqlizer, limit uint64) ([]*order, error) {
	var all []*order
	query := sq.Select("id", "state", "stock", "paid_at IS NOT NULL", "event_seq", "event_mac", "posting_seq", "posting_mac").
		From("orders").Where(condition).OrderBy("id").Limit(limit)
	err := each(ctx, s, query, func(row *sql.Rows) error {
		var o order
		all = append(all, &o)
		return row.Scan(&o.id, &o.state, &o.stock, &o.paid, &o.eventSeq, &o.eventMAC, &o.postingSeq, &o.postingMAC)
	})
	if err != nil {
		return nil, fmt.Errorf("read orders: %w", err)
	}
	return all, nil
}
