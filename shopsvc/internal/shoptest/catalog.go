// Package shoptest holds what tests put in the place of the shop's outside: a
// catalog, a clock, and faults at any step.
package shoptest

import (
	"context"
	"fmt"
	"sync"
	"time"

	"bookstore/shared/apierr"
	"bookstore/shared/catalogapi"
	"bookstore/shared/shopapi"
	"bookstore/shopsvc/internal/shop"
)

// Catalog is a shop.Catalog in memory that keeps the promises of catalogsvc.
type Catalog struct {
	mu        sync.Mutex
	books     map[int64]shop.Book
	listed    map[int64]int64
	holds     map[string]*hold
	restocked map[string]bool
	sellFirst func() // before the next reservation; nil: nothing
}

type hold struct {
	state string // held, committed, released
	until time.Time
	lines []shop.Line
	sold  map[int64]int64
}

// NewCatalog returns a catalog of these books.
func NewCatalog(books ...shop.Book) *Catalog {
	c := &Catalog{
		books: map[int64]shop.Book{}, listed: map[int64]int64{},
		holds: map[string]*hold{}, restocked: map[string]bool{},
	}
	for _, b := range books {
		c.List(b)
	}
	return c
}

// List adds a book, or replaces it.
func (c *Catalog) List(b shop.Book) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.listed[b.ID] += b.Stock - c.books[b.ID].Stock
	c.books[b.ID] = b
}

// Delist takes a book off the shop.
func (c *Catalog) Delist(id int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.listed[id] -= c.books[id].Stock
	delete(c.books, id)
}

// Sell has somebody else buy copies of a book just before the next reservation.
func (c *Catalog) Sell(id, copies int64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.sellFirst = func() {
		c.addStock(id, -copies)
		c.listed[id] -= copies
	}
}

// Stock returns how many copies of a book can be bought.
func (c *Catalog) Stock(id int64) int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.books[id].Stock
}

// Drop lets a hold go, as the catalog does long after its time.
func (c *Catalog) Drop(orderID string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.release(c.holds[orderID])
}

// Holds returns the states of the reservations that are not released, by order.
func (c *Catalog) Holds() map[string]string {
	c.mu.Lock()
	defer c.mu.Unlock()
	states := map[string]string{}
	for id, h := range c.holds {
		if h.state != catalogapi.ReservationReleased {
			states[id] = h.state
		}
	}
	return states
}

// Until returns until when a reservation is held.
func (c *Catalog) Until(orderID string) time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.holds[orderID].until
}

// Check returns an error if copies of a book were lost or made up.
func (c *Catalog) Check() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	taken := map[int64]int64{}
	for _, h := range c.holds {
		for _, l := range h.lines {
			switch h.state {
			case catalogapi.ReservationHeld:
				taken[l.BookID] += l.Quantity
			case catalogapi.ReservationCommitted:
				taken[l.BookID] += h.sold[l.BookID]
			}
		}
	}
	for id, listed := range c.listed {
		if stock := c.books[id].Stock; stock < 0 || stock+taken[id] != listed {
			return fmt.Errorf("book %d: %d in stock + %d held or sold, %d listed", id, stock, taken[id], listed)
		}
	}
	return nil
}

// Books implements shop.Catalog.
func (c *Catalog) Books(_ context.Context, ids []int64) (map[int64]shop.Book, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	found := map[int64]shop.Book{}
	for _, id := range ids {
		if b, ok := c.books[id]; ok {
			found[id] = b
		}
	}
	return found, nil
}

// Reserve implements shop.Catalog.
func (c *Catalog) Reserve(_ context.Context, orderID string, until time.Time, lines []shop.Line) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.sellFirst != nil {
		c.sellFirst()
		c.sellFirst = nil
	}
	if h := c.holds[orderID]; h != nil {
		if h.state == catalogapi.ReservationReleased {
			return shop.ErrHoldGone
		}
		if until.After(h.until) {
			h.until = until
		}
		return nil
	}
	if err := c.refusal(lines); err != nil {
		return err
	}
	for _, l := range lines {
		c.addStock(l.BookID, -l.Quantity)
	}
	c.holds[orderID] = &hold{state: catalogapi.ReservationHeld, until: until, lines: lines}
	return nil
}

func (c *Catalog) refusal(lines []shop.Line) error {
	var fields []apierr.FieldError
	for i, l := range lines {
		b, ok := c.books[l.BookID]
		code := ""
		switch {
		case !ok:
			code = shopapi.CodeBookGone
		case b.Stock < l.Quantity:
			code = shopapi.CodeOutOfStock
		case b.Price != l.Price:
			code = shopapi.CodePriceChanged
		}
		if code != "" {
			fields = append(fields, apierr.FieldError{Field: fmt.Sprintf("lines[%d]", i), Code: code, Params: map[string]any{"book_id": l.BookID}})
		}
	}
	if fields == nil {
		return nil
	}
	return shop.ErrLinesChanged.WithFields(fields...)
}

// Commit implements shop.Catalog.
func (c *Catalog) Commit(_ context.Context, orderID string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	h := c.holds[orderID]
	if h == nil || h.state == catalogapi.ReservationReleased {
		return shop.ErrHoldGone
	}
	if h.state == catalogapi.ReservationHeld {
		h.state, h.sold = catalogapi.ReservationCommitted, map[int64]int64{}
		for _, l := range h.lines {
			h.sold[l.BookID] = l.Quantity
		}
	}
	return nil
}

// Release implements shop.Catalog.
func (c *Catalog) Release(_ context.Context, orderID string) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	h := c.holds[orderID]
	switch {
	case h == nil:
		c.holds[orderID] = &hold{state: catalogapi.ReservationReleased}
	case h.state == catalogapi.ReservationCommitted:
		return shop.ErrHoldSold
	default:
		c.release(h)
	}
	return nil
}

func (c *Catalog) release(h *hold) {
	if h.state != catalogapi.ReservationHeld {
		return
	}
	h.state = catalogapi.ReservationReleased
	for _, l := range h.lines {
		c.addStock(l.BookID, l.Quantity)
	}
}

// Restock implements shop.Catalog.
func (c *Catalog) Restock(_ context.Context, orderID, key string, lines []shop.Line) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	h := c.holds[orderID]
	if h == nil || h.state != catalogapi.ReservationCommitted {
		return fmt.Errorf("restock of order %s, which is not sold", orderID)
	}
	if c.restocked[key] {
		return nil
	}
	c.restocked[key] = true
	for _, l := range lines {
		if h.sold[l.BookID] < l.Quantity {
			return fmt.Errorf("restock of more than was sold of book %d", l.BookID)
		}
		h.sold[l.BookID] -= l.Quantity
		c.addStock(l.BookID, l.Quantity)
	}
	return nil
}

func (c *Catalog) addStock(id, n int64) {
	b := c.books[id]
	b.Stock += n
	c.books[id] = b
}
