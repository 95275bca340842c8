package shop_test

import (
	"errors"
	"sync"
	"testing"
	"time"

	"bookstore/shared/apierr"
	"bookstore/shared/shopapi"
	"bookstore/shopsvc/internal/sandbox"
	"bookstore/shopsvc/internal/shop"
	"bookstore/shopsvc/internal/shoptest"

	sq "github.com/Masterminds/squirrel"
)

func TestARejectedShipmentIsRefundedWithItsDelivery(t *testing.T) {
	onBoth(t, func(t *testing.T, s *shopUnderTest) {
		o := s.paid(t, emma, dune)
		for range 2 { // the second time changes nothing
			var err error
			if o, err = s.Reject(t.Context(), seller, o.Shipments[0].ID, "damaged", false); err != nil {
				t.Fatal(err)
			}
		}
		if o.Refunded != 6000 || len(o.Refunds) != 1 || o.Refunds[0].State != shop.RefundPaid || o.State != shop.Paid {
			t.Errorf("got refunded %d by %d refunds, order %s", o.Refunded, len(o.Refunds), o.State)
		}
		if got := s.catalog.Stock(emma); got != 4 {
			t.Errorf("stock %d: a book that is not there went back to the shelf", got)
		}
		if o, err := s.Reject(t.Context(), shop.Caller{UserID: sally, Role: "seller"}, o.Shipments[1].ID, "sold elsewhere", true); err != nil || o.State != shop.Cancelled {
			t.Errorf("without a shipment left: %v, %v", o, err)
		}
		if got := s.catalog.Stock(dune); got != 5 {
			t.Errorf("stock %d, want the book back", got)
		}
		s.check(t)
	})
}

func TestABuyerCancelsUntilTheShipmentIsOnItsWay(t *testing.T) {
	onBoth(t, func(t *testing.T, s *shopUnderTest) {
		o := s.paid(t, emma, dune)
		if _, err := s.Dispatch(t.Context(), seller, o.Shipments[0].ID, "T1000"); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Cancel(t.Context(), buyer, o.ID, "", ""); !errors.Is(err, shop.ErrShipmentState) {
			t.Errorf("whole order: got %v, want ErrShipmentState", err)
		}
		if _, err := s.Cancel(t.Context(), buyer, o.ID, o.Shipments[0].ID, ""); !errors.Is(err, shop.ErrShipmentState) {
			t.Errorf("dispatched shipment: got %v, want ErrShipmentState", err)
		}
		for range 2 {
			var err error
			if o, err = s.Cancel(t.Context(), buyer, o.ID, o.Shipments[1].ID, ""); err != nil {
				t.Fatal(err)
			}
		}
		if o.Refunded != 6500 || s.catalog.Stock(dune) != 5 || o.State != shop.Paid {
			t.Errorf("got refunded %d, stock %d, %s", o.Refunded, s.catalog.Stock(dune), o.State)
		}
		if _, err := s.Reject(t.Context(), seller, o.Shipments[0].ID, "x", true); !errors.Is(err, shop.ErrShipmentState) {
			t.Errorf("rejecting what is on its way: got %v", err)
		}
		s.check(t)
	})
}

func TestImpossibleMovesSayThePresentState(t *testing.T) {
	onBoth(t, func(t *testing.T, s *shopUnderTest) {
		o := s.paid(t, emma)
		id := o.Shipments[0].ID
		_, err := s.Deliver(t.Context(), seller, id)
		if e, ok := apierr.As(err); !ok || e.Code != shopapi.CodeShipmentState || e.Params["state"] != "new" || e.Kind != apierr.KindConflict {
			t.Errorf("got %v", err)
		}
		for range 2 {
			if _, err := s.Dispatch(t.Context(), seller, id, "T1000"); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := s.Accept(t.Context(), seller, id); !errors.Is(err, shop.ErrShipmentState) {
			t.Errorf("accepting what is on its way: got %v", err)
		}
		if o, err := s.Dispatch(t.Context(), seller, id, "T2000"); err != nil || o.Shipments[0].TrackingNumber != "T2000" {
			t.Errorf("correcting the tracking number: %v", err)
		}
		expired := s.place(t, buyer, emma)
		s.clock.Advance(time.Hour)
		s.work(t)
		_, err = s.Cancel(t.Context(), buyer, expired.ID, "", "")
		if e, ok := apierr.As(err); !ok || e.Code != shopapi.CodeOrderState || e.Params["state"] != "expired" {
			t.Errorf("got %v", err)
		}
	})
}

func TestRefundsAreBoundedByWhatWasCaptured(t *testing.T) {
	onBoth(t, func(t *testing.T, s *shopUnderTest) {
		o := s.paid(t, emma, dune) // 60.00 and 65.00
		if _, err := s.Refund(t.Context(), admin, o.ID, shop.RefundRequest{Amount: 7000, Note: "sorry"}); err != nil {
			t.Fatal(err)
		}
		_, err := s.Refund(t.Context(), admin, o.ID, shop.RefundRequest{Amount: 5501, Note: "sorry"})
		if e, ok := apierr.As(err); !ok || e.Code != shopapi.CodeRefundTooLarge || e.Params["max"] != int64(5500) {
			t.Errorf("got %v", err)
		}
		var group sync.WaitGroup
		for range 10 {
			group.Go(func() {
				if _, err := s.another().Refund(t.Context(), admin, o.ID, shop.RefundRequest{Amount: 1500, Note: "sorry"}); err != nil && !errors.Is(err, shop.ErrRefundTooLarge) && !errors.Is(err, shop.ErrBusy) {
					t.Errorf("refund: %v", err)
				}
			})
		}
		group.Wait()
		s.work(t)
		if o = s.order(t, o.ID); o.Refunded > o.Captured || (o.Refunded-7000)%1500 != 0 {
			t.Errorf("got %d refunded of %d", o.Refunded, o.Captured)
		}
		s.check(t)
		if _, err := s.Cancel(t.Context(), buyer, o.ID, "", ""); err != nil {
			t.Fatal(err)
		}
		s.work(t)
		if o = s.order(t, o.ID); o.Refunded != 12500 || o.State != shop.Cancelled {
			t.Errorf("after cancelling: %d refunded, %s", o.Refunded, o.State)
		}
		paid := s.count(t, sq.Select("SUM(amount)").From("sandbox_refunds"))
		if paid != 12500 {
			t.Errorf("the gateway gave %d back, want 12500", paid)
		}
		s.check(t)
	})
}

func TestATransferIsConfirmedByAnAdmin(t *testing.T) {
	for name, c := range map[string]struct {
		amount   int64
		late     bool
		want     shop.State
		refunded int64
	}{
		"in full":     {6000, false, shop.Paid, 0},
		"too much":    {6100, false, shop.Paid, 100},
		"too little":  {5000, false, shop.Reserved, 5000},
		"too late":    {6000, true, shop.Expired, 6000},
		"both at all": {1, true, shop.Expired, 1},
	} {
		t.Run(name, func(t *testing.T) {
			onBoth(t, func(t *testing.T, s *shopUnderTest) {
				o := s.pay(t, s.place(t, buyer, emma), shop.PayRequest{Method: shop.MethodTransfer})
				wantState(t, o, shop.AwaitingPayment)
				if until := s.catalog.Until(o.ID); until.Sub(s.clock.Now()) < 71*time.Hour {
					t.Errorf("copies are held until %v only", until)
				}
				s.clock.Advance(71 * time.Hour)
				s.work(t)
				if c.late {
					s.clock.Advance(time.Hour)
					s.work(t)
				}
				for range 2 { // the second time changes nothing
					if _, err := s.ConfirmPayment(t.Context(), admin, o.Payment().ID, c.amount, o.Payment().Reference); err != nil {
						t.Fatal(err)
					}
				}
				s.work(t)
				o = s.order(t, o.ID)
				if o.State != c.want || o.Refunded != c.refunded {
					t.Errorf("got %s, %d refunded; want %s, %d", o.State, o.Refunded, c.want, c.refunded)
				}
				if _, err := s.ConfirmPayment(t.Context(), admin, o.Payment().ID, c.amount+1, o.Payment().Reference); !errors.Is(err, shop.ErrPaymentState) {
					t.Errorf("another amount: got %v, want ErrPaymentState", err)
				}
				s.check(t)
			})
		})
	}
}

// Nobody repeats the confirmation, whether the order waited for the money or
// had ended long ago: what the gateway has booked is found by looking it up.
func TestABookedTransferIsFoundWhereverTheProcessDies(t *testing.T) {
	onBoth(t, func(t *testing.T, s *shopUnderTest) {
		for _, late := range []bool{false, true} {
			for _, mode := range []shoptest.Mode{shoptest.Fail, shoptest.Crash} {
				for point := 1; s.transferWithFaultAt(t, point, mode, late) != ""; point++ {
					if t.Failed() {
						t.Fatalf("late %v, mode %d, fault at %s", late, mode, s.faults.Injected())
					}
				}
			}
		}
	})
}

// transferWithFaultAt confirms a transfer and returns where the fault was injected, "" if
// there are not so many points.
func (s *shopUnderTest) transferWithFaultAt(t *testing.T, point int, mode shoptest.Mode, late bool) string {
	t.Helper()
	s.faults.InjectAt(0, mode)
	o := s.pay(t, s.place(t, buyer, emma), shop.PayRequest{Method: shop.MethodTransfer})
	wantState(t, o, shop.AwaitingPayment)
	if late {
		s.clock.Advance(73 * time.Hour)
		s.work(t)
	}
	s.faults.InjectAt(point, mode)
	alone(func() { _, _ = s.ConfirmPayment(t.Context(), admin, o.Payment().ID, o.Total, o.Payment().Reference) })
	s.Wait(t.Context())
	s.clock.Advance(time.Minute)
	s.work(t)
	injected := s.faults.Injected()
	s.faults.InjectAt(0, mode)

	o = s.order(t, o.ID)
	s.checkOrder(t, o)
	got := o.Payment().Captured
	switch {
	case late:
		wantState(t, o, shop.Expired)
		if o.Refunded != got {
			t.Errorf("fault at %s: %d of %d sent back", injected, o.Refunded, got)
		}
	case got == 0:
		wantState(t, o, shop.AwaitingPayment)
	default:
		wantState(t, o, shop.Paid)
	}
	s.catalog.List(shop.Book{ID: emma, Title: "Emma", SellerID: sam, SellerName: "Sam's", Price: 1000, Stock: 5})
	return injected
}

func TestATransferUnderAnotherReferenceIsNotBooked(t *testing.T) {
	onBoth(t, func(t *testing.T, s *shopUnderTest) {
		o := s.pay(t, s.place(t, buyer, emma), shop.PayRequest{Method: shop.MethodTransfer})
		if _, err := s.ConfirmPayment(t.Context(), admin, o.Payment().ID, 6000, "SOME-OTHER"); !apierr.IsKind(err, apierr.KindInvalid) {
			t.Errorf("got %v, want a field error", err)
		}
		card := s.paid(t, dune)
		if _, err := s.ConfirmPayment(t.Context(), admin, card.Payment().ID, 6000, "x"); !errors.Is(err, shop.ErrPaymentState) {
			t.Errorf("a card: got %v, want ErrPaymentState", err)
		}
	})
}

// A seller who does nothing for four days, across a restart.
func TestASaleThatNobodyAcceptsIsRemindedOfThenCalledOff(t *testing.T) {
	onBoth(t, func(t *testing.T, s *shopUnderTest) {
		o := s.paid(t, emma, dune)
		if _, err := s.Accept(t.Context(), shop.Caller{UserID: sally, Role: "seller"}, o.Shipments[1].ID); err != nil {
			t.Fatal(err)
		}
		mails := func(kind shop.MailKind) int64 {
			return s.count(t, sq.Select("COUNT(*)").From("outbox").Where(sq.Eq{"kind": kind}))
		}
		s.clock.Advance(47 * time.Hour)
		s.work(t)
		if got := mails(shop.MailReminder); got != 0 {
			t.Errorf("after 47 h: %d reminders", got)
		}
		s.clock.Advance(time.Hour)
		s.work(t)
		if got := mails(shop.MailReminder); got != 1 {
			t.Errorf("after 48 h: %d reminders, want 1", got)
		}
		s.Service = s.another()
		s.clock.Advance(48 * time.Hour)
		s.work(t)
		o = s.order(t, o.ID)
		if o.Shipments[0].State != shop.ShipmentCancelled || o.Shipments[1].State != shop.ShipmentAccepted || o.State != shop.Paid {
			t.Errorf("after 96 h: %s and %s, order %s", o.Shipments[0].State, o.Shipments[1].State, o.State)
		}
		if o.Refunded != 6000 || s.catalog.Stock(emma) != 5 || mails(shop.MailReminder) != 1 || mails(shop.MailCalledOff) != 2 {
			t.Errorf("refunded %d, stock %d, %d reminders, %d cancellations", o.Refunded, s.catalog.Stock(emma), mails(shop.MailReminder), mails(shop.MailCalledOff))
		}
		s.check(t)
	})
}

func TestPayingAgainChargesNothing(t *testing.T) {
	onBoth(t, func(t *testing.T, s *shopUnderTest) {
		o := s.place(t, buyer, emma)
		var group sync.WaitGroup
		for range 10 {
			instance := s.another()
			group.Go(func() {
				if o, err := instance.Pay(t.Context(), buyer, o.ID, card(sandbox.CardPays)); err != nil || o.State != shop.Paid {
					t.Errorf("got %v, %v", o, err)
				}
			})
		}
		group.Wait()
		if n := s.count(t, sq.Select("COUNT(*)").From("sandbox_charges")); n != 1 {
			t.Errorf("%d charges, want 1", n)
		}
		s.check(t)
	})
}

func TestCardsThatCannotBeAreRefusedByField(t *testing.T) {
	onBoth(t, func(t *testing.T, s *shopUnderTest) {
		o := s.place(t, buyer, emma)
		for field, change := range map[string]func(*shop.PayRequest){
			"card.number":    func(in *shop.PayRequest) { in.Card.Number = "4242424242424241" },
			"card.exp_month": func(in *shop.PayRequest) { in.Card.ExpYear = 2020 },
			"card.cvc":       func(in *shop.PayRequest) { in.Card.CVC = "12a" },
			"card":           func(in *shop.PayRequest) { in.Card = nil },
			"method":         func(in *shop.PayRequest) { in.Method = "cash" },
			"return_url":     func(in *shop.PayRequest) { in.ReturnURL = "https://evil.test/" },
		} {
			in := card(sandbox.CardPays)
			change(&in)
			_, err := s.Pay(t.Context(), buyer, o.ID, in)
			if e, ok := apierr.As(err); !ok || len(e.Fields) != 1 || e.Fields[0].Field != field {
				t.Errorf("%s: got %v", field, err)
			}
		}
		in := card("4242 4242-4242 4242")
		in.ReturnURL = "/orders/x"
		wantState(t, s.pay(t, o, in), shop.Paid)
	})
}
