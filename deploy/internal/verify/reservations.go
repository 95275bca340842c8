package verify

import (
	"context"
	"database/sql"
	"fmt"
	"maps"
	"slices"

	"bookstore/shared/catalogapi"
	"bookstore/shared/shopapi"

	sq "github.com/Masterminds/squirrel"
)

// reservation is one of the catalog's; its id is that of its order.
type reservation struct {
	id, state string
	lines     map[int64]reserved // by book
}

type reserved struct{ quantity, restocked int64 }

// holds reports whether copies are off the shelf for the reservation.
func (r *reservation) holds() bool {
	if r == nil || r.state == catalogapi.ReservationReleased {
		return false
	}
	for _, l := range r.lines {
		if l.restocked < l.quantity {
			return true
		}
	}
	return false
}

// boughtLine is a line of an order.
type boughtLine struct {
	bookID, quantity int64
	shipmentID       string
	restock          string // of its shipment
}

// comparison is of a page of orders, as they were before and after their
// reservations were looked at.
type comparison struct {
	results struct{ sold, ended, made, restocked Result }
}

// checkReservations compares the shop's orders with the catalog's
// reservations.
func checkReservations(ctx context.Context, v *views) ([]Result, error) {
	var c comparison
	c.results.sold = Result{Rule: "bought copies are committed", Things: "orders"}
	c.results.ended = Result{Rule: "orders that ended unpaid hold nothing", Things: "orders"}
	c.results.made = Result{Rule: "reservations are of their orders' lines", Things: "reservations"}
	c.results.restocked = Result{Rule: "restocked as the shipments say", Things: "lines"}
	err := eachPage(ctx, v.after, func(ids span, after []*order) error { return c.page(ctx, v, ids, after) })
	if err != nil {
		return nil, err
	}
	return []Result{c.results.sold, c.results.ended, c.results.made, c.results.restocked}, nil
}

func (c *comparison) page(ctx context.Context, v *views, ids span, after []*order) error {
	before, err := orders(ctx, v.before, ids.of("id"), pageSize)
	if err != nil {
		return err
	}
	linesBefore, err := linesByOrder(ctx, v.before, ids)
	if err != nil {
		return err
	}
	linesAfter, err := linesByOrder(ctx, v.after, ids)
	if err != nil {
		return err
	}
	reservations, err := reservationsByID(ctx, v.stock, ids)
	if err != nil {
		return err
	}
	for _, o := range before {
		c.noted(o, linesBefore[o.id], reservations[o.id])
	}
	known := map[string]*order{}
	for _, o := range after {
		known[o.id] = o
	}
	for _, id := range slices.Sorted(maps.Keys(reservations)) {
		c.asked(known[id], linesAfter[id], reservations[id])
	}
	return nil
}

// noted judges what an order relied on before its reservation was looked at.
func (c *comparison) noted(o *order, lines []boughtLine, r *reservation) {
	state := "missing"
	if r != nil {
		state = r.state
	}
	switch {
	case o.paid || o.stock == shopapi.StockCommitted:
		c.results.sold.Counted++
		if state != catalogapi.ReservationCommitted {
			c.results.sold.addf("order %s: %s, its copies %s, but its reservation is %s", o.id, o.state, o.stock, state)
		}
	case o.stock == shopapi.StockHeld && r == nil:
		c.results.made.addf("order %s: %s, its copies held, but its reservation is missing", o.id, o.state)
	}
	if !o.paid && (o.atEnd() || o.stock == shopapi.StockReturned) {
		c.results.ended.Counted++
		if r.holds() {
			c.results.ended.addf("order %s: %s, its copies %s, but its reservation is %s", o.id, o.state, o.stock, state)
		}
	}
	for _, l := range lines {
		if l.restock != "done" || r == nil {
			continue
		}
		if got := r.lines[l.bookID].restocked; got != l.quantity {
			c.results.restocked.addf("order %s, book %d: shipment %s gave %d copies back, %d were restocked",
				o.id, l.bookID, l.shipmentID, l.quantity, got)
		}
	}
}

// asked judges what the catalog did, by what the shop had written down
// before it asked for that. A released reservation is none.
func (c *comparison) asked(o *order, lines []boughtLine, r *reservation) {
	c.results.made.Counted++
	if o == nil {
		if r.state != catalogapi.ReservationReleased {
			c.results.made.addf("reservation %s: %s, but there is no such order", r.id, r.state)
		}
		return
	}
	if len(r.lines) == 0 && r.state == catalogapi.ReservationReleased {
		return // let go before it was made
	}
	if fault := lineFault(lines, r); fault != "" {
		c.results.made.addf("reservation %s: %s", r.id, fault)
		return
	}
	for _, l := range lines {
		c.results.restocked.Counted++
		if got := r.lines[l.bookID].restocked; got > 0 && o.paid && l.restock == "" {
			c.results.restocked.addf("order %s, book %d: %d copies were restocked, but shipment %s gave none back",
				o.id, l.bookID, got, l.shipmentID)
		}
	}
}

// lineFault says in what a reservation differs from what was bought.
func lineFault(lines []boughtLine, r *reservation) string {
	for _, l := range lines {
		if got := r.lines[l.bookID].quantity; got != l.quantity {
			return fmt.Sprintf("%d copies of book %d, ordered were %d", got, l.bookID, l.quantity)
		}
	}
	if len(r.lines) != len(lines) {
		return fmt.Sprintf("%d books, ordered were %d", len(r.lines), len(lines))
	}
	return ""
}

func linesByOrder(ctx context.Context, s *snapshot, ids span) (map[string][]boughtLine, error) {
	lines := map[string][]boughtLine{}
	query := sq.Select("l.order_id", "l.book_id", "l.quantity", "l.shipment_id", "COALESCE(s.restock, '')").
		From("order_lines l").LeftJoin("shipments s ON s.id = l.shipment_id").
		Where(ids.of("l.order_id")).OrderBy("l.order_id", "l.position")
	err := each(ctx, s, query, func(row *sql.Rows) error {
		var id string
		var l boughtLine
		err := row.Scan(&id, &l.bookID, &l.quantity, &l.shipmentID, &l.restock)
		lines[id] = append(lines[id], l)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read lines: %w", err)
	}
	return lines, nil
}

func reservationsByID(ctx context.Context, s *snapshot, ids span) (map[string]*reservation, error) {
	reservations := map[string]*reservation{}
	query := sq.Select("r.id", "r.state", "l.book_id", "l.quantity", "l.restocked").
		From("reservations r").LeftJoin("reservation_lines l ON l.reservation_id = r.id").
		Where(ids.of("r.id")).OrderBy("r.id")
	err := each(ctx, s, query, func(row *sql.Rows) error {
		var id, state string
		var bookID, quantity, restocked sql.NullInt64
		if err := row.Scan(&id, &state, &bookID, &quantity, &restocked); err != nil {
			return err
		}
		r := reservations[id]
		if r == nil {
			r = &reservation{id: id, state: state, lines: map[int64]reserved{}}
			reservations[id] = r
		}
		if bookID.Valid {
			r.lines[bookID.Int64] = reserved{quantity.Int64, restocked.Int64}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read reservations: %w", err)
	}
	return reservations, nil
}
