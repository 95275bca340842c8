package shop

import (
	"context"
	"fmt"
	"time"
)

// nextFollowUp returns what is due around an order whose saga is at rest:
// copies to put back on the shelf, late money to look for, refunds to pay,
// sellers to remind; nil if nothing is.
func (s *Service) nextFollowUp(o *Order, now time.Time) step {
	for _, ship := range o.Shipments {
		if ship.Restock == RestockDue {
			return func(ctx context.Context, o *Order) error { return s.restockShipment(ctx, o, ship) }
		}
	}
	for _, p := range o.Payments {
		if !p.Open && !p.PollAt.IsZero() && !now.Before(p.PollAt) {
			return func(ctx context.Context, o *Order) error { return s.checkLatePayment(ctx, o, p) }
		}
	}
	for _, r := range o.Refunds {
		if r.State == RefundDue {
			return func(ctx context.Context, o *Order) error { return s.payRefund(ctx, o, r) }
		}
	}
	for _, ship := range o.Shipments {
		if o.State == Paid && ship.overdue(now) {
			return func(_ context.Context, o *Order) error { s.remindOrCancel(o, ship); return nil }
		}
	}
	return nil
}

func (s *Shipment) overdue(now time.Time) bool {
	return s.waiting() && !s.DueAt.IsZero() && !now.Before(s.DueAt)
}

func (s *Service) restockShipment(ctx context.Context, o *Order, ship *Shipment) error {
	if err := s.catalog.Restock(ctx, o.ID, ship.ID, ship.Lines); err != nil {
		return fmt.Errorf("restock shipment: %w", err)
	}
	ship.Restock = RestockDone
	o.changeShipment(ship)
	o.record(Event{
		At: s.now(), Actor: system, Subject: SubjectStock, ShipmentID: ship.ID,
		From: string(StockCommitted), To: string(StockReturned),
	})
	return nil
}

// checkLatePayment finds out whether a transfer came for a payment that is over.
func (s *Service) checkLatePayment(ctx context.Context, o *Order, p *Payment) error {
	out, err := s.gateway.Lookup(ctx, p.ID)
	if err != nil {
		return fmt.Errorf("look late payment up: %w", err)
	}
	p.PollAt = time.Time{}
	o.changePayment(p)
	if out.State == PaymentCaptured && p.Captured == 0 {
		o.refundLate(p, out.Captured, system, s.now())
	}
	return nil
}

func (s *Service) payRefund(ctx context.Context, o *Order, r *Refund) error {
	if err := s.gateway.Refund(ctx, r.PaymentID, r.ID, r.Amount); err != nil {
		return fmt.Errorf("pay refund: %w", err)
	}
	o.refundPaid(r, s.now())
	return nil
}
