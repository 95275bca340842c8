package api_test

import (
	"reflect"
	"testing"

	"bookstore/shared/money"
	"bookstore/shared/shopapi"
	"bookstore/shared/token"
)

func TestAnybodyIsToldTheCheapestDeliveryToTheirCountry(t *testing.T) {
	onBoth(t, func(t *testing.T, s *served) {
		home := shopapi.DeliveryQuote{SellerID: sam, ProviderID: s.provider(t, "Servientrega"), ProviderName: "Servientrega", Cost: money.New(1500, "USD")}
		abroad := shopapi.DeliveryQuote{SellerID: sam, ProviderID: s.provider(t, "FedEx"), ProviderName: "FedEx", Cost: money.New(4500, "USD")}
		from := func(seller int64, q shopapi.DeliveryQuote) shopapi.DeliveryQuote { q.SellerID = seller; return q }
		want := map[string][]shopapi.DeliveryQuote{"CO": {home, from(sally, home)}, "DE": {abroad, from(sally, abroad)}}
		for country, quotes := range want {
			got, err := s.client.CheapestDeliveries(t.Context(), shopapi.DeliveryQuery{Country: country, SellerIDs: []int64{sam, sally}})
			if err != nil || got.Country != country || !reflect.DeepEqual(got.Items, quotes) {
				t.Errorf("to %s: got %+v, %v; want %+v", country, got, err, quotes)
			}
		}
		_, err := s.client.CheapestDeliveries(t.Context(), shopapi.DeliveryQuery{Country: "XX", SellerIDs: []int64{sam}})
		wantBlamed(t, "no country", err, "country", shopapi.CodeUnknownCountry)

		guest := shopapi.WithCart(t.Context(), "0123456789abcdef")
		if c, err := s.client.SetCartLine(guest, emma, shopapi.SetCartLine{Quantity: 1}); err != nil || c.DeliveryCountry != "" || c.Deliveries != nil {
			t.Errorf("a cart that names no country: got %+v, %v", c, err)
		}
		c, err := s.client.SetCartLine(shopapi.WithCountry(guest, "DE"), dune, shopapi.SetCartLine{Quantity: 2})
		if err != nil || c.DeliveryCountry != "DE" || !reflect.DeepEqual(c.Deliveries, want["DE"]) {
			t.Errorf("a cart that goes abroad: got %+v, %v", c, err)
		}
		admin := s.as(t, root, token.Admin)
		for _, name := range []string{"DHL", "FedEx"} {
			if err := s.client.DeleteDeliveryProvider(admin, s.provider(t, name)); err != nil {
				t.Fatal(err)
			}
		}
		c, err = s.client.Cart(shopapi.WithCountry(guest, "DE"))
		if err != nil || c.DeliveryCountry != "DE" || len(c.Deliveries) != 0 || len(c.Lines) != 2 {
			t.Errorf("where nobody delivers: got %+v, %v", c, err)
		}
	})
}
