package shop_test

import (
	"errors"
	"testing"

	"bookstore/shared/apierr"
	"bookstore/shared/shopapi"
	"bookstore/shopsvc/internal/sandbox"
	"bookstore/shopsvc/internal/shop"
)

func (s *shopUnderTest) say(t *testing.T, seller shop.Seller) {
	t.Helper()
	if err := s.PutSeller(t.Context(), seller); err != nil {
		t.Fatalf("say %+v: %v", seller, err)
	}
}

func TestASuspendedSellersOpenOrdersAreCalledOffWithAWordToTheBuyer(t *testing.T) {
	onBoth(t, func(t *testing.T, s *shopUnderTest) {
		paid := s.paid(t, emma)
		reserved := s.place(t, buyer, emma, dune)
		transfer := s.pay(t, s.place(t, other, ulyss), shop.PayRequest{Method: shop.MethodTransfer})
		wantState(t, transfer, shop.AwaitingPayment)

		suspended := shop.Seller{ID: sam, Version: 3}
		s.say(t, suspended)
		s.say(t, suspended) // told twice
		s.work(t)
		for _, id := range []string{reserved.ID, transfer.ID} {
			o := s.order(t, id)
			wantState(t, o, shop.Cancelled)
			if o.EndReason.Code != shop.ReasonSellerSuspended || s.mails(t, id) != 1 {
				t.Errorf("ended by %+v with %d mails, want %s and one", o.EndReason, s.mails(t, id), shop.ReasonSellerSuspended)
			}
		}
		wantState(t, s.order(t, paid.ID), shop.Paid)
		if _, err := s.Cancel(t.Context(), admin, paid.ID, "", ""); err != nil {
			t.Errorf("an admin cancels what was paid: %v", err)
		}
		s.work(t)
		s.check(t)
	})
}

func TestNoOrderIsPlacedWithASuspendedSeller(t *testing.T) {
	onBoth(t, func(t *testing.T, s *shopUnderTest) {
		s.say(t, shop.Seller{ID: sam, Version: 3})
		s.say(t, shop.Seller{ID: sam, MaySell: true, Version: 2}) // an older word
		in := s.wants(t, emma, dune)
		_, err := s.PlaceOrder(t.Context(), buyer, newKey(), in)
		e, _ := apierr.As(err)
		if !errors.Is(err, shop.ErrLinesChanged) || len(e.Fields) != 1 || e.Fields[0].Field != "lines[0]" || e.Fields[0].Code != shopapi.CodeBookGone {
			t.Errorf("got %v, want the suspended seller's line alone gone", err)
		}
		s.say(t, shop.Seller{ID: sam, MaySell: true, Version: 4})
		wantState(t, s.pay(t, s.place(t, buyer, emma, dune), card(sandbox.CardPays)), shop.Paid)
	})
}
