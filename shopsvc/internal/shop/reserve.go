package shop

import (
	"context"
	"errors"
	"fmt"
)

// reserve holds the copies of a pending order, after letting go what the
// buyer's older unpaid orders hold. If the catalog refuses, the order is over,
// and reserve returns a refusal.
func (s *Service) reserve(ctx context.Context, o *Order) error {
	if now := s.now(); now.After(o.PlacedAt.Add(s.cfg.Hold)) {
		o.forgetKey()
		o.end(Cancelled, system, because(ReasonNotReserved), now)
		return nil
	}
	if err := s.replaceOlder(ctx, o); err != nil {
		return err
	}
	until := s.now().Add(s.cfg.Hold)
	err := s.catalog.Reserve(ctx, o.ID, until, o.Lines())
	now := s.now()
	switch {
	case errors.Is(err, ErrLinesChanged), errors.Is(err, ErrHoldGone):
		// An earlier try may still be on its way. It must not hold copies for
		// an order that is over.
		if err := s.catalog.Release(ctx, o.ID); err != nil {
			return fmt.Errorf("release refused copies: %w", err)
		}
		o.refuse(because(ReasonRefused), now)
		return &refusal{ErrLinesChanged.WithFields(fieldsOf(err)...)}
	case err != nil:
		return fmt.Errorf("reserve copies: %w", err)
	}
	o.moveStock(StockHeld, now)
	o.move(Reserved, system, Reason{}, now)
	o.ExpiresAt = until
	if o.FromCart {
		o.CartTaken, o.Changes.TakeCart = true, true
	}
	return nil
}

// replaceOlder lets go what the buyer's older unpaid orders hold. One whose
// payment has just begun is left alone.
func (s *Service) replaceOlder(ctx context.Context, o *Order) error {
	ids, err := s.store.UnpaidOrders(ctx, o.BuyerID, o.ID)
	if err != nil {
		return fmt.Errorf("find older unpaid orders: %w", err)
	}
	for _, id := range ids {
		older, err := s.store.Order(ctx, id)
		if err != nil {
			return fmt.Errorf("read older unpaid order: %w", err)
		}
		now := s.now()
		switch {
		case older.State == Pending || older.State == Reserved:
			older.end(Cancelled, Actor{RoleBuyer, o.BuyerID}, because(ReasonReplaced), now)
		case older.State != Restocking || older.LeaseUntil.After(now):
			continue
		}
		if err := s.save(ctx, older); err != nil {
			if errors.Is(err, ErrOvertaken) {
				continue
			}
			return fmt.Errorf("cancel older unpaid order: %w", err)
		}
		s.driveOn(ctx, older)
	}
	return nil
}
