package shop_test

import (
	"errors"
	"testing"

	"bookstore/shared/apierr"
	"bookstore/shared/shopapi"
	"bookstore/shopsvc/internal/shop"

	sq "github.com/Masterminds/squirrel"
)

// sees returns a request with the costs that the buyer sees now.
func (s *shopUnderTest) sees(t *testing.T, books ...int64) shop.PlaceOrder {
	t.Helper()
	in := s.wants(t, books...)
	total := int64(0)
	for _, l := range in.Lines {
		total += l.Price * l.Quantity
	}
	providers, err := s.Providers(t.Context(), buyer)
	if err != nil {
		t.Fatal(err)
	}
	for i, d := range in.Deliveries {
		for _, p := range providers {
			if p.ID == d.ProviderID {
				in.Deliveries[i].Cost = &p.Cost
				total += p.Cost
			}
		}
	}
	in.Total = &total
	return in
}

// wantRefusal wants a request to be refused with one field, and nothing placed.
func (s *shopUnderTest) wantRefusal(t *testing.T, in shop.PlaceOrder, kind error, field, code string) map[string]any {
	t.Helper()
	_, err := s.PlaceOrder(t.Context(), buyer, newKey(), in)
	e, ok := apierr.As(err)
	if !ok || len(e.Fields) != 1 || e.Fields[0].Field != field || e.Fields[0].Code != code {
		t.Fatalf("got %v, want %s %s", err, field, code)
	}
	if kind != nil && !errors.Is(err, kind) {
		t.Errorf("got %v, want %v", err, kind)
	}
	if n := s.count(t, sq.Select("COUNT(*)").From("orders")); n != 0 {
		t.Errorf("%d orders were placed", n)
	}
	return e.Fields[0].Params
}

func TestDeliveryThatCostsAnotherAmountThanSeenIsToldAndNothingIsPlaced(t *testing.T) {
	onBoth(t, func(t *testing.T, s *shopUnderTest) {
		in := s.sees(t, emma)
		dearer := shop.Provider{ID: in.Deliveries[0].ProviderID, Name: "DHL", Coverage: shop.International, Cost: 99900, Active: true}
		if _, err := s.UpdateProvider(t.Context(), admin, dearer, nil); err != nil {
			t.Fatal(err)
		}
		said := s.wantRefusal(t, in, shop.ErrLinesChanged, "deliveries[0]", shopapi.CodeDeliveryCostChanged)
		if said["provider"] != "DHL" || said["seen"] != *in.Deliveries[0].Cost || said["cost"] != int64(99900) {
			t.Errorf("said %v", said)
		}
		if o, err := s.PlaceOrder(t.Context(), buyer, newKey(), s.sees(t, emma)); err != nil || o.Delivery != 99900 {
			t.Errorf("seen as it is: %v", err)
		}
	})
}

func TestATotalThatDiffersFromTheOneSeenIsTold(t *testing.T) {
	onBoth(t, func(t *testing.T, s *shopUnderTest) {
		in := s.sees(t, emma)
		is := *in.Total
		seen := is - 1
		in.Total = &seen
		said := s.wantRefusal(t, in, shop.ErrLinesChanged, "total", shopapi.CodeTotalChanged)
		if said["seen"] != seen || said["total"] != is {
			t.Errorf("said %v", said)
		}
	})
}

func TestAProviderThatIsNoLongerOfferedIsNotSaidToServeAnotherCountry(t *testing.T) {
	for name, end := range map[string]func(*testing.T, *shopUnderTest, int64) error{
		"deleted": func(t *testing.T, s *shopUnderTest, id int64) error { return s.DeleteProvider(t.Context(), admin, id) },
		"deactivated": func(t *testing.T, s *shopUnderTest, id int64) error {
			_, err := s.UpdateProvider(t.Context(), admin, shop.Provider{ID: id, Name: "DHL", Coverage: shop.International, Cost: 5000}, nil)
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			onBoth(t, func(t *testing.T, s *shopUnderTest) {
				in := s.sees(t, emma)
				if err := end(t, s, in.Deliveries[0].ProviderID); err != nil {
					t.Fatal(err)
				}
				s.wantRefusal(t, in, nil, "deliveries[0]", shopapi.CodeProviderGone)
				in.Lines[0].Price++ // both are told at once
				_, err := s.PlaceOrder(t.Context(), buyer, newKey(), in)
				if e, _ := apierr.As(err); !errors.Is(err, shop.ErrLinesChanged) || len(e.Fields) != 2 {
					t.Errorf("with another price: got %v", err)
				}
			})
		})
	}
}

// A try that an instance of the release before took has no costs.
func TestWhatTheBuyerSawIsNoPartOfTheOrdersKey(t *testing.T) {
	onBoth(t, func(t *testing.T, s *shopUnderTest) {
		first, err := s.PlaceOrder(t.Context(), buyer, "the-only-key", s.wants(t, emma))
		if err != nil {
			t.Fatal(err)
		}
		again, err := s.PlaceOrder(t.Context(), buyer, "the-only-key", s.sees(t, emma))
		if err != nil || again.ID != first.ID {
			t.Errorf("got %v, want the same order", err)
		}
	})
}
