package shop_test

import (
	"errors"
	"testing"

	"bookstore/shared/token"
	"bookstore/shopsvc/internal/shop"
)

// refunding is one way in which the money of an order, of 60.00, is asked for
// twice at once.
type refunding struct {
	name          string
	first, second func(t *testing.T, s *shop.Service, o *shop.Order) error
	both          bool  // either one, or both
	refunded      int64 // if one wins; the sum if both do
}

// colleague is another admin.
var colleague = shop.Caller{UserID: root + 1, Role: token.Admin}

func refundBy(who shop.Caller, amount int64) func(*testing.T, *shop.Service, *shop.Order) error {
	return refund(who, shop.RefundRequest{Amount: amount, Note: "sorry"})
}

func refund(who shop.Caller, in shop.RefundRequest) func(*testing.T, *shop.Service, *shop.Order) error {
	return func(t *testing.T, s *shop.Service, o *shop.Order) error {
		_, err := s.Refund(t.Context(), who, o.ID, in)
		return err
	}
}

func refundShipment(t *testing.T, s *shop.Service, o *shop.Order) error {
	return refund(admin, shop.RefundRequest{ShipmentID: o.Shipments[0].ID, Note: "sorry"})(t, s, o)
}

// clicked is a request from one page: pressed twice, it is the same.
var clicked = shop.RefundRequest{Key: "made-with-the-page", Amount: 1500, Note: "sorry"}

func cancelIt(t *testing.T, s *shop.Service, o *shop.Order) error {
	_, err := s.Cancel(t.Context(), callerOf(o), o.ID, "", "")
	return err
}

func rejectIt(t *testing.T, s *shop.Service, o *shop.Order) error {
	_, err := s.Reject(t.Context(), seller, o.Shipments[0].ID, "damaged", true)
	return err
}

var refundings = []refunding{
	{name: "a double click", first: refund(admin, clicked), second: refund(admin, clicked), both: true, refunded: 1500},
	{name: "a shipment, twice", first: refundShipment, second: refundShipment, refunded: 6000},
	{name: "two admins, all of it", first: refundBy(admin, 6000), second: refundBy(colleague, 6000), refunded: 6000},
	{name: "two admins, more than there is", first: refundBy(admin, 3500), second: refundBy(colleague, 3500), refunded: 3500},
	{name: "two admins, half each", first: refundBy(admin, 3000), second: refundBy(colleague, 3000), both: true, refunded: 6000},
	{name: "all of it and a cancellation", first: refundShipment, second: cancelIt, refunded: 6000},
	{name: "a part and a cancellation", first: refundBy(admin, 3500), second: cancelIt, refunded: 6000},
	{name: "a cancellation and a part", first: cancelIt, second: refundBy(admin, 3500), refunded: 6000},
	{name: "a part and a rejection", first: refundBy(admin, 3500), second: rejectIt, refunded: 6000},
	{name: "a rejection and a cancellation", first: rejectIt, second: cancelIt, refunded: 6000},
}

// whileRefunding are the points that a change passes which owes money.
var whileRefunding = []string{
	"before save paid", "after save paid", "before save cancelled", "after save cancelled", "before refund", "after refund",
}

// Whoever asks, nothing is given back twice, and the gateway gives back what
// the order says.
func TestRefundingTwiceGivesBackOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, s *shopUnderTest) {
		met := 0
		for n := range 2 * len(refundings) {
			r := refundings[n%len(refundings)]
			for _, point := range whileRefunding {
				for _, held := range []bool{true, false} {
					if s.refundTwice(t, r, race{at: at(point), held: held}) {
						met++
					}
					if t.Failed() {
						t.Fatalf("%s: %s, held %v", r.name, point, held)
					}
				}
			}
		}
		s.check(t)
		if met < 100 {
			t.Errorf("only %d races were run", met)
		}
	})
}

// refundTwice runs one round, and reports whether both met at the point.
func (s *shopUnderTest) refundTwice(t *testing.T, r refunding, meet race) bool {
	t.Helper()
	o := s.paid(t, emma)
	var first, second error
	met := meet.run(s,
		func(instance *shop.Service) { first = r.first(t, instance, o) },
		func() { second = r.second(t, s.another(), o) })
	o = s.rest(t, o.ID)
	for _, err := range []error{first, second} {
		if err != nil && !errors.Is(err, shop.ErrRefundTooLarge) && !errors.Is(err, shop.ErrShipmentState) && !errors.Is(err, shop.ErrOrderState) {
			t.Errorf("got %v", err)
		}
	}
	if won := wins(first, second); won == 0 || r.both && won != 2 || o.Refunded != r.refunded {
		t.Errorf("%d refunded, want %d; first: %v, second: %v", o.Refunded, r.refunded, first, second)
	}
	s.wantPaidBackOnce(t, o)
	s.clear(t, o)
	return met
}

func wins(errs ...error) int {
	n := 0
	for _, err := range errs {
		if err == nil {
			n++
		}
	}
	return n
}
