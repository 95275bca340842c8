package shop

import (
	"context"
	"errors"
	"log/slog"
	"time"
)

const (
	// awaitEvery is how often an order in another driver's hands is looked at.
	awaitEvery = 50 * time.Millisecond
	// longWait is the time from which a wait is worth a line in the log.
	longWait = time.Second
)

// run is an order being driven, independently of who waits for it.
type run struct {
	id   string
	done chan struct{}

	// Once done:
	order *Order
	err   error
}

// errDied says that a driver ended without saying how.
var errDied = errors.New("the driver died")

// start drives an order on, with first as its first step unless that is nil.
// It goes on when the caller's context ends; until it is done, the order is the
// driver's alone.
func (s *Service) start(ctx context.Context, o *Order, first step) *run {
	ctx = context.WithoutCancel(ctx)
	r := &run{id: o.ID, done: make(chan struct{}), order: o, err: errDied}
	s.driving.Go(func() {
		defer close(r.done)
		r.err = s.driveFrom(ctx, o, first)
		report(ctx, o.ID, r.err)
	})
	return r
}

func (s *Service) driveFrom(ctx context.Context, o *Order, first step) error {
	if first != nil {
		if err := s.runStep(ctx, o, first); err != nil {
			return err
		}
	}
	return s.drive(ctx, o)
}

// answerDeadline returns until when a caller who asks now is kept waiting. Whatever
// a call waits for, one after the other, it waits no longer altogether.
func (s *Service) answerDeadline() time.Time { return time.Now().Add(s.cfg.AnswerWithin) }

// wait waits until r is done, but not after until, and reports whether it is.
func (s *Service) wait(ctx context.Context, r *run, until time.Time) bool {
	defer logWait(ctx, r.id, "the order's own driver", time.Now())
	timer := time.NewTimer(time.Until(until))
	defer timer.Stop()
	select {
	case <-r.done:
		return true
	case <-timer.C:
	case <-ctx.Done():
	}
	return false
}

// answer returns the order of r as it came to rest, or as far as it is when its
// caller has waited until a time. It returns the error of a refusal.
func (s *Service) answer(ctx context.Context, r *run, until time.Time) (*Order, error) {
	if !s.wait(ctx, r, until) {
		return s.load(ctx, r.id)
	}
	var no *refusal
	switch {
	case r.err == nil:
		return r.order, nil
	case errors.As(r.err, &no):
		return nil, no.error
	case errors.Is(r.err, ErrOvertaken):
		return s.await(ctx, r.id, until, "another driver", func(o *Order) bool { return o.LeaseUntil.IsZero() })
	}
	return s.load(ctx, r.id)
}

// await returns an order in another driver's hands once it satisfies ready, or
// as it is at a time.
func (s *Service) await(ctx context.Context, id string, until time.Time, what string, ready func(*Order) bool) (*Order, error) {
	defer logWait(ctx, id, what, time.Now())
	ticker := time.NewTicker(awaitEvery)
	defer ticker.Stop()
	enough := time.After(time.Until(until))
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

// logWait logs for what a caller has waited since a time, if that was long.
func logWait(ctx context.Context, orderID, what string, since time.Time) {
	if took := time.Since(since); took >= longWait {
		slog.InfoContext(ctx, "waited for an order", "order_id", orderID, "for", what, "took", took)
	}
}

// follow drives a saved order on, and returns it as it is at rest or until a
// time.
func (s *Service) follow(ctx context.Context, o *Order, until time.Time) (*Order, error) {
	if o.LeaseUntil.IsZero() {
		return o, nil
	}
	return s.answer(ctx, s.start(ctx, o, nil), until)
}

// change applies fn to an order and saves it, again on the order as it is then
// if somebody else came first. It waits a moment for what follows and returns
// the order as it is now.
func (s *Service) change(ctx context.Context, o *Order, fn func(o *Order, at time.Time) error) (*Order, error) {
	until := s.answerDeadline()
	for range changeAttempts {
		if err := fn(o, s.now()); err != nil {
			return nil, err
		}
		if o.Changes.none() {
			return o, nil
		}
		err := s.save(ctx, o)
		if err == nil {
			return s.follow(ctx, o, until)
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
