package shop_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"bookstore/shared/shopapi"
	"bookstore/shared/sqldb"
	"bookstore/shared/sqldb/sqldbtest"
	"bookstore/shared/token"
	"bookstore/shopsvc/internal/sandbox"
	"bookstore/shopsvc/internal/shop"
	"bookstore/shopsvc/internal/shoptest"
	"bookstore/shopsvc/internal/store"

	sq "github.com/Masterminds/squirrel"
)

func TestAnOrderOfTwoSellersIsPaidAndSent(t *testing.T) {
	onBoth(t, func(t *testing.T, s *shopUnderTest) {
		o := s.place(t, buyer, emma, dune)
		if o.Subtotal != 2500 || o.Delivery != 10000 || o.Total != 12500 || len(o.Shipments) != 2 {
			t.Errorf("got subtotal %d, delivery %d, total %d in %d shipments", o.Subtotal, o.Delivery, o.Total, len(o.Shipments))
		}
		if got := s.catalog.Stock(emma); got != 4 {
			t.Errorf("stock after reserving: %d, want 4", got)
		}
		o = s.pay(t, o, card(sandbox.CardPays))
		wantState(t, o, shop.Paid)
		sale := o.Shipments[0].ID
		if _, err := s.Accept(t.Context(), seller, sale); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Dispatch(t.Context(), seller, sale, " TRACK 1 "); err != nil {
			t.Fatal(err)
		}
		o, err := s.Deliver(t.Context(), seller, sale)
		if err != nil || o.Shipments[0].State != shop.ShipmentDelivered || o.Shipments[0].TrackingNumber != "TRACK 1" {
			t.Errorf("got %+v, %v", o.Shipments[0], err)
		}
		if o.Shipments[1].State != shop.ShipmentNew {
			t.Errorf("the other shipment is %s, want new", o.Shipments[1].State)
		}
		s.check(t)
	})
}

func TestADeclinedCardMayBeFollowedByAnother(t *testing.T) {
	onBoth(t, func(t *testing.T, s *shopUnderTest) {
		o := s.place(t, buyer, emma)
		for number, reason := range map[string]shop.Code{
			sandbox.CardDeclined: shopapi.DeclinedCard, sandbox.CardNoFunds: shopapi.DeclinedFunds, sandbox.CardExpired: shopapi.DeclinedExpired,
			sandbox.CardWrongCVC: shopapi.DeclinedCVC, "5555555555554444": shopapi.DeclinedUnknownCard,
		} {
			o = s.pay(t, o, card(number))
			if o.State != shop.Reserved || o.Payment().Reason != reason {
				t.Errorf("%s: got %s, %q", number, o.State, o.Payment().Reason)
			}
		}
		o = s.pay(t, o, card(sandbox.CardSecondTry))
		if o.State != shop.Reserved || o.Payment().Reason != shopapi.DeclinedProcessing {
			t.Errorf("first try: got %s, %q", o.State, o.Payment().Reason)
		}
		wantState(t, s.pay(t, o, card(sandbox.CardSecondTry)), shop.Paid)
		s.check(t)
	})
}

func TestAnAnswerThatComesTooLateIsLookedUp(t *testing.T) {
	for _, c := range []struct {
		card string
		want shop.State
	}{
		{sandbox.CardLate, shop.Paid}, {sandbox.CardLateCharged, shop.Paid}, {sandbox.CardLateDeclined, shop.Reserved},
	} {
		t.Run(c.card, func(t *testing.T) {
			sqldbtest.Run(t, store.Migrations, func(t *testing.T, db *sqldb.DB) {
				s := newShop(t, db, 3*time.Second)
				placed := s.place(t, buyer, emma)
				s.settings.AnswerWithin, s.settings.StepTimeout = 50*time.Millisecond, 200*time.Millisecond
				s.Service = s.another()
				o := s.pay(t, placed, card(c.card))
				wantState(t, o, shop.Authorising)
				s.Wait(t.Context())
				s.work(t)
				wantState(t, s.order(t, o.ID), c.want)
				s.check(t)
			})
		})
	}
}

func TestARefusedCaptureGivesTheCopiesBack(t *testing.T) {
	onBoth(t, func(t *testing.T, s *shopUnderTest) {
		o := s.pay(t, s.place(t, buyer, emma), card(sandbox.CardCaptureRefused))
		wantState(t, o, shop.Cancelled)
		if o.EndReason.Code != shop.ReasonCaptureRefused || s.catalog.Stock(emma) != 5 {
			t.Errorf("got reason %s, stock %d", o.EndReason, s.catalog.Stock(emma))
		}
		s.check(t)
	})
}

func TestALostHoldVoidsThePayment(t *testing.T) {
	onBoth(t, func(t *testing.T, s *shopUnderTest) {
		o := s.place(t, buyer, emma)
		s.catalog.Drop(o.ID)
		o = s.pay(t, o, card(sandbox.CardPays))
		wantState(t, o, shop.Cancelled)
		if o.EndReason.Code != shop.ReasonStockGone || o.Captured != 0 || o.Payment().State != shop.PaymentVoided {
			t.Errorf("got reason %s, captured %d, payment %s", o.EndReason, o.Captured, o.Payment().State)
		}
		s.check(t)
	})
}

func TestPayPalWaitsForTheBuyersDecision(t *testing.T) {
	onBoth(t, func(t *testing.T, s *shopUnderTest) {
		paypal := shop.PayRequest{Method: shop.MethodPayPal}
		for _, c := range []struct {
			approved bool
			want     shop.State
		}{{false, shop.Reserved}, {true, shop.Paid}} {
			o := s.pay(t, s.place(t, buyer, emma), paypal)
			wantState(t, o, shop.AwaitingPayment)
			for range 2 { // the second time changes nothing
				page, err := s.sandbox.Decide(t.Context(), s.pageKey(t, o), c.approved)
				if err != nil {
					t.Fatal(err)
				}
				if err := s.PaymentDecided(t.Context(), page.PaymentID); err != nil {
					t.Fatal(err)
				}
			}
			wantState(t, s.order(t, o.ID), c.want)
		}
		s.check(t)
	})
}

func (s *shopUnderTest) pageKey(t *testing.T, o *shop.Order) string {
	t.Helper()
	key, err := sqldb.QueryOne(t.Context(), s.db.Writer(), sq.Select("page_key").From("sandbox_charges").Where(sq.Eq{"id": o.Payment().ID}),
		func(row sqldb.Row) (string, error) {
			var key string
			err := row.Scan(&key)
			return key, err
		})
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func TestADecisionThatNobodyReportsIsFoundOut(t *testing.T) {
	onBoth(t, func(t *testing.T, s *shopUnderTest) {
		o := s.pay(t, s.place(t, buyer, emma), shop.PayRequest{Method: shop.MethodPayPal})
		if _, err := s.sandbox.Decide(t.Context(), s.pageKey(t, o), true); err != nil {
			t.Fatal(err)
		}
		s.clock.Advance(time.Minute)
		s.work(t)
		wantState(t, s.order(t, o.ID), shop.Paid)
		s.check(t)
	})
}

func TestABuyerAtPayPalMayChooseACardInstead(t *testing.T) {
	onBoth(t, func(t *testing.T, s *shopUnderTest) {
		o := s.pay(t, s.place(t, buyer, emma), shop.PayRequest{Method: shop.MethodPayPal})
		key := s.pageKey(t, o)
		o = s.pay(t, o, card(sandbox.CardPays))
		wantState(t, o, shop.Paid)
		page, err := s.sandbox.Decide(t.Context(), key, true) // in the tab that was left open
		if err != nil || page.State != shop.PaymentVoided {
			t.Errorf("got %s, %v; want voided", page.State, err)
		}
		s.check(t)
	})
}

func TestAnUnpaidOrderLapsesAndGivesCopiesAndCartBack(t *testing.T) {
	onBoth(t, func(t *testing.T, s *shopUnderTest) {
		owner := shop.Caller{UserID: ada}
		c, err := s.SetCartLine(t.Context(), owner, emma, 2, false)
		if err != nil {
			t.Fatal(err)
		}
		in := s.wants(t, emma)
		in.Lines[0].Quantity = 2
		o, err := s.PlaceOrder(t.Context(), buyer, c.Key, in)
		if err != nil {
			t.Fatal(err)
		}
		if got := s.cart(t, buyer); got != "" {
			t.Errorf("cart after placing: %q, want empty", got)
		}
		s.clock.Advance(14 * time.Minute)
		s.work(t)
		wantState(t, s.order(t, o.ID), shop.Reserved)
		s.clock.Advance(time.Minute)
		s.work(t)
		wantState(t, s.order(t, o.ID), shop.Expired)
		if got := s.cart(t, buyer); got != "2×101" || s.catalog.Stock(emma) != 5 {
			t.Errorf("got cart %q, stock %d", got, s.catalog.Stock(emma))
		}
		if _, err := s.Pay(t.Context(), buyer, o.ID, card(sandbox.CardPays)); !errors.Is(err, shop.ErrOrderState) {
			t.Errorf("paying it: got %v, want ErrOrderState", err)
		}
		s.check(t)
	})
}

// TestWhateverFailsAnOrderComesToItsRightEnd injects a fault at every
// point of the saga in turn, an error or a crash, and lets workers go on.
func TestWhateverFailsAnOrderComesToItsRightEnd(t *testing.T) {
	onBoth(t, func(t *testing.T, s *shopUnderTest) {
		injected := map[string]bool{}
		for _, mode := range []shoptest.Mode{shoptest.Fail, shoptest.Crash} {
			for point := 1; ; point++ {
				where := s.withFaultAt(t, point, mode)
				if where == "" {
					break
				}
				injected[where] = true
				if t.Failed() {
					t.Fatalf("mode %d, fault at %s", mode, where)
				}
			}
		}
		s.check(t)
		if len(injected) < 20 {
			t.Errorf("only %d kinds of points failed: %v", len(injected), injected)
		}
	})
}

// withFaultAt places and pays an order, cancels it, and returns where the fault
// was injected, "" if there are not so many points.
func (s *shopUnderTest) withFaultAt(t *testing.T, point int, mode shoptest.Mode) string {
	t.Helper()
	s.faults.InjectAt(0, mode)
	ctx, key, in := t.Context(), newKey(), s.wants(t, emma, dune)
	s.settings.AnswerWithin = 200 * time.Millisecond
	instance := s.another()
	s.faults.InjectAt(point, mode)
	var id string
	for range 3 { // as a buyer tries again
		alone(func() {
			if o, err := instance.PlaceOrder(ctx, buyer, key, in); err == nil {
				id = o.ID
			}
		})
		s.work(t)
	}
	if id == "" {
		t.Fatalf("fault at %s: the order was not placed", s.faults.Injected())
	}
	for range 3 {
		alone(func() { _, _ = instance.Pay(ctx, buyer, id, card(sandbox.CardPays)) })
		s.work(t)
	}
	wantState(t, s.order(t, id), shop.Paid)
	for range 3 {
		alone(func() { _, _ = instance.Cancel(ctx, buyer, id, "", "changed my mind") })
		s.work(t)
	}
	instance.Wait(ctx)
	o := s.order(t, id)
	s.checkOrder(t, o)
	wantState(t, o, shop.Cancelled)
	if got := s.catalog.Stock(emma); got != 5 {
		t.Fatalf("fault at %s: stock is %d, want 5", s.faults.Injected(), got)
	}
	if n := s.count(t, sq.Select("COUNT(*)").From("orders").Where(sq.Eq{"idempotency_key": key})); n != 1 {
		t.Errorf("fault at %s: %d orders under one key", s.faults.Injected(), n)
	}
	return s.faults.Injected()
}

func TestAnOrderThatTheCatalogNeverAnswersIsGivenUp(t *testing.T) {
	onBoth(t, func(t *testing.T, s *shopUnderTest) {
		in := s.wants(t, emma)
		s.faults.InjectAt(4, shoptest.Crash) // once the order is written
		alone(func() { _, _ = s.PlaceOrder(t.Context(), buyer, newKey(), in) })
		s.clock.Advance(time.Hour)
		s.work(t)
		if n := s.count(t, sq.Select("COUNT(*)").From("orders").Where(sq.Eq{"state": shop.Cancelled})); n != 1 {
			t.Errorf("got %d cancelled orders, want 1 (fault at %q)", n, s.faults.Injected())
		}
		s.check(t)
	})
}

func TestTwoHundredBuyersOfOneCopyMakeOneOrder(t *testing.T) {
	onBoth(t, func(t *testing.T, s *shopUnderTest) {
		s.catalog.List(shop.Book{ID: emma, Title: "Emma", SellerID: sam, Price: 1000, Stock: 1})
		in := s.wants(t, emma)
		var placed, refused sync.Map
		var group sync.WaitGroup
		for i := range 200 {
			group.Go(func() {
				who := shop.Caller{UserID: int64(1000 + i), Role: token.Buyer}
				o, err := s.PlaceOrder(t.Context(), who, fmt.Sprintf("key-of-%d", i), in)
				switch {
				case err == nil:
					placed.Store(i, o.State)
				case errors.Is(err, shop.ErrLinesChanged):
					refused.Store(i, err)
				default:
					t.Errorf("buyer %d: %v", i, err)
				}
			})
		}
		group.Wait()
		s.Wait(t.Context())
		s.work(t)
		if n := s.count(t, sq.Select("COUNT(*)").From("orders").Where(sq.Eq{"state": shop.Reserved})); n != 1 {
			t.Errorf("got %d reserved orders, want 1", n)
		}
		s.check(t)
	})
}
