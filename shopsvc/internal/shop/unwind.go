package shop

import (
	"context"
	"errors"
	"fmt"
)

// lapse ends an order that was not paid in time.
func (s *Service) lapse(_ context.Context, o *Order) error {
	o.end(Expired, system, because(ReasonLapsed), s.now())
	return nil
}

// void lets the open payment go. Money that is here already goes back.
func (s *Service) void(ctx context.Context, o *Order) error {
	p := o.openPayment()
	out, err := s.gateway.Void(ctx, p.ID)
	if err != nil {
		return fmt.Errorf("void payment: %w", err)
	}
	now := s.now()
	if out.State == PaymentCaptured {
		o.capture(p, out.Captured, now)
		o.refund(p, out.Captured, system, o.EndReason, now)
	} else {
		o.movePayment(p, PaymentVoided, system, o.EndReason, now)
	}
	switch {
	case o.Ending == Reserved:
		reason := o.EndReason
		o.Ending, o.EndReason = "", Reason{}
		o.reopen(reason, s.cfg.RetryHold, now)
	case o.Stock == StockReturned:
		o.finish(now)
	default:
		o.move(Restocking, system, o.EndReason, now)
	}
	return nil
}

// restock gives the copies back, whether they are held, sold, or about to be
// held by a call that is still on its way.
func (s *Service) restock(ctx context.Context, o *Order) error {
	sold := o.Stock == StockCommitted
	if !sold {
		err := s.catalog.Release(ctx, o.ID)
		sold = errors.Is(err, ErrHoldSold)
		if err != nil && !sold {
			return fmt.Errorf("release copies: %w", err)
		}
	}
	if sold {
		if err := s.catalog.Restock(ctx, o.ID, o.ID, o.Lines()); err != nil {
			return fmt.Errorf("restock copies: %w", err)
		}
	}
	now := s.now()
	o.moveStock(StockReturned, now)
	o.finish(now)
	return nil
}
