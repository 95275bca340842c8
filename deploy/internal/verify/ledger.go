package verify

import (
	"context"
	"crypto/hmac"
	"database/sql"
	"fmt"
	"time"

	"bookstore/shared/seal"
	"bookstore/shared/sqldb"

	sq "github.com/Masterminds/squirrel"
)

// ledgerRules are that the ledger sums to zero, and says of each order what the
// order says. What it does not know yet, of an older release's, is not judged
// until it should have been booked.
func ledgerRules(now time.Time, stuck time.Duration) []rule {
	postings := sq.Select("COUNT(*)").From("postings")
	orders := sq.Select("COUNT(*)").From("orders")
	return []rule{
		{
			name: "every posting sums to zero", things: "postings", count: postings,
			broken: sq.Select("order_id", "seq", "SUM(amount)").From("ledger_entries").
				GroupBy("order_id", "seq").Having("SUM(amount) <> 0").OrderBy("order_id", "seq"),
			says: "order %s: posting %s sums to %s",
		},
		{
			name: "the gateway's account = captured − given back", things: "orders", count: orders,
			broken: sq.Select("o.id", "COALESCE(booked.amount, 0)", "o.captured", "COALESCE(given.amount, 0)").From("orders o").
				LeftJoin("(SELECT order_id, SUM(amount) AS amount FROM ledger_entries WHERE account = 'gateway' GROUP BY order_id) booked ON booked.order_id = o.id").
				LeftJoin("(SELECT order_id, SUM(amount) AS amount FROM refunds WHERE state = 'paid' GROUP BY order_id) given ON given.order_id = o.id").
				Where("o.posted_seq = o.event_seq AND COALESCE(booked.amount, 0) <> o.captured - COALESCE(given.amount, 0)").OrderBy("o.id"),
			says: "order %s: the ledger has %s, but captured are %s and given back %s",
		},
		{
			name: "what is shared of a sale = what its buyer paid for it", things: "shipments",
			count: sq.Select("COUNT(*)").From("shipments"),
			broken: sq.Select("s.id", "s.order_id", "COALESCE(shared.amount, 0)", "s.total", "s.refunded").From("shipments s").
				Join("orders o ON o.id = s.order_id").
				LeftJoin("(SELECT shipment_id, -SUM(amount) AS amount FROM ledger_entries WHERE shipment_id <> '' GROUP BY shipment_id) shared ON shared.shipment_id = s.id").
				Where("o.posted_seq = o.event_seq AND o.paid_at IS NOT NULL AND COALESCE(shared.amount, 0) <> s.total - s.refunded").OrderBy("s.id"),
			says: "shipment %s of order %s: %s are shared, of %s less %s refunded",
		},
		{
			name: "everything is booked", things: "orders", count: orders,
			broken: sq.Select("o.id", "o.posted_seq", "o.event_seq").From("orders o").Where("o.unposted <> 0").
				Where(sq.Expr("NOT EXISTS (SELECT 1 FROM order_events e WHERE e.order_id = o.id AND e.at > ?)", sqldb.Micros(now.Add(-stuck)))).
				OrderBy("o.id"),
			says: "order %s: booked up to event %s of %s",
		},
	}
}

// posting is a posting of the ledger with its seal.
type posting struct {
	seal.Posting
	mac string
}

// checkPostings checks the seals of all postings. Of each order it names the first
// that is not as it was written; what follows that one proves nothing.
func checkPostings(ctx context.Context, s *snapshot, key seal.Key) (Result, error) {
	result := Result{Rule: "postings intact to their last seal", Things: "postings"}
	err := eachPage(ctx, s, func(ids span, page []*order) error {
		postings, err := postingsOf(ctx, s, ids)
		if err != nil {
			return err
		}
		for _, o := range page {
			result.Counted += int64(len(postings[o.id]))
			if fault := postingFault(key, o, postings[o.id]); fault != "" {
				result.addf("order %s: %s", o.id, fault)
			}
			delete(postings, o.id)
		}
		for id := range postings {
			result.addf("order %s: there is no such order, but postings of it", id)
		}
		return nil
	})
	return result, err
}

func postingFault(key seal.Key, o *order, postings []*posting) string {
	before := ""
	for i, p := range postings {
		if p.Seq != int64(i+1) {
			return fmt.Sprintf("posting %d is missing", i+1)
		}
		if !hmac.Equal([]byte(p.mac), []byte(key.SealPosting(before, p.Posting))) {
			return fmt.Sprintf("posting %d was altered", p.Seq)
		}
		before = p.mac
	}
	if n := int64(len(postings)); n != o.postingSeq || before != o.postingMAC {
		return fmt.Sprintf("there are %d postings, %d were written, and the last seal is another", n, o.postingSeq)
	}
	return ""
}

func postingsOf(ctx context.Context, s *snapshot, ids span) (map[string][]*posting, error) {
	postings := map[string][]*posting{}
	query := sq.Select("p.order_id", "p.seq", "p.event_seq", "p.kind", "p.at", "p.hmac", "e.account", "e.seller_id", "e.shipment_id", "e.amount").
		From("postings p").LeftJoin("ledger_entries e ON e.order_id = p.order_id AND e.seq = p.seq").
		Where(ids.of("p.order_id")).OrderBy("p.order_id", "p.seq", "e.position")
	err := each(ctx, s, query, func(row *sql.Rows) error {
		var p posting
		var at int64
		var account, shipment sql.NullString
		var seller, amount sql.NullInt64
		if err := row.Scan(&p.OrderID, &p.Seq, &p.EventSeq, &p.Kind, &at, &p.mac, &account, &seller, &shipment, &amount); err != nil {
			return err
		}
		p.At = sqldb.FromMicros(at)
		known := postings[p.OrderID]
		if len(known) == 0 || known[len(known)-1].Seq != p.Seq {
			known = append(known, &p)
			postings[p.OrderID] = known
		}
		if last := known[len(known)-1]; account.Valid {
			last.Entries = append(last.Entries, seal.PostingEntry{
				Account: account.String, SellerID: seller.Int64, ShipmentID: shipment.String, Amount: amount.Int64,
			})
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read postings: %w", err)
	}
	return postings, nil
}
