package api_test

import (
	"strings"
	"testing"

	"bookstore/shared/apierr"
	"bookstore/shared/shopapi"
	"bookstore/shared/token"
)

// wantBlamed wants an error that blames one field with a code.
func wantBlamed(t *testing.T, what string, err error, field, code string) {
	t.Helper()
	e, ok := apierr.As(err)
	if !ok || len(e.Fields) != 1 || e.Fields[0].Field != field || e.Fields[0].Code != code {
		t.Errorf("%s: got %v, want %s on %s", what, err, code, field)
	}
}

func TestATrackingNumberLeadsToItsCarrier(t *testing.T) {
	onBoth(t, func(t *testing.T, s *served) {
		o := s.paid(t)
		buyer, sam := s.as(t, ada, token.Buyer), s.as(t, sam, token.Seller)
		id := o.Shipments[0].ID
		for number, code := range map[string]string{
			"": apierr.CodeRequired, "123": apierr.CodeTooShort, strings.Repeat("1", 41): apierr.CodeTooLong, "hello": apierr.CodeBadFormat,
			"12345!": apierr.CodeBadFormat, "https://x.example/1": apierr.CodeBadFormat, "ORDER №5": apierr.CodeBadFormat,
		} {
			_, err := s.client.DispatchShipment(sam, id, shopapi.Dispatch{TrackingNumber: number})
			wantBlamed(t, number, err, "tracking_number", code)
		}
		for number, url := range map[string]string{
			"JD01 4600 0061": "https://www.dhl.com/global-en/home/tracking.html?tracking-id=JD0146000061",
			"A/12-345":       "https://www.dhl.com/global-en/home/tracking.html?tracking-id=A%2F12-345",
		} {
			if _, err := s.client.DispatchShipment(sam, id, shopapi.Dispatch{TrackingNumber: number}); err != nil {
				t.Fatalf("%s: %v", number, err)
			}
			if o, err := s.client.Order(buyer, o.ID); err != nil || o.Shipments[0].TrackingNumber != number || o.Shipments[0].TrackingURL != url {
				t.Errorf("%s: got %+v, %v", number, o.Shipments[0], err)
			}
			if sale, err := s.client.Sale(sam, id); err != nil || sale.TrackingURL != url {
				t.Errorf("%s: its seller got %q, %v", number, sale.TrackingURL, err)
			}
		}
	})
}

func TestAdminsKeepTheTrackingPagesOfCarriers(t *testing.T) {
	onBoth(t, func(t *testing.T, s *served) {
		admin := s.as(t, 9, token.Admin)
		in := shopapi.DeliveryProviderInput{Name: "Carrier", Coverage: shopapi.CoverageNational, Cost: 500, Active: true}
		for url, code := range map[string]string{
			"http://x.example/{number}":                             apierr.CodeBadFormat,
			"https://x.example/":                                    apierr.CodeBadFormat,
			"https://x.example/{number}/{number}":                   apierr.CodeBadFormat,
			"https://{number}.example/":                             apierr.CodeBadFormat,
			"https://me:secret@x.example/{number}":                  apierr.CodeBadFormat,
			"javascript:alert({number})":                            apierr.CodeBadFormat,
			"https://x.example/\"{number}":                          apierr.CodeBadFormat,
			"https://x.example/{number}" + strings.Repeat("x", 300): apierr.CodeTooLong,
		} {
			in.TrackingURL = &url
			_, err := s.client.CreateDeliveryProvider(admin, in)
			wantBlamed(t, url, err, "tracking_url", code)
		}
		page := "https://track.example?n={number}&lang=es"
		in.TrackingURL = &page
		p, err := s.client.CreateDeliveryProvider(admin, in)
		if err != nil || p.TrackingURL != page {
			t.Fatalf("got %+v, %v", p, err)
		}
		in.TrackingURL, in.Cost = nil, 700 // as a client of the release before sends it
		if p, err = s.client.UpdateDeliveryProvider(admin, p.ID, in); err != nil || p.TrackingURL != page || p.Cost.Amount != 700 {
			t.Errorf("left alone: got %+v, %v", p, err)
		}
		none := ""
		in.TrackingURL = &none
		if p, err = s.client.UpdateDeliveryProvider(admin, p.ID, in); err != nil || p.TrackingURL != "" {
			t.Errorf("removed: got %+v, %v", p, err)
		}
		known, err := s.client.CreateDeliveryProvider(admin, shopapi.DeliveryProviderInput{Name: "Royal  MAIL", Coverage: shopapi.CoverageNational})
		if err != nil || !strings.HasPrefix(known.TrackingURL, "https://www.royalmail.com/") {
			t.Errorf("a well-known carrier: got %+v, %v", known, err)
		}
	})
}
