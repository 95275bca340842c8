package catalog

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"bookstore/shared/apierr"
	"bookstore/shared/catalogapi"
	"bookstore/shared/text"
)

// State is how far a reservation is. From held it becomes committed or
// released, and stays so.
type State string

// The states of a reservation.
const (
	Held      State = catalogapi.ReservationHeld
	Committed State = catalogapi.ReservationCommitted
	Released  State = catalogapi.ReservationReleased
)

// Line is copies of one book at the price that their buyer saw.
type Line struct {
	BookID   int64
	Quantity int64
	Price    int64 // minor units, each
}

// Reservation is copies taken off the shelf for an order, under the order's
// own id for it.
type Reservation struct {
	ID        string
	State     State
	ExpiresAt time.Time
	Lines     []Line // by book; none for an id that was released unseen
}

// Return is copies of one book that come back to the shelf.
type Return struct {
	BookID   int64
	Quantity int64
}

// Move kinds of the stock ledger. The first three change how many copies there
// are; the others move copies between shelf, holds and sales.
const (
	MoveListed    = "listed"
	MoveAdjusted  = "adjusted"
	MoveDelisted  = "delisted"
	MoveReserved  = "reserved"
	MoveReleased  = "released"
	MoveCommitted = "committed"
	MoveRestocked = "restocked"
)

// Actors of the stock ledger that are no users.
const (
	ActorShop  = "shop"
	ActorSweep = "sweep"
)

// UserActor names a user in the stock ledger.
func UserActor(id int64) string { return fmt.Sprintf("user:%d", id) }

// Refuse says why a line of a reservation, the i-th as it was asked for, can't
// be had, given the book as it is now (nil: unknown). It reports false if
// nothing speaks against the line any more.
func (l Line) Refuse(i int, b *Book) (apierr.FieldError, bool) {
	e := apierr.FieldError{Field: lineField(i), Params: map[string]any{"book_id": l.BookID}}
	if b != nil {
		e.Params["title"] = b.Title
		e.Params["price"] = b.Price
		e.Params["available"] = b.Stock
	}
	switch {
	case b == nil, b.Delisted():
		e.Code = catalogapi.CodeBookGone
		e.Params["available"] = int64(0)
	case b.Stock < l.Quantity:
		e.Code = catalogapi.CodeOutOfStock
	case b.Price != l.Price:
		e.Code = catalogapi.CodePriceChanged
	default:
		return e, false
	}
	return e, true
}

// SameLines reports whether two reservations are of the same copies.
func SameLines(a, b []Line) bool {
	a, b = slices.Clone(a), slices.Clone(b)
	SortLines(a)
	SortLines(b)
	return slices.Equal(a, b)
}

// SortLines brings lines into book order.
func SortLines(lines []Line) {
	slices.SortFunc(lines, func(a, b Line) int { return cmp.Compare(a.BookID, b.BookID) })
}

// checkLines returns an error that names every line which no shop would ask
// for. Prices are compared with the book's, never charged.
func checkLines(lines []Line) error {
	var c check
	c.count("lines", len(lines))
	ids := make([]int64, len(lines))
	for i, line := range lines {
		ids[i] = line.BookID
		c.within(lineField(i)+".quantity", line.Quantity, 1, catalogapi.MaxQuantity)
	}
	c.distinct(ids)
	return c.err()
}

// checkRestock returns an error that names what no shop would send. A key
// comes back as it is: databases disagree about blanks at the end of a text.
func checkRestock(key string, lines []Return) error {
	var c check
	c.text("key", key, catalogapi.MaxRestockKey, true)
	c.allowed("key", key == text.Line(key))
	c.count("lines", len(lines))
	ids := make([]int64, len(lines))
	for i, line := range lines {
		ids[i] = line.BookID
		c.within(lineField(i)+".quantity", line.Quantity, 1, catalogapi.MaxQuantity)
	}
	c.distinct(ids)
	return c.err()
}

func (c *check) count(field string, n int) {
	switch {
	case n < 1:
		c.add(field, apierr.CodeTooShort, map[string]any{"min": 1})
	case n > catalogapi.MaxLines:
		c.add(field, apierr.CodeTooLong, map[string]any{"max": catalogapi.MaxLines})
	}
}

// distinct blames each line whose book an earlier line has.
func (c *check) distinct(ids []int64) {
	for i, id := range ids {
		if slices.Contains(ids[:i], id) {
			c.add(lineField(i)+".book_id", apierr.CodeDuplicate, nil)
		}
	}
}

func lineField(i int) string { return fmt.Sprintf("lines[%d]", i) }
