package shop_test

import (
	"testing"
	"time"

	"bookstore/shopsvc/internal/shop"

	sq "github.com/Masterminds/squirrel"
)

// A seller who accepts and then does nothing, across a restart.
func TestAnAcceptedSaleThatIsNeverSentIsRemindedOfThenRefunded(t *testing.T) {
	onBoth(t, func(t *testing.T, s *shopUnderTest) {
		o := s.paid(t, emma)
		id := o.Shipments[0].ID
		s.clock.Advance(50 * time.Hour) // the seller was reminded to accept
		s.work(t)
		o, err := s.Accept(t.Context(), seller, id)
		if err != nil {
			t.Fatal(err)
		}
		by := s.clock.Now().Add(shop.DefaultSettings().DispatchCancelAfter)
		if got := s.DueBy(o.Shipments[0]); got.Sub(by).Abs() > time.Minute {
			t.Errorf("to be sent by %v, want %v", got, by)
		}
		mails := func(kind shop.MailKind) int64 {
			return s.count(t, sq.Select("COUNT(*)").From("outbox").Where(sq.Eq{"kind": kind}))
		}
		for _, step := range []struct {
			after                    time.Duration
			reminders, cancellations int64
		}{{119 * time.Hour, 0, 0}, {time.Hour, 1, 0}, {119 * time.Hour, 1, 0}, {time.Hour, 1, 2}} {
			s.Service = s.another()
			s.clock.Advance(step.after)
			s.work(t)
			if r, c := mails(shop.MailSendNow), mails(shop.MailCalledOff); r != step.reminders || c != step.cancellations {
				t.Errorf("%v later: %d reminders, %d cancellations; want %+v", step.after, r, c, step)
			}
		}
		o = s.order(t, o.ID)
		if o.Shipments[0].State != shop.ShipmentCancelled || o.Refunded != o.Total || o.CalledOffFor(id) != shop.ReasonDispatchMissed {
			t.Errorf("got %s, refunded %d of %d for %s", o.Shipments[0].State, o.Refunded, o.Total, o.CalledOffFor(id))
		}
		s.check(t)
	})
}

func TestASaleThatIsSentIsNotCalledOff(t *testing.T) {
	onBoth(t, func(t *testing.T, s *shopUnderTest) {
		o := s.paid(t, emma)
		id := o.Shipments[0].ID
		if _, err := s.Accept(t.Context(), seller, id); err != nil {
			t.Fatal(err)
		}
		s.clock.Advance(6 * 24 * time.Hour)
		s.work(t)
		if _, err := s.Dispatch(t.Context(), seller, id, "T1000"); err != nil {
			t.Fatal(err)
		}
		s.clock.Advance(30 * 24 * time.Hour)
		s.work(t)
		if o = s.order(t, o.ID); o.Shipments[0].State != shop.ShipmentDispatched || o.Refunded != 0 || !s.DueBy(o.Shipments[0]).IsZero() {
			t.Errorf("got %s, refunded %d, due by %v", o.Shipments[0].State, o.Refunded, s.DueBy(o.Shipments[0]))
		}
		s.check(t)
	})
}

// The release before left the time to accept as it was.
func TestASaleThatTheReleaseBeforeAcceptedGetsTheWholeTimeToBeSent(t *testing.T) {
	onBoth(t, func(t *testing.T, s *shopUnderTest) {
		o := s.paid(t, emma)
		s.clock.Advance(50 * time.Hour)
		s.work(t) // reminded to accept; the order is due again when that time is up
		s.run(t, sq.Update("shipments").Set("state", shop.ShipmentAccepted).Where(sq.Eq{"order_id": o.ID}))
		s.clock.Advance(50 * time.Hour)
		s.work(t)
		o = s.order(t, o.ID)
		want := s.clock.Now().Add(shop.DefaultSettings().DispatchCancelAfter)
		if got := s.DueBy(o.Shipments[0]); o.Shipments[0].State != shop.ShipmentAccepted || got.Sub(want).Abs() > time.Minute {
			t.Errorf("got %s, to be sent by %v; want by %v", o.Shipments[0].State, got, want)
		}
	})
}
