package shop

import (
	"context"
	"errors"
	"fmt"

	"bookstore/shared/page"
)

// Order returns one order with its events, of the caller's or, for admins,
// anybody's. It returns ErrOrderNotFound.
func (s *Service) Order(ctx context.Context, who Caller, id string) (*Order, []Event, error) {
	o, err := s.orderOf(ctx, who, id)
	if err != nil {
		return nil, nil, err
	}
	events, err := s.store.Events(ctx, id)
	if err != nil {
		return nil, nil, fmt.Errorf("read events: %w", err)
	}
	return o, events, nil
}

// Orders returns a page of the caller's orders.
func (s *Service) Orders(ctx context.Context, who Caller, q OrderQuery) (page.Page[*Order], error) {
	if err := who.signedIn(); err != nil {
		return page.Page[*Order]{}, err
	}
	q.BuyerID, q.Text = who.UserID, ""
	return s.orders(ctx, q)
}

// AllOrders returns a page of everybody's orders, for admins.
func (s *Service) AllOrders(ctx context.Context, who Caller, q OrderQuery) (page.Page[*Order], error) {
	if err := who.admin(); err != nil {
		return page.Page[*Order]{}, err
	}
	return s.orders(ctx, q)
}

func (s *Service) orders(ctx context.Context, q OrderQuery) (page.Page[*Order], error) {
	q.Limit = page.Limit(q.Limit)
	orders, err := s.store.Orders(ctx, q)
	if err != nil {
		return orders, fmt.Errorf("list orders: %w", err)
	}
	return orders, nil
}

// Sales returns a page of the calling seller's sales, each an order with the
// one shipment that the caller sells.
func (s *Service) Sales(ctx context.Context, who Caller, q SaleQuery) (page.Page[*Order], error) {
	if err := who.seller(); err != nil {
		return page.Page[*Order]{}, err
	}
	q.SellerID = who.UserID
	q.Limit = page.Limit(q.Limit)
	sales, err := s.store.Sales(ctx, q)
	if err != nil {
		return sales, fmt.Errorf("list sales: %w", err)
	}
	return sales, nil
}

// orderOf returns an order that the caller may see.
func (s *Service) orderOf(ctx context.Context, who Caller, id string) (*Order, error) {
	if err := who.signedIn(); err != nil {
		return nil, err
	}
	o, err := s.load(ctx, id)
	if err != nil {
		return nil, err
	}
	if o.BuyerID != who.UserID && !who.isAdmin() {
		return nil, ErrOrderNotFound
	}
	return o, nil
}

func (s *Service) orderOfShipment(ctx context.Context, shipmentID string) (*Order, error) {
	id, err := s.store.OrderOfShipment(ctx, shipmentID)
	if errors.Is(err, ErrNotFound) {
		return nil, ErrShipmentNotFound
	}
	if err != nil {
		return nil, fmt.Errorf("find shipment: %w", err)
	}
	return s.load(ctx, id)
}
