package shop

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Seller is what authsvc says of an account that sells or once did.
type Seller struct {
	ID      int64
	MaySell bool
	Version int64 // grows with each change; an older word changes nothing
}

// SellerStore keeps what authsvc said of sellers.
type SellerStore interface {
	// PutSeller keeps what is said, unless something later was, and reports
	// whether it is the latest word.
	PutSeller(ctx context.Context, seller Seller, at time.Time) (latest bool, err error)
	// Suspended returns those of the sellers who may not sell.
	Suspended(ctx context.Context, ids []int64) (map[int64]bool, error)
	// OpenOrders returns the ids of orders with a shipment of the seller that
	// are not paid yet and may still be.
	OpenOrders(ctx context.Context, sellerID int64) ([]string, error)
}

// PutSeller takes authsvc's word on a seller. It calls the orders off that
// wait for their payment, if the seller may not sell; what is paid goes on,
// and admins can cancel it. It may be repeated, and must be if it fails.
func (s *Service) PutSeller(ctx context.Context, seller Seller) error {
	latest, err := s.store.PutSeller(ctx, seller, s.now())
	if err != nil {
		return fmt.Errorf("keep the word on seller %d: %w", seller.ID, err)
	}
	if !latest || seller.MaySell {
		return nil
	}
	ids, err := s.store.OpenOrders(ctx, seller.ID)
	if err != nil {
		return fmt.Errorf("find open orders of seller %d: %w", seller.ID, err)
	}
	for _, id := range ids {
		if err := s.callOffOpen(ctx, id); err != nil {
			return fmt.Errorf("call order %s off: %w", id, err)
		}
	}
	return nil
}

// callOffOpen ends an order whose seller may not sell, unless it was paid or
// ended meanwhile.
func (s *Service) callOffOpen(ctx context.Context, id string) error {
	o, err := s.load(ctx, id)
	if err != nil {
		return err
	}
	_, err = s.change(ctx, o, func(o *Order, at time.Time) error {
		if o.State == Paid {
			return nil
		}
		return o.cancel(system, because(ReasonSellerSuspended), at)
	})
	if errors.Is(err, ErrOrderState) {
		return nil
	}
	return err
}
