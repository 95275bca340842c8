package shop

import (
	"context"
	"time"
)

// A step moves an order on: it makes one call, then changes the order, and
// leaves saving it to its driver. If the call fails, it changes nothing and
// returns the error. A refusal is an answer, not a failure: the order is
// changed and is saved.
type step func(ctx context.Context, o *Order) error

// next returns the step that an order is due for at a time, or nil at rest.
func (s *Service) next(o *Order, now time.Time) step {
	switch o.State {
	case Pending:
		return s.reserve
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
	return s.nextFollowUp(o, now)
}
