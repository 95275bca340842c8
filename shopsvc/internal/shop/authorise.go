package shop

import (
	"context"
	"errors"
	"fmt"
	"time"
)

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
	err := s.catalog.Reserve(ctx, o.ID, until, o.Lines())
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
		o.mail(Mail{Kind: MailTransfer, UserID: o.BuyerID})
	}
	return nil
}
