package shop

import (
	"context"
	"errors"
	"fmt"
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
