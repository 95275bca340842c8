package shop_test

import (
	"testing"

	"bookstore/shopsvc/internal/shop"
)

var inIllinois = shop.Address{Name: "Ada", Line1: "1 Main St", City: "Springfield", Region: "Illinois", PostalCode: "62701", Country: "US"}

func TestAnAddressIsKeptAsItsPostWritesIt(t *testing.T) {
	onBoth(t, func(t *testing.T, s *shopUnderTest) {
		dhl := s.provider(t, "DHL")
		for _, c := range []struct{ given, kept shop.Address }{
			{inIllinois, shop.Address{Name: "Ada", Line1: "1 Main St", City: "Springfield", Region: "IL", PostalCode: "62701", Country: "US"}},
			{shop.Address{Name: "Ada", Line1: "Nathan Rd 1", City: "Mong Kok", Region: "Kowloon", Country: "HK"}, shop.Address{Name: "Ada", Line1: "Nathan Rd 1", City: "Mong Kok", Region: "Kowloon", Country: "HK"}},
			{shop.Address{Name: "Ada", Line1: "Weg 1", City: "Bern", PostalCode: "odd 1", Country: "CH"}, shop.Address{Name: "Ada", Line1: "Weg 1", City: "Bern", PostalCode: "odd 1", Country: "CH"}},
		} {
			in := s.wants(t, emma)
			in.Address, in.Deliveries[0].ProviderID = c.given, dhl
			placed, err := s.PlaceOrder(t.Context(), buyer, newKey(), in)
			if err != nil {
				t.Fatalf("%s: %v", c.given.Country, err)
			}
			if got := s.order(t, placed.ID); got.Address != c.kept {
				t.Errorf("got %+v, want %+v", got.Address, c.kept)
			}
		}
	})
}
