package shop_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"bookstore/shared/apierr"
	"bookstore/shared/token"
	"bookstore/shopsvc/internal/faults"
	"bookstore/shopsvc/internal/sandbox"
	"bookstore/shopsvc/internal/shop"
	"bookstore/shopsvc/internal/shoptest"
)

// instance returns the service of one more process, whose calls and writes
// pass hook and whose clock goes ahead of the others'.
func (s *shopUnderTest) instance(hook faults.Hook, ahead time.Duration) *shop.Service {
	return shop.NewService(s.settings,
		faults.Store{Store: s.store, Hook: hook},
		faults.Catalog{Catalog: s.catalog, Hook: hook},
		shoptest.Accounts{},
		faults.Gateway{Gateway: s.sandbox, Hook: hook},
		func() time.Time { return s.clock.Now().Add(ahead) })
}

// race is one side that comes to a point, and another that starts when it is
// there. A held first side waits at the point until the second is done: it
// then acts on what has changed under its hands. Otherwise both run on.
type race struct {
	at    func(point string) bool
	held  bool
	ahead time.Duration // of the first side's clock
}

func at(point string) func(string) bool { return func(p string) bool { return p == point } }

// run runs the race and reports whether the first side came to the point. If it
// does not, the second runs after it.
func (r race) run(s *shopUnderTest, first func(*shop.Service), second func()) (reached bool) {
	there, done := make(chan struct{}), make(chan struct{})
	var once sync.Once
	instance := s.instance(func(point string) error {
		if r.at(point) {
			once.Do(func() {
				reached = true
				close(there)
				if r.held {
					<-done
				}
			})
		}
		return nil
	}, r.ahead)
	var group sync.WaitGroup
	group.Go(func() {
		first(instance)
		once.Do(func() { close(there) })
	})
	<-there
	second()
	close(done)
	group.Wait()
	instance.Wait(context.Background())
	return reached
}

// races calls round at least a hundred times, over all points, held and not,
// and fails the test for each point at which no race was run.
func races(t *testing.T, points []string, round func(t *testing.T, r race) (reached bool)) {
	t.Helper()
	reached := map[string]bool{}
	for n := range 100/(2*len(points)) + 1 {
		for _, point := range points {
			for _, held := range []bool{true, false} {
				reached[point] = round(t, race{at: at(point), held: held}) || reached[point]
				if t.Failed() {
					t.Fatalf("%s, held %v, pass %d", point, held, n+1)
				}
			}
		}
	}
	for _, point := range points {
		if !reached[point] {
			t.Errorf("no race was run %s", point)
		}
	}
}

// rest lets an order come to rest and checks it and the copies.
func (s *shopUnderTest) rest(t *testing.T, id string) *shop.Order {
	t.Helper()
	s.work(t)
	o := s.order(t, id)
	s.checkOrder(t, o)
	if err := s.catalog.Check(); err != nil {
		t.Error(err)
	}
	return o
}

// clear calls a paid order off, so that all copies are back for the next round.
func (s *shopUnderTest) clear(t *testing.T, o *shop.Order) {
	t.Helper()
	if o.State == shop.Paid {
		if _, err := s.Cancel(t.Context(), callerOf(o), o.ID, "", ""); err != nil {
			t.Fatalf("cancel after the round: %v", err)
		}
		o = s.rest(t, o.ID)
	}
	if o.Captured != o.Refunded || s.catalog.Stock(emma) != 5 {
		t.Errorf("after the round: captured %d, refunded %d, stock %d", o.Captured, o.Refunded, s.catalog.Stock(emma))
	}
}

func callerOf(o *shop.Order) shop.Caller { return shop.Caller{UserID: o.BuyerID, Role: token.Buyer} }

// whilePaying are the points that an order passes on its way to be paid.
var whilePaying = []string{
	"before save authorising", "after save authorising", "before begin", "after begin",
	"before save authorised", "after save authorised", "before commit", "after commit",
	"before save capturing", "after save capturing",
	"before capture", "after capture", "before save paid", "after save paid",
}

// Cancelling and capturing exclude each other: a cancellation that is answered
// keeps or gives back all of the money, one that is refused comes too late.
func TestCancellingRacesWithCapturing(t *testing.T) {
	onBoth(t, func(t *testing.T, s *shopUnderTest) {
		ends := map[string]int{}
		whileCancelling := []string{
			"before save restocking", "after save restocking", "before release", "after release", "before save cancelled",
		}
		judge := func(t *testing.T, o *shop.Order, paid, cancelled error) {
			t.Helper()
			o = s.rest(t, o.ID)
			switch {
			case paid != nil && !errors.Is(paid, shop.ErrOrderState):
				t.Errorf("pay: %v", paid)
			case cancelled == nil && o.State == shop.Cancelled && o.Captured == 0:
				ends["not charged"]++
			case cancelled == nil && o.State == shop.Cancelled && o.Captured == o.Refunded:
				ends["given back"]++
			case stateIn(cancelled, shop.Capturing) && paid == nil && o.State == shop.Paid:
				ends["too late"]++
			default:
				t.Errorf("the order is %s (captured %d, refunded %d); pay: %v, cancel: %v", o.State, o.Captured, o.Refunded, paid, cancelled)
			}
			s.clear(t, o)
		}
		races(t, whilePaying, func(t *testing.T, r race) bool {
			o := s.place(t, buyer, emma)
			var paid, cancelled error
			reached := r.run(s,
				func(first *shop.Service) { _, paid = first.Pay(t.Context(), buyer, o.ID, card(sandbox.CardPays)) },
				func() { _, cancelled = s.another().Cancel(t.Context(), buyer, o.ID, "", "") })
			judge(t, o, paid, cancelled)
			return reached
		})
		races(t, whileCancelling, func(t *testing.T, r race) bool {
			o := s.place(t, buyer, emma)
			var paid, cancelled error
			reached := r.run(s,
				func(first *shop.Service) { _, cancelled = first.Cancel(t.Context(), buyer, o.ID, "", "") },
				func() { _, paid = s.another().Pay(t.Context(), buyer, o.ID, card(sandbox.CardPays)) })
			judge(t, o, paid, cancelled)
			return reached
		})
		s.check(t)
		t.Logf("ends: %v", ends)
		if len(ends) != 3 {
			t.Errorf("got ends %v, want some of each kind", ends)
		}
	})
}

// stateIn reports whether err refuses a change because of the order's state.
func stateIn(err error, state shop.State) bool {
	e, ok := apierr.As(err)
	return ok && errors.Is(e, shop.ErrOrderState) && e.Params["state"] == string(state)
}

// An order whose time is up for one instance, and not yet for another, is
// either paid or expired, and its buyer is told which.
func TestExpiryRacesWithPaying(t *testing.T) {
	const ahead = time.Millisecond // of the clock by which the order lapses
	onBoth(t, func(t *testing.T, s *shopUnderTest) {
		ends := map[shop.State]int{}
		placed := func(t *testing.T) *shop.Order {
			t.Helper()
			o := s.place(t, buyer, emma)
			s.clock.Advance(o.ExpiresAt.Sub(s.clock.Now()) - time.Microsecond)
			return o
		}
		judge := func(t *testing.T, o *shop.Order, paid, lapsed error) {
			t.Helper()
			o = s.rest(t, o.ID)
			switch {
			case lapsed != nil:
				t.Errorf("drive: %v", lapsed)
			case paid == nil && o.State == shop.Paid:
			case errors.Is(paid, shop.ErrOrderState) && o.State == shop.Expired && o.Captured == 0:
			default:
				t.Errorf("the order is %s (captured %d); pay: %v", o.State, o.Captured, paid)
			}
			ends[o.State]++
			s.clear(t, o)
		}
		races(t, whilePaying, func(t *testing.T, r race) bool {
			o := placed(t)
			var paid, lapsed error
			reached := r.run(s,
				func(first *shop.Service) { _, paid = first.Pay(t.Context(), buyer, o.ID, card(sandbox.CardPays)) },
				func() { lapsed = s.instance(pass, ahead).Drive(t.Context(), o.ID) })
			judge(t, o, paid, lapsed)
			return reached
		})
		whileLapsing := []string{
			"before save reserved", "after save reserved", "before save restocking", "after save restocking",
			"before release", "after release", "before save expired", "after save expired",
		}
		races(t, whileLapsing, func(t *testing.T, r race) bool {
			o := placed(t)
			var paid, lapsed error
			r.ahead = ahead
			reached := r.run(s,
				func(first *shop.Service) { lapsed = first.Drive(t.Context(), o.ID) },
				func() { _, paid = s.another().Pay(t.Context(), buyer, o.ID, card(sandbox.CardPays)) })
			judge(t, o, paid, lapsed)
			return reached
		})
		s.check(t)
		t.Logf("ends: %v", ends)
		if ends[shop.Paid] == 0 || ends[shop.Expired] == 0 {
			t.Errorf("got ends %v, want some of both kinds", ends)
		}
	})
}

// pass is a hook that lets everything pass.
func pass(string) error { return nil }
