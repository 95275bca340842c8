package shop

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// A step moves an order on: it makes one call, then changes the order, and
// leaves saving it to its driver. If the call fails, it changes nothing.
type step func(ctx context.Context, o *Order) error

// next returns the step that an order is due for at a time, or nil at rest.
func (s *Service) next(o *Order, now time.Time) step {
	switch o.State {
	case Pending:
		return s.tryReserve
	case Authorising:
		return s.settle
	case Authorised:
		return s.commit
	case Committed:
		return s.beginCapture
	case Capturing:
		return s.capture
	case Voiding:
		return s.void
	case Restocking:
		return s.restock
	case Reserved:
		if !now.Before(o.ExpiresAt) {
			return s.lapse
		}
	case AwaitingPayment:
		if !now.Before(o.ExpiresAt) {
			return s.lapse
		}
		if p := o.openPayment(); !p.PollAt.IsZero() && !now.Before(p.PollAt) {
			return s.settle
		}
	}
	return s.nextAfterwards(o, now)
}

// tryReserve is reserve for a driver that nobody waits for.
func (s *Service) tryReserve(ctx context.Context, o *Order) error {
	_, err := s.reserve(ctx, o)
	return err
}

// reserve holds the copies of a pending order, after letting go what the
// buyer's older unpaid orders hold. What the catalogue refuses is returned as
// refused, and the order is over.
func (s *Service) reserve(ctx context.Context, o *Order) (refused, err error) {
	if now := s.now(); now.After(o.PlacedAt.Add(s.cfg.Hold)) {
		o.forgetKey()
		o.end(Cancelled, system, because(ReasonNotReserved), now)
		return nil, nil
	}
	if err := s.replaceOlder(ctx, o); err != nil {
		return nil, err
	}
	until := s.now().Add(s.cfg.Hold)
	err = s.catalogue.Reserve(ctx, o.ID, until, o.Lines())
	now := s.now()
	switch {
	case errors.Is(err, ErrLinesChanged), errors.Is(err, ErrHoldGone):
		// An earlier try may still be on its way. It must not hold copies for
		// an order that is over.
		if err := s.catalogue.Release(ctx, o.ID); err != nil {
			return nil, fmt.Errorf("release refused copies: %w", err)
		}
		o.refuse(because(ReasonRefused), now)
		return ErrLinesChanged.WithFields(fieldsOf(err)...), nil
	case err != nil:
		return nil, fmt.Errorf("reserve copies: %w", err)
	}
	o.moveStock(StockHeld, now)
	o.move(Reserved, system, Reason{}, now)
	o.ExpiresAt = until
	if o.FromCart {
		o.CartTaken, o.Changes.TakeCart = true, true
	}
	return nil, nil
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

// settle finds out what became of the open payment.
func (s *Service) settle(ctx context.Context, o *Order) error {
	p := o.openPayment()
	out, err := s.gateway.Lookup(ctx, p.ID)
	if err != nil {
		return fmt.Errorf("look payment up: %w", err)
	}
	return s.apply(ctx, o, p, out)
}

// apply moves an order whose payment is being decided to what the gateway says.
func (s *Service) apply(ctx context.Context, o *Order, p *Payment, out Outcome) error {
	now := s.now()
	switch out.State {
	case PaymentAuthorised:
		o.authorised(p, now)
	case PaymentCaptured:
		o.received(p, out.Captured, s.cfg.RetryHold, now)
	case PaymentDeclined:
		o.decline(p, out.Reason, s.cfg.RetryHold, now)
	case PaymentVoided:
		o.decline(p, DeclinedProcessing, s.cfg.RetryHold, now)
	case PaymentRedirect, PaymentPending:
		return s.awaitPayment(ctx, o, p, out)
	case PaymentUnknown:
		// The request for it was lost, or still is on its way: make it fail.
		if _, err := s.gateway.Void(ctx, p.ID); err != nil {
			return fmt.Errorf("void lost payment: %w", err)
		}
		o.decline(p, DeclinedProcessing, s.cfg.RetryHold, now)
	default:
		return errStillOpen
	}
	return nil
}

func (o *Order) authorised(p *Payment, at time.Time) {
	o.movePayment(p, PaymentAuthorised, system, Reason{}, at)
	o.move(Authorised, system, Reason{}, at)
}

// received books a transfer. Too little buys nothing: it goes back.
func (o *Order) received(p *Payment, amount int64, hold time.Duration, at time.Time) {
	if amount >= o.Total {
		o.authorised(p, at)
		return
	}
	p.Reason = DeclinedAmount
	o.capture(p, amount, at)
	o.refund(p, amount, system, because(ReasonWrongAmount), at)
	o.reopen(because(ReasonWrongAmount), hold, at)
}

// awaitPayment lets an order wait for the buyer's decision at the gateway or
// for a transfer, its copies held for that long.
func (s *Service) awaitPayment(ctx context.Context, o *Order, p *Payment, out Outcome) error {
	now := s.now()
	hold, poll := s.cfg.TransferHold, time.Time{}
	if out.State == PaymentRedirect {
		hold, poll = s.cfg.RedirectHold, now.Add(s.cfg.PollEvery)
	}
	if o.State == AwaitingPayment {
		p.PollAt = poll
		o.changePayment(p)
		return nil
	}
	until := now.Add(hold)
	err := s.catalogue.Reserve(ctx, o.ID, until, o.Lines())
	switch {
	case errors.Is(err, ErrHoldGone), errors.Is(err, ErrLinesChanged):
		o.moveStock(StockReturned, now)
		o.end(Cancelled, system, because(ReasonStockGone), now)
		return nil
	case err != nil:
		return fmt.Errorf("prolong hold: %w", err)
	}
	p.RedirectURL, p.PollAt = out.RedirectURL, poll
	o.movePayment(p, out.State, system, Reason{}, now)
	o.move(AwaitingPayment, system, Reason{}, now)
	o.ExpiresAt = until
	if out.State == PaymentPending {
		o.mail(Mail{Kind: MailTransfer, UserID: o.BuyerID, Detail: p.Reference})
	}
	return nil
}

// lapse ends an order that was not paid in time.
func (s *Service) lapse(_ context.Context, o *Order) error {
	o.end(Expired, system, because(ReasonLapsed), s.now())
	return nil
}

// commit sells the held copies. If they are gone, the payment is let go.
func (s *Service) commit(ctx context.Context, o *Order) error {
	err := s.catalogue.Commit(ctx, o.ID)
	now := s.now()
	switch {
	case errors.Is(err, ErrHoldGone):
		o.moveStock(StockReturned, now)
		o.end(Cancelled, system, because(ReasonStockGone), now)
		return nil
	case err != nil:
		return fmt.Errorf("commit copies: %w", err)
	}
	o.moveStock(StockCommitted, now)
	o.move(Committed, system, Reason{}, now)
	return nil
}

// beginCapture writes down that the money is about to be taken: from here on
// the order can't be called off until it is paid.
func (s *Service) beginCapture(_ context.Context, o *Order) error {
	o.move(Capturing, system, Reason{}, s.now())
	return nil
}

// capture takes the money. If the gateway refuses, the copies go back.
func (s *Service) capture(ctx context.Context, o *Order) error {
	p := o.openPayment()
	out, err := s.gateway.Capture(ctx, p.ID)
	if err != nil {
		return fmt.Errorf("capture payment: %w", err)
	}
	now := s.now()
	switch out.State {
	case PaymentCaptured:
		s.paid(o, p, out.Captured, now)
	case PaymentDeclined, PaymentVoided, PaymentUnknown:
		p.Reason = DeclinedCapture
		o.movePayment(p, PaymentDeclined, system, because(DeclinedCapture), now)
		o.end(Cancelled, system, because(ReasonCaptureRefused), now)
	default:
		return errStillOpen
	}
	return nil
}

// paid hands the order to its sellers.
func (s *Service) paid(o *Order, p *Payment, amount int64, now time.Time) {
	o.capture(p, amount, now)
	if excess := amount - o.Total; excess > 0 {
		o.refund(p, excess, system, because(ReasonOverpaid), now)
	}
	o.move(Paid, system, Reason{}, now)
	o.PaidAt, o.ExpiresAt = now, time.Time{}
	o.mail(Mail{Kind: MailConfirmed, UserID: o.BuyerID})
	for _, ship := range o.Shipments {
		ship.PaidAt, ship.DueAt = now, now.Add(s.cfg.RemindAfter)
		o.moveShipment(ship, ShipmentNew, system, Reason{}, now)
		o.mail(Mail{Kind: MailSold, UserID: ship.SellerID, ShipmentID: ship.ID})
	}
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
		err := s.catalogue.Release(ctx, o.ID)
		sold = errors.Is(err, ErrHoldSold)
		if err != nil && !sold {
			return fmt.Errorf("release copies: %w", err)
		}
	}
	if sold {
		if err := s.catalogue.Restock(ctx, o.ID, o.ID, o.Lines()); err != nil {
			return fmt.Errorf("restock copies: %w", err)
		}
	}
	now := s.now()
	o.moveStock(StockReturned, now)
	o.finish(now)
	return nil
}
