package shop

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// commit sells the held copies. If they are gone, the payment is let go. Else the
// money is taken next; nothing is called between the two, so they are written
// down as one.
func (s *Service) commit(ctx context.Context, o *Order) error {
	err := s.catalog.Commit(ctx, o.ID)
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
	return s.beginCapture(ctx, o)
}

// beginCapture writes down that the money is about to be taken: from here on
// the order can't be called off until it is paid. It is a step of its own for
// what the release before has left in Committed.
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
