package shop_test

import (
	"runtime"
	"sync/atomic"
	"testing"

	"bookstore/shopsvc/internal/sandbox"
	"bookstore/shopsvc/internal/shop"

	sq "github.com/Masterminds/squirrel"
)

// abandoned is an order whose process died at a point of paying it, or of
// cancelling what was paid, and the end that workers must bring it to.
type abandoned struct {
	paying, cancelling string
	want               shop.State
}

var abandonments = []abandoned{
	{paying: "after save authorising", want: shop.Reserved}, // the gateway was never asked
	{paying: "after begin", want: shop.Paid},
	{paying: "after save authorised", want: shop.Paid},
	{paying: "after commit", want: shop.Paid},
	{paying: "after save capturing", want: shop.Paid},
	{paying: "after capture", want: shop.Paid},
	{cancelling: "after save cancelled", want: shop.Cancelled},
	{cancelling: "after restock", want: shop.Cancelled},
	{cancelling: "after refund", want: shop.Cancelled},
}

// contention is how two workers come upon one order.
type contention struct {
	held    bool // the first waits at one of its points until the second is done
	expired bool // the first's lease runs out meanwhile
}

// Two workers come upon one order. Either the first one's lease protects it,
// or it has run out, and the second takes the order over and repeats the call
// that the first has in hand.
func TestTwoWorkersRaceForOneOrder(t *testing.T) {
	onBoth(t, func(t *testing.T, s *shopUnderTest) {
		rounds := 0
		for _, a := range abandonments {
			for _, m := range []contention{{held: true}, {held: true, expired: true}, {}} {
				for point := int64(1); s.workersContend(t, a, m, point); point++ {
					rounds++
					if t.Failed() {
						t.Fatalf("%+v, %+v, point %d", a, m, point)
					}
				}
			}
		}
		s.check(t)
		t.Logf("%d rounds", rounds)
		if rounds < 100 {
			t.Errorf("only %d rounds were run", rounds)
		}
	})
}

// workersContend runs one round, and reports whether the first worker has a point
// of that number, from 1.
func (s *shopUnderTest) workersContend(t *testing.T, a abandoned, m contention, point int64) bool {
	t.Helper()
	o := s.abandon(t, a)
	s.clock.Advance(s.settings.Lease)
	var passed atomic.Int64
	r := race{held: m.held, at: func(string) bool { return passed.Add(1) == point }}
	drive := func(worker *shop.Service) {
		if err := worker.Drive(t.Context(), o.ID); err != nil {
			t.Errorf("drive: %v", err)
		}
	}
	reached := r.run(s, drive, func() {
		if m.expired {
			s.clock.Advance(s.settings.Lease)
		}
		drive(s.another())
	})
	o = s.rest(t, o.ID)
	wantState(t, o, a.want)
	s.wantPaidBackOnce(t, o)
	if o.State == shop.Reserved {
		o = s.lapse(t, o)
	}
	s.clear(t, o)
	return reached
}

// abandon leaves an order behind as a crash of its process does.
func (s *shopUnderTest) abandon(t *testing.T, a abandoned) *shop.Order {
	t.Helper()
	var crashAt string
	dying := s.instance(func(point string) error {
		if point == crashAt {
			runtime.Goexit()
		}
		return nil
	}, 0)
	o := s.place(t, buyer, emma)
	crashAt = a.paying
	alone(func() { _, _ = dying.Pay(t.Context(), buyer, o.ID, card(sandbox.CardPays)) })
	dying.Wait(t.Context())
	if crashAt = a.cancelling; crashAt != "" {
		alone(func() { _, _ = dying.Cancel(t.Context(), buyer, o.ID, "", "") })
	}
	dying.Wait(t.Context())
	return s.order(t, o.ID)
}

// wantPaidBackOnce fails the test unless the gateway gave back what the order
// says, in as many refunds.
func (s *shopUnderTest) wantPaidBackOnce(t *testing.T, o *shop.Order) {
	t.Helper()
	ofOrder := sq.Expr("charge_id IN (SELECT id FROM sandbox_charges WHERE order_number = ?)", o.Number)
	refunds := s.count(t, sq.Select("COUNT(*)").From("sandbox_refunds").Where(ofOrder))
	amount := s.count(t, sq.Select("COALESCE(SUM(amount), 0)").From("sandbox_refunds").Where(ofOrder))
	if refunds != int64(len(o.Refunds)) || amount != o.Refunded {
		t.Errorf("the gateway gave %d back in %d refunds, the order says %d in %d", amount, refunds, o.Refunded, len(o.Refunds))
	}
}

// lapse lets a reserved order go.
func (s *shopUnderTest) lapse(t *testing.T, o *shop.Order) *shop.Order {
	t.Helper()
	s.clock.Advance(o.ExpiresAt.Sub(s.clock.Now()))
	o = s.rest(t, o.ID)
	wantState(t, o, shop.Expired)
	return o
}
