package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"time"

	"bookstore/shared/sqldb"
	"bookstore/shopsvc/internal/shop"

	sq "github.com/Masterminds/squirrel"
)

// InsertOrder implements shop.OrderStore.
func (s *Store) InsertOrder(ctx context.Context, o *shop.Order, from *shop.Cart, nextKey string) error {
	err := s.db.Tx(ctx, func(ctx context.Context, tx *sqldb.Tx) error {
		if from != nil {
			if err := rotateKey(ctx, tx, from, nextKey); err != nil {
				return err
			}
		}
		if err := insertOrderRow(ctx, tx, o); err != nil {
			return err
		}
		if err := insertShipments(ctx, tx, o); err != nil {
			return err
		}
		return insertEvents(ctx, tx, o)
	})
	if sqldb.IsDuplicate(err) {
		return shop.ErrTaken
	}
	if err != nil {
		return err
	}
	o.Version = 1
	o.Changes = shop.Changes{}
	return nil
}

func insertOrderRow(ctx context.Context, tx *sqldb.Tx, o *shop.Order) error {
	address, err := json.Marshal(o.Address)
	if err != nil {
		return fmt.Errorf("encode address: %w", err)
	}
	_, err = sqldb.Exec(ctx, tx, sq.Insert("orders").SetMap(map[string]any{
		"id": o.ID, "number": o.Number, "buyer_id": o.BuyerID, "idempotency_key": optional(o.Key), "body_hash": o.BodyHash,
		"state": o.State, "stock": o.Stock, "from_cart": o.FromCart, "address": string(address), "language": o.Language, "currency": o.Currency,
		"subtotal": o.Subtotal, "delivery_total": o.Delivery, "total": o.Total, "placed_at": sqldb.Micros(o.PlacedAt),
		"next_at": instant(o.NextAt), "lease_until": micros(o.LeaseUntil), "version": 1,
		"event_seq": o.EventSeq, "event_mac": o.EventMAC, "posted_seq": o.PostedSeq,
	}))
	return err
}

// SaveOrder implements shop.OrderStore.
func (s *Store) SaveOrder(ctx context.Context, o *shop.Order) error {
	err := s.db.Tx(ctx, func(ctx context.Context, tx *sqldb.Tx) error {
		if err := updateOrderRow(ctx, tx, o); err != nil {
			return err
		}
		return s.writeChanges(ctx, tx, o)
	})
	if err != nil {
		return err
	}
	o.Version++
	return nil
}

// updateOrderRow comes first in its transaction: it is the guard, and locks
// out everybody else who would change the order.
func updateOrderRow(ctx context.Context, tx *sqldb.Tx, o *shop.Order) error {
	return guarded(ctx, tx, sq.Update("orders").
		Set("idempotency_key", optional(o.Key)).
		Set("state", o.State).Set("stock", o.Stock).
		Set("ending", o.Ending).
		Set("end_reason", o.EndReason.Code).Set("end_code", o.EndReason.Code).Set("end_note", optional(o.EndReason.Note)).
		Set("cart_taken", o.CartTaken).
		Set("captured", o.Captured).Set("refunded", o.Refunded).
		Set("expires_at", instant(o.ExpiresAt)).Set("paid_at", instant(o.PaidAt)).
		Set("next_at", instant(o.NextAt)).Set("lease_until", micros(o.LeaseUntil)).
		Set("attempts", o.Attempts).
		Set("event_seq", o.EventSeq).Set("event_mac", o.EventMAC).
		Set("posted_seq", o.PostedSeq).Set("posting_seq", o.PostingSeq).Set("posting_mac", o.PostingMAC).
		Set("version", o.Version+1).
		Where(sq.Eq{"id": o.ID, "version": o.Version}), shop.ErrOvertaken)
}

// RenewLease implements shop.OrderStore.
func (s *Store) RenewLease(ctx context.Context, id string, version int64, until time.Time) (bool, error) {
	at := sqldb.Micros(until)
	n, err := sqldb.Exec(ctx, s.db.Writer(), sq.Update("orders").Set("lease_until", at).Set("next_at", at).
		Where(sq.Eq{"id": id, "version": version}))
	return n > 0, err
}

func (s *Store) writeChanges(ctx context.Context, tx *sqldb.Tx, o *shop.Order) error {
	for _, p := range o.Changes.Payments {
		if err := writePayment(ctx, tx, o.ID, p); err != nil {
			return fmt.Errorf("write payment: %w", err)
		}
	}
	if err := updateShipments(ctx, tx, o.Changes.Shipments); err != nil {
		return fmt.Errorf("update shipments: %w", err)
	}
	for _, r := range o.Changes.Refunds {
		if err := writeRefund(ctx, tx, o.ID, r); err != nil {
			return fmt.Errorf("write refund: %w", err)
		}
	}
	if err := insertEvents(ctx, tx, o); err != nil {
		return err
	}
	if err := insertPostings(ctx, tx, o); err != nil {
		return err
	}
	if err := settleCommissions(ctx, tx, o.Changes.Commissions); err != nil {
		return err
	}
	if err := insertMails(ctx, tx, o); err != nil {
		return err
	}
	return s.writeCartChanges(ctx, tx, o)
}

func (s *Store) writeCartChanges(ctx context.Context, tx *sqldb.Tx, o *shop.Order) error {
	if o.Changes.KeyReturned != "" && o.FromCart {
		if err := returnKey(ctx, tx, o.BuyerID, o.Changes.KeyReturned); err != nil {
			return err
		}
	}
	if !o.Changes.TakeCart && !o.Changes.ReturnCart {
		return nil
	}
	at := o.Changes.Events[0].At // a cart's lines move with an event of the order
	return s.changeBuyersCart(ctx, tx, o, func(c *shop.Cart) {
		if o.Changes.TakeCart {
			c.Take(o.Lines(), at)
		} else {
			c.Return(o.Lines(), at)
		}
	})
}

// Order implements shop.OrderStore.
func (s *Store) Order(ctx context.Context, id string) (*shop.Order, error) {
	return s.oneOrder(ctx, sq.Eq{"id": id})
}

// OrderByKey implements shop.OrderStore.
func (s *Store) OrderByKey(ctx context.Context, buyerID int64, key string) (*shop.Order, error) {
	return s.oneOrder(ctx, sq.Eq{"buyer_id": buyerID, "idempotency_key": key})
}

// readAttempts is how often an order is read that others change meanwhile.
const readAttempts = 5

// oneOrder reads an order as it was at one moment: what its state promises of
// its payments and shipments holds of those that are returned with it. It
// returns shop.ErrBusy if the order was changed each time it was read.
func (s *Store) oneOrder(ctx context.Context, where sq.Eq) (*shop.Order, error) {
	for range readAttempts {
		var old oldReasons
		o, err := sqldb.QueryOne(ctx, s.db.Writer(), sq.Select(orderColumns...).From("orders").Where(where), scanOrder(&old))
		if err != nil {
			return nil, found(err)
		}
		if unchanged, err := readParts(ctx, s.db.Writer(), []*shop.Order{o}, &old); err != nil || unchanged {
			return o, err
		}
	}
	return nil, shop.ErrBusy
}

// ordersByID returns those of the orders that exist.
func ordersByID(ctx context.Context, q sqldb.Querier, ids []string) (map[string]*shop.Order, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	var old oldReasons
	orders, err := sqldb.QueryAll(ctx, q, sq.Select(orderColumns...).From("orders").Where(sq.Eq{"id": ids}), scanOrder(&old))
	if err != nil {
		return nil, err
	}
	byID := map[string]*shop.Order{}
	for _, o := range orders {
		byID[o.ID] = o
	}
	_, err = readParts(ctx, q, orders, &old)
	return byID, err
}

// readParts reads shipments, lines, refunds and payments of the orders, and
// splits their old reasons. It reports whether none of the orders has changed
// since its row was read; whoever only shows orders need not ask.
func readParts(ctx context.Context, q sqldb.Querier, orders []*shop.Order, old *oldReasons) (unchanged bool, err error) {
	if len(orders) == 0 {
		return true, nil
	}
	byID := map[string]*shop.Order{}
	ids := make([]string, len(orders))
	for i, o := range orders {
		ids[i], byID[o.ID] = o.ID, o
	}
	if err := readShipments(ctx, q, ids, byID); err != nil {
		return false, err
	}
	if err := readRefunds(ctx, q, byID, old); err != nil {
		return false, err
	}
	// Last, for these come with the order's version.
	unchanged, err = readPayments(ctx, q, ids, byID)
	if err != nil {
		return false, err
	}
	return unchanged, old.split(ctx, q)
}

var orderColumns = []string{
	"id", "number", "buyer_id", "idempotency_key", "body_hash", "state", "stock", "ending",
	"end_reason", "end_code", "end_note",
	"from_cart", "cart_taken", "address", "language", "currency", "subtotal", "delivery_total", "total", "captured", "refunded",
	"placed_at", "expires_at", "paid_at", "next_at", "lease_until", "attempts", "version", "event_seq", "event_mac",
	"posted_seq", "posting_seq", "posting_mac",
}

// scanOrder returns what reads an order's row. Orders that end for an old reason
// are added to old.
func scanOrder(old *oldReasons) func(sqldb.Row) (*shop.Order, error) {
	return func(row sqldb.Row) (*shop.Order, error) {
		o, end, err := scanOrderRow(row)
		switch {
		case err != nil:
			return nil, err
		case end.isSplit():
			o.EndReason = end.split()
		case o.State == shop.Voiding || o.State == shop.Restocking: // else nobody asks any more
			old.endings = append(old.endings, o)
		}
		return o, nil
	}
}

func scanOrderRow(row sqldb.Row) (*shop.Order, reason, error) {
	var o shop.Order
	var end reason
	var key sql.NullString
	var address string
	var placed, lease int64
	var expires, paid, next sql.NullInt64
	err := row.Scan(&o.ID, &o.Number, &o.BuyerID, &key, &o.BodyHash, &o.State, &o.Stock, &o.Ending,
		&end.text, &end.code, &end.note, &o.FromCart, &o.CartTaken, &address, &o.Language, &o.Currency, &o.Subtotal, &o.Delivery, &o.Total, &o.Captured, &o.Refunded,
		&placed, &expires, &paid, &next, &lease, &o.Attempts, &o.Version, &o.EventSeq, &o.EventMAC,
		&o.PostedSeq, &o.PostingSeq, &o.PostingMAC)
	if err != nil {
		return nil, end, err
	}
	o.Key = key.String
	o.PlacedAt, o.LeaseUntil = sqldb.FromMicros(placed), fromMicros(lease)
	o.ExpiresAt, o.PaidAt, o.NextAt = fromInstant(expires), fromInstant(paid), fromInstant(next)
	if err := json.Unmarshal([]byte(address), &o.Address); err != nil {
		return nil, end, fmt.Errorf("decode address: %w", err)
	}
	return &o, end, nil
}
