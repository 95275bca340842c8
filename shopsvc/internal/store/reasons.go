package store

import (
	"context"
	"database/sql"
	"slices"

	"bookstore/shared/sqldb"
	"bookstore/shopsvc/internal/shop"
)

// reason is how a code and a note are read that were once one text, which the
// release before still writes.
type reason struct {
	text string
	code sql.NullString // of the text; NULL or another if only the text was written
	note sql.NullString
}

// isSplit reports whether the code is that of the text.
func (r reason) isSplit() bool { return r.code.Valid && r.code.String == r.text }

// split returns the code and the note of r.
func (r reason) split() shop.Reason {
	return shop.Reason{Code: shop.Code(r.code.String), Note: r.note.String}
}

// oldReasons are the refunds and endings of orders whose code and note are one
// text.
type oldReasons struct {
	refunds []ofOrder[*shop.Refund]
	endings []*shop.Order
}

// split finds out from the history what is a code and what is a note: it knows
// who gave the reason, and for what.
func (old *oldReasons) split(ctx context.Context, q sqldb.Querier) error {
	var ids []string
	for _, r := range old.refunds {
		ids = append(ids, r.orderID)
	}
	for _, o := range old.endings {
		ids = append(ids, o.ID)
	}
	if len(ids) == 0 {
		return nil
	}
	slices.Sort(ids)
	events, err := eventsOf(ctx, q, slices.Compact(ids))
	if err != nil {
		return err
	}
	for _, r := range old.refunds {
		r.part.Reason = lastReason(events[r.orderID], shop.SubjectRefund, r.part.ID, string(shop.RefundDue))
	}
	for _, o := range old.endings {
		o.EndReason = lastReason(events[o.ID], shop.SubjectOrder, "", string(o.State))
	}
	return nil
}

// lastReason returns why a subject came to a state the last time.
func lastReason(events []shop.Event, subject, subjectID, to string) shop.Reason {
	for _, e := range slices.Backward(events) {
		if e.Subject == subject && e.SubjectID == subjectID && e.To == to {
			return e.Reason
		}
	}
	return shop.Reason{}
}
