package shop

import (
	"context"
	"fmt"
	"time"

	"bookstore/shared/page"
)

// OrderQuery asks for a page of orders. A zero value selects all there are,
// but never orders that were refused.
type OrderQuery struct {
	BuyerID int64
	State   State
	Text    string // an order's number or id, a part of a number, or the buyer's e-mail address
	Limit   int
	Cursor  string
}

// OrderFilter is an OrderQuery as the store answers it.
type OrderFilter struct {
	BuyerID int64
	State   State
	Search  *OrderSearch // nil: no search
	Before  string       // an id; empty: from the latest on
	Limit   int          // rows
	Fresh   bool         // sees every write so far
}

// SaleQuery asks for a page of a seller's paid shipments.
type SaleQuery struct {
	State  ShipmentState // empty: any
	Limit  int
	Cursor string
}

// SaleFilter is a SaleQuery as the store answers it.
type SaleFilter struct {
	SellerID int64
	State    ShipmentState
	Before   *SalePlace // nil: from the latest on
	Limit    int        // rows
}

// SalePlace is where a sale stands in its seller's list.
type SalePlace struct {
	PaidAt     time.Time
	ShipmentID string
}

// saleCursor is a SalePlace as cursors carry it.
type saleCursor struct {
	PaidAt int64 // Unix microseconds
	ID     string
}

// Orders returns a page of the caller's orders. It returns page.ErrCursor.
func (s *Service) Orders(ctx context.Context, who Caller, q OrderQuery) (page.Page[*Order], error) {
	if err := who.signedIn(); err != nil {
		return page.Page[*Order]{}, err
	}
	q.BuyerID, q.Text = who.UserID, ""
	return s.orders(ctx, q, true)
}

// AllOrders returns a page of everybody's orders, for admins; it may lag behind
// unless ctx asks for fresh reads. To look for an e-mail address it needs authsvc.
// It returns page.ErrCursor.
func (s *Service) AllOrders(ctx context.Context, who Caller, q OrderQuery) (page.Page[*Order], error) {
	if err := who.admin(); err != nil {
		return page.Page[*Order]{}, err
	}
	return s.orders(ctx, q, false)
}

func (s *Service) orders(ctx context.Context, q OrderQuery, fresh bool) (page.Page[*Order], error) {
	limit := page.Limit(q.Limit)
	filter := OrderFilter{BuyerID: q.BuyerID, State: q.State, Search: readOrderSearch(q.Text), Limit: limit + 1, Fresh: fresh}
	if search := filter.Search; search != nil && search.Email != "" {
		var err error
		if search.Buyers, err = s.accounts.WithEmail(ctx, search.Email); err != nil {
			return page.Page[*Order]{}, fmt.Errorf("look for the buyer: %w", err)
		}
	}
	if q.Cursor != "" {
		if err := page.Decode(q.Cursor, &filter.Before); err != nil {
			return page.Page[*Order]{}, err
		}
	}
	orders, err := s.store.Orders(ctx, filter)
	if err != nil {
		return page.Page[*Order]{}, fmt.Errorf("list orders: %w", err)
	}
	return page.Cut(orders, limit, func(o *Order) any { return o.ID })
}

// Sales returns a page of the calling seller's sales, each an order with the
// one shipment that the caller sells; it may lag behind unless ctx asks for
// fresh reads. It returns page.ErrCursor.
func (s *Service) Sales(ctx context.Context, who Caller, q SaleQuery) (page.Page[*Order], error) {
	if err := who.seller(); err != nil {
		return page.Page[*Order]{}, err
	}
	limit := page.Limit(q.Limit)
	filter := SaleFilter{SellerID: who.UserID, State: q.State, Limit: limit + 1}
	if q.Cursor != "" {
		var at saleCursor
		if err := page.Decode(q.Cursor, &at); err != nil {
			return page.Page[*Order]{}, err
		}
		filter.Before = &SalePlace{time.UnixMicro(at.PaidAt), at.ID}
	}
	sales, err := s.store.Sales(ctx, filter)
	if err != nil {
		return page.Page[*Order]{}, fmt.Errorf("list sales: %w", err)
	}
	return page.Cut(sales, limit, func(o *Order) any {
		sold := o.Shipments[0]
		return saleCursor{sold.PaidAt.UnixMicro(), sold.ID}
	})
}
