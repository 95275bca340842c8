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
	// awaitEvery is how often an order in somebody else's hands is looked at.
	awaitEvery = 50 * time.Millisecond
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
	o.LeaseUntil = now.Add(s.cfg.Lease)
	o.NextAt = o.LeaseUntil
	if err := s.store.SaveOrder(ctx, o); err != nil {
		return worthTelling(err)
	}
	return worthTelling(s.drive(ctx, o))
}

// drive runs an order's steps until it rests. Its caller has the lease.
func (s *Service) drive(ctx context.Context, o *Order) error {
	for {
		next := s.next(o, s.now())
		if next == nil {
			break
		}
		if err := s.run(ctx, o, next); err != nil {
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

// run runs one step under its own deadline and saves what came of it.
func (s *Service) run(ctx context.Context, o *Order, next step) error {
	limited, cancel := context.WithTimeout(ctx, s.cfg.StepTimeout)
	defer cancel()
	panicked, err := attempt(limited, o, next)
	switch {
	case panicked:
		return err // nobody knows what o is now; its lease keeps it from being tried at once
	case err != nil:
		return s.postpone(ctx, o, err)
	}
	o.Attempts = 0
	return s.save(ctx, o)
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

// prepare makes o ready to be saved: its events are sealed, and it is leased
// to its driver if there is more to do at once, else due when it next is.
func (s *Service) prepare(o *Order) {
	now := s.now()
	o.LeaseUntil, o.NextAt = time.Time{}, o.dueAt()
	if s.next(o, now) != nil {
		o.LeaseUntil = now.Add(s.cfg.Lease)
		o.NextAt = o.LeaseUntil
	}
	for i := range o.Changes.Events {
		e := &o.Changes.Events[i]
		o.EventSeq++
		e.sealAfter(s.cfg.EventKey, o.EventMAC, o.ID, o.EventSeq)
		o.EventMAC = e.MAC
	}
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

// change applies fn to an order and saves it, again on the order as it is then
// if somebody else came first. It waits a moment for what follows and returns
// the order as it is now.
func (s *Service) change(ctx context.Context, o *Order, fn func(o *Order, at time.Time) error) (*Order, error) {
	for range changeAttempts {
		if err := fn(o, s.now()); err != nil {
			return nil, err
		}
		if o.Changes.none() {
			return o, nil
		}
		err := s.save(ctx, o)
		if err == nil {
			return s.follow(ctx, o)
		}
		if !errors.Is(err, ErrOvertaken) {
			return nil, err
		}
		if o, err = s.load(ctx, o.ID); err != nil {
			return nil, err
		}
	}
	return nil, ErrBusy
}

func (c *Changes) none() bool {
	return len(c.Events) == 0 && len(c.Shipments) == 0 && len(c.Payments) == 0
}

// follow drives a saved order on, waits a moment, and returns it as it is then.
func (s *Service) follow(ctx context.Context, o *Order) (*Order, error) {
	if o.LeaseUntil.IsZero() {
		return o, nil
	}
	id := o.ID
	s.waitFor(ctx, s.start(ctx, o, nil))
	return s.load(ctx, id)
}

// ride is an order being driven without its caller.
type ride struct {
	done chan struct{}
	err  error // once done
}

// start drives an order on, with first as its first step unless that is nil.
// It goes on when the caller's context ends; the order is the driver's alone.
func (s *Service) start(ctx context.Context, o *Order, first step) *ride {
	ctx = context.WithoutCancel(ctx)
	r := &ride{done: make(chan struct{})}
	s.driving.Go(func() {
		defer close(r.done)
		if first != nil {
			r.err = s.run(ctx, o, first)
		}
		if r.err == nil {
			r.err = s.drive(ctx, o)
		}
		report(ctx, o.ID, r.err)
	})
	return r
}

// waitFor waits until r is done, for as long as the shop lets callers wait,
// and tells whether it is.
func (s *Service) waitFor(ctx context.Context, r *ride) bool {
	timer := time.NewTimer(s.cfg.PayWait)
	defer timer.Stop()
	select {
	case <-r.done:
		return true
	case <-timer.C:
	case <-ctx.Done():
	}
	return false
}

// await returns an order in somebody else's hands once it satisfies ready, or
// as it is after as long as the shop lets callers wait.
func (s *Service) await(ctx context.Context, id string, ready func(*Order) bool) (*Order, error) {
	ticker := time.NewTicker(awaitEvery)
	defer ticker.Stop()
	enough := time.After(s.cfg.PayWait)
	for {
		o, err := s.load(ctx, id)
		if err != nil || ready(o) {
			return o, err
		}
		select {
		case <-ticker.C:
		case <-enough:
			return o, nil
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// worthTelling returns err unless it is part of the order of things: somebody
// else took the order over, or the gateway still thinks.
func worthTelling(err error) error {
	if errors.Is(err, ErrOvertaken) || errors.Is(err, errStillOpen) {
		return nil
	}
	return err
}

// report logs why an order that nobody waits for was held up.
func report(ctx context.Context, orderID string, err error) {
	if err = worthTelling(err); err != nil {
		slog.WarnContext(ctx, "order held up", "order_id", orderID, "error", err)
	}
}

func fieldsOf(err error) []apierr.FieldError {
	if e, ok := apierr.As(err); ok {
		return e.Fields
	}
	return nil
}
