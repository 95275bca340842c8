package shop

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"runtime/debug"
	"time"

	"bookstore/shared/apierr"
)

const (
	firstRetry = 500 * time.Millisecond
	lastRetry  = time.Minute
)

// DueOrders returns the ids of orders to Drive, the longest due first.
func (s *Service) DueOrders(ctx context.Context, limit int) ([]string, error) {
	return s.store.DueOrders(ctx, s.now(), limit)
}

// Drive moves an order on as far as it goes now, unless it is not due or in
// other hands. A step that fails is tried again later; its error is returned
// to be logged.
func (s *Service) Drive(ctx context.Context, id string) error {
	o, err := s.load(ctx, id)
	if err != nil {
		return err
	}
	now := s.now()
	if o.NextAt.IsZero() || o.NextAt.After(now) || o.LeaseUntil.After(now) {
		return nil
	}
	o.lease(now.Add(s.cfg.Lease))
	if err := s.store.SaveOrder(ctx, o); err != nil {
		return unlessExpected(err)
	}
	return unlessExpected(s.drive(ctx, o))
}

// StartDriving drives an order on as Drive does, even if ctx ends, and calls
// done afterwards. Its caller does not wait; Wait does.
func (s *Service) StartDriving(ctx context.Context, id string, done func()) {
	ctx = context.WithoutCancel(ctx)
	s.driving.Go(func() {
		defer done()
		report(ctx, id, s.Drive(ctx, id))
	})
}

// drive runs an order's steps until it rests. Its caller has the lease. What is
// refused ends an order, so there is nothing left to drive then.
func (s *Service) drive(ctx context.Context, o *Order) error {
	for {
		next := s.next(o, s.now())
		if next == nil {
			break
		}
		if err := s.runStep(ctx, o, next); err != nil {
			return err
		}
	}
	if o.LeaseUntil.IsZero() {
		return nil
	}
	return s.save(ctx, o)
}

// driveOn drives an order that its caller has just saved.
func (s *Service) driveOn(ctx context.Context, o *Order) {
	if !o.LeaseUntil.IsZero() {
		report(ctx, o.ID, s.drive(ctx, o))
	}
}

// runStep runs one step under its own deadline, renews the lease meanwhile, and
// saves what came of the step. It returns a refusal if that is what came of it.
func (s *Service) runStep(ctx context.Context, o *Order, next step) error {
	limited, cancel := context.WithTimeout(ctx, s.cfg.StepTimeout)
	defer cancel()
	stopRenewing := s.renewLease(limited, o)
	defer stopRenewing() // a step may end its goroutine
	panicked, err := attempt(limited, o, next)
	stopRenewing()
	var no *refusal
	switch {
	case panicked:
		return err // nobody knows what o is now; its lease keeps it from being tried at once
	case err != nil && !errors.As(err, &no):
		return s.postpone(ctx, o, err)
	}
	o.Attempts = 0
	if err := s.save(ctx, o); err != nil {
		return err
	}
	return err
}

// attempt runs a step. One order must not take the process down with it.
func attempt(ctx context.Context, o *Order, next step) (panicked bool, err error) {
	defer func() {
		if p := recover(); p != nil {
			panicked, err = true, fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return false, next(ctx, o)
}

// postpone gives an order back whose step failed, to be tried again later, by
// whoever comes first.
func (s *Service) postpone(ctx context.Context, o *Order, cause error) error {
	o.Attempts++
	o.Changes = Changes{}
	o.LeaseUntil = time.Time{}
	o.NextAt = s.now().Add(retryDelay(o.Attempts))
	if err := s.store.SaveOrder(ctx, o); err != nil && !errors.Is(err, ErrOvertaken) {
		return errors.Join(cause, err)
	}
	return fmt.Errorf("%s order, attempt %d: %w", o.State, o.Attempts, cause)
}

// retryDelay doubles with each attempt, up to lastRetry, and scatters.
func retryDelay(attempts int) time.Duration {
	delay := min(firstRetry<<min(attempts-1, 10), lastRetry)
	return delay/2 + rand.N(delay)
}

// prepare makes o ready to be saved: its events are sealed and booked, its mails
// know what they say, and it is leased to its driver if there is more to do at once, else
// due when it next is.
func (s *Service) prepare(o *Order) {
	now := s.now()
	o.LeaseUntil, o.NextAt = time.Time{}, o.dueAt()
	if s.next(o, now) != nil {
		o.lease(now.Add(s.cfg.Lease))
	}
	for i, m := range o.Changes.Mails {
		o.Changes.Mails[i].Facts = o.factsOf(m, s.cfg.CancelAfter)
	}
	for i := range o.Changes.Events {
		e := &o.Changes.Events[i]
		o.EventSeq++
		e.sealAfter(s.cfg.EventKey, o.EventMAC, o.ID, o.EventSeq)
		o.EventMAC = e.MAC
	}
	for _, ship := range o.Changes.Shipments {
		ship.ReleaseAt = ship.releaseAt(s.cfg.ReleaseAfter)
	}
	o.post(s.cfg.EventKey, o.Changes.Events)
}

// save writes o with its changes. It returns ErrOvertaken if o is not as it
// was read any more; o is of no use then.
func (s *Service) save(ctx context.Context, o *Order) error {
	s.prepare(o)
	if err := s.store.SaveOrder(ctx, o); err != nil {
		return fmt.Errorf("save order: %w", err)
	}
	o.Changes = Changes{}
	return nil
}

// load returns an order, or ErrOrderNotFound.
func (s *Service) load(ctx context.Context, id string) (*Order, error) {
	o, err := s.store.Order(ctx, id)
	if errors.Is(err, ErrNotFound) {
		return nil, ErrOrderNotFound
	}
	if err != nil {
		return nil, fmt.Errorf("read order: %w", err)
	}
	return o, nil
}

// refusal is what a step came to that was carried out, but not as the caller
// wished: the order is over, and the error says why.
type refusal struct{ error }

// Unwrap returns the error.
func (r *refusal) Unwrap() error { return r.error }

// unlessExpected returns err unless it is a part of the work: another driver
// took the order over, the gateway has not decided yet, or the catalog said no.
func unlessExpected(err error) error {
	var no *refusal
	if errors.Is(err, ErrOvertaken) || errors.Is(err, errStillOpen) || errors.As(err, &no) {
		return nil
	}
	return err
}

// report logs why an order that nobody waits for was held up.
func report(ctx context.Context, orderID string, err error) {
	if err = unlessExpected(err); err != nil {
		slog.WarnContext(ctx, "order held up", "order_id", orderID, "error", err)
	}
}

func fieldsOf(err error) []apierr.FieldError {
	if e, ok := apierr.As(err); ok {
		return e.Fields
	}
	return nil
}
