package shop_test

import (
	"errors"
	"fmt"
	"slices"
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

func TestTwentyClicksMakeOneOrder(t *testing.T) {
	onBoth(t, func(t *testing.T, s *shopUnderTest) {
		owner := shop.Caller{UserID: ada}
		c, err := s.SetCartLine(t.Context(), owner, emma, 1, false)
		if err != nil {
			t.Fatal(err)
		}
		for _, key := range []string{c.Key, "made-up-by-the-caller"} {
			in := s.wants(t, emma)
			s.catalog.List(shop.Book{ID: emma, Title: "Emma", SellerID: sam, Price: 1000, Stock: 1}) // the first click takes it
			ids := make([]string, 20)
			var group sync.WaitGroup
			for i := range ids {
				instance := s.another()
				group.Go(func() {
					o, err := instance.PlaceOrder(t.Context(), buyer, key, in)
					if err != nil {
						t.Errorf("click %d: %v", i, err)
						return
					}
					ids[i] = o.ID
				})
			}
			group.Wait()
			if slices.Sort(ids); ids[0] != ids[19] || ids[0] == "" {
				t.Errorf("key %s: got orders %v, want one", key, slices.Compact(ids))
			}
			if n := s.count(t, sq.Select("COUNT(*)").From("orders").Where(sq.Eq{"idempotency_key": key})); n != 1 {
				t.Errorf("key %s: got %d orders, want 1", key, n)
			}
		}
		if got := s.cart(t, buyer); got != "1×101" { // the first order was replaced by the second
			t.Errorf("cart: %q, want the replaced order's line back", got)
		}
		s.check(t)
	})
}

func TestAReplayReturnsTheOrderAsItIsNow(t *testing.T) {
	onBoth(t, func(t *testing.T, s *shopUnderTest) {
		in := s.wants(t, emma)
		o, err := s.PlaceOrder(t.Context(), buyer, "the-only-key", in)
		if err != nil {
			t.Fatal(err)
		}
		s.pay(t, o, card(sandbox.CardPays))
		again, err := s.PlaceOrder(t.Context(), buyer, "the-only-key", in)
		if err != nil || again.ID != o.ID || again.State != shop.Paid {
			t.Errorf("got %+v, %v", again, err)
		}
		in.Lines[0].Quantity = 2
		if _, err := s.PlaceOrder(t.Context(), buyer, "the-only-key", in); !errors.Is(err, shop.ErrKeyReused) {
			t.Errorf("another body: got %v, want ErrKeyReused", err)
		}
		other, err := s.PlaceOrder(t.Context(), other, "the-only-key", in)
		if err != nil || other.ID == o.ID {
			t.Errorf("another buyer's key of the same name: %v", err)
		}
	})
}

func TestWhatChangedIsToldLineByLineAndNothingIsPlaced(t *testing.T) {
	onBoth(t, func(t *testing.T, s *shopUnderTest) {
		in := s.wants(t, emma, ulyss, dune)
		s.catalog.List(shop.Book{ID: emma, Title: "Emma", SellerID: sam, Price: 1200, Stock: 5})
		s.catalog.List(shop.Book{ID: ulyss, Title: "Ulysses", SellerID: sam, Price: 2000, Stock: 0})
		s.catalog.Delist(dune)
		_, err := s.PlaceOrder(t.Context(), buyer, newKey(), in)
		e, _ := apierr.As(err)
		if !errors.Is(err, shop.ErrLinesChanged) || len(e.Fields) != 3 {
			t.Fatalf("got %v", err)
		}
		for i, want := range []string{shopapi.CodePriceChanged, shopapi.CodeOutOfStock, shopapi.CodeBookGone} {
			if f := e.Fields[i]; f.Field != fmt.Sprintf("lines[%d]", i) || f.Code != want {
				t.Errorf("line %d: got %s %s, want %s", i, f.Field, f.Code, want)
			}
		}
		if n := s.count(t, sq.Select("COUNT(*)").From("orders")); n != 0 {
			t.Errorf("%d orders were placed", n)
		}
	})
}

// A copy that is sold between the look at the prices and the reservation.
func TestARefusedReservationLeavesCartAndKeyAsTheyWere(t *testing.T) {
	onBoth(t, func(t *testing.T, s *shopUnderTest) {
		owner := shop.Caller{UserID: ada}
		if _, err := s.SetCartLine(t.Context(), owner, dune, 1, false); err != nil {
			t.Fatal(err)
		}
		c, err := s.SetCartLine(t.Context(), owner, emma, 1, false)
		if err != nil {
			t.Fatal(err)
		}
		in := s.wants(t, dune, emma)
		s.catalog.Sell(emma, 5)
		_, err = s.PlaceOrder(t.Context(), buyer, c.Key, in)
		e, _ := apierr.As(err)
		if !errors.Is(err, shop.ErrLinesChanged) || len(e.Fields) != 1 || e.Fields[0].Field != "lines[1]" {
			t.Fatalf("got %v, want lines[1] out of stock", err)
		}
		if again, err := s.Cart(t.Context(), owner); err != nil || again.Key != c.Key || len(again.Lines) != 2 {
			t.Errorf("cart is %+v, %v; want it as it was, key %s", again, err, c.Key)
		}
		if p, err := s.Orders(t.Context(), buyer, shop.OrderQuery{}); err != nil || len(p.Items) != 0 {
			t.Errorf("the refused order is listed: %v, %v", p.Items, err)
		}
		s.catalog.List(shop.Book{ID: emma, Title: "Emma", SellerID: sam, Price: 1000, Stock: 3})
		o, err := s.PlaceOrder(t.Context(), buyer, c.Key, in)
		if err != nil || o.State != shop.Reserved || s.cart(t, buyer) != "" {
			t.Errorf("second try under the key: %v; cart %q", err, s.cart(t, buyer))
		}
		s.check(t)
	})
}

func TestAChangedCartIsNotPlaced(t *testing.T) {
	onBoth(t, func(t *testing.T, s *shopUnderTest) {
		owner := shop.Caller{UserID: ada}
		c, err := s.SetCartLine(t.Context(), owner, emma, 2, false)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.PlaceOrder(t.Context(), buyer, c.Key, s.wants(t, emma)); !errors.Is(err, shop.ErrCartChanged) {
			t.Errorf("other quantity: got %v, want ErrCartChanged", err)
		}
		if _, err := s.PlaceOrder(t.Context(), buyer, "cart-of-somebody-else", s.wants(t, emma)); !errors.Is(err, shop.ErrCartChanged) {
			t.Errorf("key of no cart of the caller's: got %v, want ErrCartChanged", err)
		}
	})
}

func TestANewCheckoutReplacesTheUnpaidOne(t *testing.T) {
	onBoth(t, func(t *testing.T, s *shopUnderTest) {
		s.catalog.List(shop.Book{ID: emma, Title: "Emma", SellerID: sam, Price: 1000, Stock: 1})
		first := s.place(t, buyer, emma)
		second := s.place(t, buyer, emma) // of the very copy that the first one holds
		wantState(t, s.order(t, first.ID), shop.Cancelled)
		if got := s.order(t, first.ID).EndReason.Code; got != shop.ReasonReplaced {
			t.Errorf("reason %s, want replaced", got)
		}
		open := s.pay(t, second, shop.PayRequest{Method: shop.MethodPayPal})
		third := s.place(t, buyer, dune)
		wantState(t, s.order(t, open.ID), shop.AwaitingPayment) // its payment is open
		wantState(t, third, shop.Reserved)
		s.check(t)
	})
}

func TestOrdersThatMakeNoSenseAreRefusedByField(t *testing.T) {
	onBoth(t, func(t *testing.T, s *shopUnderTest) {
		dhl, envia := s.provider(t, "DHL"), s.provider(t, "Envia")
		for name, c := range map[string]struct {
			field, code string
			change      func(*shop.PlaceOrder)
		}{
			"no copies":      {"lines[0].quantity", apierr.CodeNotAllowed, func(in *shop.PlaceOrder) { in.Lines[0].Quantity = 0 }},
			"less than none": {"lines[0].quantity", apierr.CodeNotAllowed, func(in *shop.PlaceOrder) { in.Lines[0].Quantity = -1 }},
			"far too many":   {"lines[0].quantity", apierr.CodeNotAllowed, func(in *shop.PlaceOrder) { in.Lines[0].Quantity = 1 << 62 }},
			"a book twice":   {"lines[1].book_id", apierr.CodeDuplicate, func(in *shop.PlaceOrder) { in.Lines = append(in.Lines, in.Lines[0]) }},
			"nothing":        {"lines", apierr.CodeRequired, func(in *shop.PlaceOrder) { in.Lines = nil }},
			"no delivery":    {"deliveries", apierr.CodeRequired, func(in *shop.PlaceOrder) { in.Deliveries = nil }},
			"foreign seller": {"deliveries[1].seller_id", apierr.CodeNotAllowed, func(in *shop.PlaceOrder) {
				in.Deliveries = append(in.Deliveries, shop.DeliveryChoice{SellerID: sally, ProviderID: dhl})
			}},
			"seller twice":     {"deliveries[1].seller_id", apierr.CodeNotAllowed, func(in *shop.PlaceOrder) { in.Deliveries = append(in.Deliveries, in.Deliveries[0]) }},
			"no such provider": {"deliveries[0]", shopapi.CodeProviderGone, func(in *shop.PlaceOrder) { in.Deliveries[0].ProviderID = 999 }},
			"national, abroad": {"deliveries[0]", shopapi.CodeProviderUnavailable, func(in *shop.PlaceOrder) {
				in.Address.Country, in.Address.PostalCode = "DE", "10115"
				in.Deliveries[0].ProviderID = envia
			}},
			"no such country":   {"address.country", shopapi.CodeUnknownCountry, func(in *shop.PlaceOrder) { in.Address.Country = "XX" }},
			"a country of once": {"address.country", shopapi.CodeUnknownCountry, func(in *shop.PlaceOrder) { in.Address.Country = "SU" }},
			"no country alone":  {"address.country", shopapi.CodeUnknownCountry, func(in *shop.PlaceOrder) { in.Address.Country = "EU" }},
			"lower case":        {"address.country", shopapi.CodeUnknownCountry, func(in *shop.PlaceOrder) { in.Address.Country = "co" }},
			"blank name":        {"address.name", apierr.CodeRequired, func(in *shop.PlaceOrder) { in.Address.Name = " \t" }},
			"no state":          {"address.region", apierr.CodeRequired, func(in *shop.PlaceOrder) { in.Address = inIllinois; in.Address.Region = "" }},
			"no postal code":    {"address.postal_code", apierr.CodeRequired, func(in *shop.PlaceOrder) { in.Address = inIllinois; in.Address.PostalCode = "" }},
			"no such code":      {"address.postal_code", apierr.CodeBadFormat, func(in *shop.PlaceOrder) { in.Address = inIllinois; in.Address.PostalCode = "!!!" }},
			"no such phone":     {"address.phone", apierr.CodeBadFormat, func(in *shop.PlaceOrder) { in.Address.Phone = "hello" }},
		} {
			in := s.wants(t, emma)
			c.change(&in)
			_, err := s.PlaceOrder(t.Context(), buyer, newKey(), in)
			e, ok := apierr.As(err)
			if !ok || e.Kind != apierr.KindInvalid || len(e.Fields) != 1 || e.Fields[0].Field != c.field || e.Fields[0].Code != c.code {
				t.Errorf("%s: got %v, want %s %s", name, err, c.field, c.code)
			}
		}
		for _, p := range []string{"Envia", "DHL"} {
			in := s.wants(t, emma)
			in.Deliveries[0].ProviderID = s.provider(t, p)
			if _, err := s.PlaceOrder(t.Context(), buyer, newKey(), in); err != nil {
				t.Errorf("%s at home: %v", p, err)
			}
		}
		if _, err := s.PlaceOrder(t.Context(), seller, newKey(), s.wants(t, emma)); !errors.Is(err, shop.ErrLinesChanged) {
			t.Errorf("own book: got %v, want ErrLinesChanged", err)
		}
	})
}

func TestAnInactiveProviderCannotBeChosen(t *testing.T) {
	onBoth(t, func(t *testing.T, s *shopUnderTest) {
		in := s.wants(t, emma)
		off := shop.Provider{ID: in.Deliveries[0].ProviderID, Name: "DHL", Coverage: shop.International, Cost: 5000}
		if _, err := s.UpdateProvider(t.Context(), admin, off, nil); err != nil {
			t.Fatal(err)
		}
		if _, err := s.PlaceOrder(t.Context(), buyer, newKey(), in); !apierr.IsKind(err, apierr.KindInvalid) {
			t.Errorf("got %v, want a field error", err)
		}
		if offered, err := s.Providers(t.Context(), buyer); err != nil || len(offered) != 3 {
			t.Errorf("buyers see %d providers, %v; want 3", len(offered), err)
		}
		if all, err := s.Providers(t.Context(), admin); err != nil || len(all) != 4 {
			t.Errorf("admins see %d providers, %v; want 4", len(all), err)
		}
	})
}

// While the catalog is away after the order was written, the order waits.
func TestAnOrderWaitsForACatalogThatIsAway(t *testing.T) {
	onBoth(t, func(t *testing.T, s *shopUnderTest) {
		in := s.wants(t, emma)
		s.faults.InjectAt(5, shoptest.Fail) // before the reservation
		o, err := s.PlaceOrder(t.Context(), buyer, newKey(), in)
		if err != nil || o.State != shop.Pending {
			t.Fatalf("got %v, %v (fault at %q); want it pending", o, err, s.faults.Injected())
		}
		s.work(t)
		wantState(t, s.order(t, o.ID), shop.Reserved)
	})
}

// A first try to reserve may be held up on its way until a second one was
// refused: it must not take copies for an order that is over.
func TestAReservationThatArrivesAfterTheRefusalHoldsNothing(t *testing.T) {
	onBoth(t, func(t *testing.T, s *shopUnderTest) {
		in := s.wants(t, emma)
		s.faults.InjectAt(5, shoptest.Fail) // the first try does not arrive
		o, err := s.PlaceOrder(t.Context(), buyer, newKey(), in)
		if err != nil || o.State != shop.Pending {
			t.Fatalf("got %v, %v (fault at %q); want it pending", o, err, s.faults.Injected())
		}
		s.catalog.Sell(emma, 5)
		s.work(t)
		wantState(t, s.order(t, o.ID), shop.Cancelled)

		s.catalog.List(shop.Book{ID: emma, Title: "Emma", SellerID: sam, Price: 1000, Stock: 1})
		err = s.catalog.Reserve(t.Context(), o.ID, s.clock.Now().Add(time.Hour), o.Lines())
		if !errors.Is(err, shop.ErrHoldGone) || s.catalog.Stock(emma) != 1 {
			t.Errorf("late try: got %v, %d copies left; want ErrHoldGone and 1", err, s.catalog.Stock(emma))
		}
		s.check(t)
	})
}
