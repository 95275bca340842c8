package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"bookstore/shared/sqldb"
	"bookstore/shopsvc/internal/shop"

	sq "github.com/Masterminds/squirrel"
)

func insertShipments(ctx context.Context, tx *sqldb.Tx, o *shop.Order) error {
	shipments := sq.Insert("shipments").Columns("id", "order_id", "position", "seller_id", "seller_name", "state",
		"provider_id", "provider_name", "delivery_cost", "subtotal", "total", "commission", "commission_tax")
	lines := sq.Insert("order_lines").Columns("order_id", "position", "shipment_id", "book_id", "title", "authors",
		"book_condition", "cover", "price", "quantity")
	for i, ship := range o.Shipments {
		commission, tax := commissionOf(ship)
		shipments = shipments.Values(ship.ID, o.ID, i, ship.SellerID, ship.SellerName, ship.State,
			ship.ProviderID, ship.ProviderName, ship.DeliveryCost, ship.Subtotal, ship.Total, commission, tax)
		for _, l := range ship.Lines {
			authors, err := json.Marshal(l.Authors)
			if err != nil {
				return fmt.Errorf("encode authors: %w", err)
			}
			lines = lines.Values(o.ID, l.Position, ship.ID, l.BookID, l.Title, string(authors), l.Condition, l.Cover, l.Price, l.Quantity)
		}
	}
	if _, err := sqldb.Exec(ctx, tx, shipments); err != nil {
		return fmt.Errorf("insert shipments: %w", err)
	}
	if _, err := sqldb.Exec(ctx, tx, lines); err != nil {
		return fmt.Errorf("insert lines: %w", err)
	}
	return nil
}

// commissionOf returns a shipment's commission and the tax on it as they are
// stored, NULL while they are not settled.
func commissionOf(s *shop.Shipment) (amount, tax any) {
	if s.Commission == nil {
		return nil, nil
	}
	return s.Commission.Amount, s.Commission.Tax
}

// changed is what may change of a shipment, as it is stored.
type changed struct {
	state                               shop.ShipmentState
	refunded                            int64
	trackingNumber, trackingURL, reject string
	restock                             shop.Restock
	reminded                            bool
	due, paid, dispatched, delivered    any
	release, released                   any
}

func changedOf(s *shop.Shipment) changed {
	return changed{
		state: s.State, refunded: s.Refunded, trackingNumber: s.TrackingNumber, trackingURL: s.TrackingURL, reject: s.RejectNote,
		restock: s.Restock, reminded: s.Reminded,
		due: instant(s.DueAt), paid: instant(s.PaidAt), dispatched: instant(s.DispatchedAt), delivered: instant(s.DeliveredAt),
		release: instant(s.ReleaseAt), released: instant(s.ReleasedAt),
	}
}

// updateShipments writes those that have become alike at once, as all of an
// order do when it is paid.
func updateShipments(ctx context.Context, tx *sqldb.Tx, shipments []*shop.Shipment) error {
	alike := map[changed][]string{}
	for _, s := range shipments {
		alike[changedOf(s)] = append(alike[changedOf(s)], s.ID)
	}
	for to, ids := range alike {
		n, err := sqldb.Exec(ctx, tx, sq.Update("shipments").
			Set("state", to.state).Set("refunded", to.refunded).
			Set("tracking_number", to.trackingNumber).Set("tracking_url", to.trackingURL).Set("reject_reason", to.reject).
			Set("restock", to.restock).Set("reminded", to.reminded).
			Set("due_at", to.due).Set("paid_at", to.paid).
			Set("dispatched_at", to.dispatched).Set("delivered_at", to.delivered).
			Set("release_at", to.release).Set("released_at", to.released).
			Where(sq.Eq{"id": ids}))
		if err != nil {
			return err
		}
		if n != int64(len(ids)) {
			return shop.ErrNotFound
		}
	}
	return nil
}

// ofOrder is a part of an order, with the order's id.
type ofOrder[T any] struct {
	orderID string
	part    T
}

func readShipments(ctx context.Context, q sqldb.Querier, ids []string, orders map[string]*shop.Order) error {
	shipments, err := sqldb.QueryAll(ctx, q, sq.Select("order_id", "id", "seller_id", "seller_name", "state",
		"provider_id", "provider_name", "delivery_cost", "subtotal", "total", "refunded", "tracking_number", "tracking_url",
		"reject_reason", "restock", "reminded", "due_at", "paid_at", "dispatched_at", "delivered_at",
		"commission", "commission_tax", "release_at", "released_at").
		From("shipments").Where(sq.Eq{"order_id": ids}).OrderBy("order_id", "position"), scanShipment)
	if err != nil {
		return fmt.Errorf("read shipments: %w", err)
	}
	lines, err := sqldb.QueryAll(ctx, q, sq.Select("shipment_id", "book_id", "title", "authors", "book_condition",
		"cover", "price", "quantity", "position").
		From("order_lines").Where(sq.Eq{"order_id": ids}).OrderBy("order_id", "position"), scanLine)
	if err != nil {
		return fmt.Errorf("read lines: %w", err)
	}
	byID := map[string]*shop.Shipment{}
	for _, s := range shipments {
		o := orders[s.orderID]
		o.Shipments = append(o.Shipments, s.part)
		byID[s.part.ID] = s.part
	}
	for _, l := range lines {
		if s := byID[l.orderID]; s != nil {
			s.Lines = append(s.Lines, l.part)
		}
	}
	return nil
}

func scanShipment(row sqldb.Row) (ofOrder[*shop.Shipment], error) {
	var s shop.Shipment
	var orderID string
	var due, paid, dispatched, delivered, commission, tax, release, released sql.NullInt64
	err := row.Scan(&orderID, &s.ID, &s.SellerID, &s.SellerName, &s.State, &s.ProviderID, &s.ProviderName,
		&s.DeliveryCost, &s.Subtotal, &s.Total, &s.Refunded, &s.TrackingNumber, &s.TrackingURL, &s.RejectNote, &s.Restock, &s.Reminded,
		&due, &paid, &dispatched, &delivered, &commission, &tax, &release, &released)
	s.DueAt, s.PaidAt = fromInstant(due), fromInstant(paid)
	s.DispatchedAt, s.DeliveredAt = fromInstant(dispatched), fromInstant(delivered)
	s.ReleaseAt, s.ReleasedAt = fromInstant(release), fromInstant(released)
	if commission.Valid {
		s.Commission = &shop.Commission{Amount: commission.Int64, Tax: tax.Int64}
	}
	return ofOrder[*shop.Shipment]{orderID, &s}, err
}

// scanLine reads a line with the id of its shipment.
func scanLine(row sqldb.Row) (ofOrder[shop.Line], error) {
	var l shop.Line
	var shipmentID, authors string
	err := row.Scan(&shipmentID, &l.BookID, &l.Title, &authors, &l.Condition, &l.Cover, &l.Price, &l.Quantity, &l.Position)
	if err == nil {
		err = json.Unmarshal([]byte(authors), &l.Authors)
	}
	return ofOrder[shop.Line]{shipmentID, l}, err
}

// OrderOfShipment implements shop.OrderStore.
func (s *Store) OrderOfShipment(ctx context.Context, shipmentID string) (string, error) {
	id, err := sqldb.QueryOne(ctx, s.db.Writer(), sq.Select("order_id").From("shipments").Where(sq.Eq{"id": shipmentID}), scanText)
	return id, found(err)
}
