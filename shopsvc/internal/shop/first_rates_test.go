package shop_test

import (
	"slices"
	"sync"
	"testing"

	"bookstore/shared/money"
	"bookstore/shared/shopapi"
	"bookstore/shopsvc/internal/shop"

	"github.com/bojanz/currency"
)

// costs returns what each provider costs, by name.
func (s *shopUnderTest) costs(t *testing.T) []int64 {
	t.Helper()
	all, err := s.store.Providers(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var costs []int64
	for _, p := range all {
		costs = append(costs, p.Cost)
	}
	return costs
}

func TestANewShopsDeliverySuitsBooks(t *testing.T) {
	onBoth(t, func(t *testing.T, s *shopUnderTest) {
		var starting sync.WaitGroup
		for range 4 {
			starting.Go(func() {
				if err := s.another().SetFirstRates(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		starting.Wait()
		if got, want := s.costs(t), []int64{990, 350, 850, 250}; !slices.Equal(got, want) {
			t.Errorf("delivery costs %v, want %v", got, want)
		}
	})
}

func TestFirstRatesLeaveAloneWhatSomebodyUsesAlready(t *testing.T) {
	used := map[string]func(t *testing.T, s *shopUnderTest){
		"an admin has changed a cost": func(t *testing.T, s *shopUnderTest) {
			p := shop.Provider{ID: s.provider(t, "DHL"), Name: "DHL", Coverage: shop.International, Cost: 4999, Active: true}
			if _, err := s.UpdateProvider(t.Context(), admin, p, nil); err != nil {
				t.Fatal(err)
			}
		},
		"an admin has deleted one": func(t *testing.T, s *shopUnderTest) {
			if err := s.DeleteProvider(t.Context(), admin, s.provider(t, "Envia")); err != nil {
				t.Fatal(err)
			}
		},
		"somebody has ordered": func(t *testing.T, s *shopUnderTest) {
			if _, err := s.PlaceOrder(t.Context(), buyer, "key-1", s.wants(t, emma)); err != nil {
				t.Fatal(err)
			}
		},
	}
	for name, use := range used {
		t.Run(name, func(t *testing.T) {
			onBoth(t, func(t *testing.T, s *shopUnderTest) {
				use(t, s)
				before := s.costs(t)
				if err := s.SetFirstRates(t.Context()); err != nil {
					t.Fatal(err)
				}
				if got := s.costs(t); !slices.Equal(got, before) {
					t.Errorf("delivery costs %v, want %v as before", got, before)
				}
			})
		})
	}
}

func TestFirstRatesAreInEveryCurrency(t *testing.T) {
	exact := map[string]int64{"USD": 250, "JPY": 380, "KWD": 780, "COP": 1_000_000, "EUR": 230}
	for _, code := range currency.GetCurrencyCodes() {
		got, err := shop.FirstCost(250, code)
		if err != nil || got < 1 || got > shopapi.MaxDeliveryCost {
			t.Errorf("%s: got %v, %v", code, money.New(got, code), err)
		}
		if want, named := exact[code]; named && got != want {
			t.Errorf("%s: got %v, want %v", code, money.New(got, code), money.New(want, code))
		}
	}
}
