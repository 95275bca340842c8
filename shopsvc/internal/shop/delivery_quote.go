package shop

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"slices"

	"bookstore/shared/apierr"
	"bookstore/shared/country"
	"bookstore/shared/shopapi"
)

// DeliveryRates says by whom, and for how much, sellers' books can be sent.
type DeliveryRates interface {
	// Options returns by seller the providers that take a parcel of theirs to a
	// country, with what it costs there; none for a seller whom nobody serves.
	Options(ctx context.Context, country string, sellerIDs []int64) (map[int64][]Provider, error)
}

// commonRates are the shop's own providers, whose costs are the same for all
// sellers. They are DeliveryRates.
type commonRates struct {
	providers   ProviderStore
	homeCountry string
}

// Options implements DeliveryRates.
func (r commonRates) Options(ctx context.Context, country string, sellerIDs []int64) (map[int64][]Provider, error) {
	all, err := r.providers.Providers(ctx)
	if err != nil {
		return nil, fmt.Errorf("read delivery providers: %w", err)
	}
	serving := slices.DeleteFunc(all, func(p Provider) bool { return !p.serves(country, r.homeCountry) })
	options := map[int64][]Provider{}
	for _, seller := range sellerIDs {
		options[seller] = serving
	}
	return options, nil
}

// DeliveryQuote is the cheapest way to have one parcel of a seller's sent.
type DeliveryQuote struct {
	SellerID int64
	Provider Provider
}

// CheapestDeliveries returns the cheapest delivery to a country of each seller,
// without those whom nobody serves there.
func (s *Service) CheapestDeliveries(ctx context.Context, to string, sellerIDs []int64) ([]DeliveryQuote, error) {
	if !country.Valid(to) {
		return nil, apierr.Field("country", shopapi.CodeUnknownCountry)
	}
	options, err := s.rates.Options(ctx, to, sellerIDs)
	if err != nil {
		return nil, fmt.Errorf("quote deliveries: %w", err)
	}
	var quotes []DeliveryQuote
	for _, seller := range sellerIDs {
		if len(options[seller]) == 0 {
			continue
		}
		cheapest := slices.MinFunc(options[seller], func(a, b Provider) int { return cmp.Compare(a.Cost, b.Cost) })
		quotes = append(quotes, DeliveryQuote{seller, cheapest})
	}
	return quotes, nil
}

// Quoted returns c with the cheapest delivery to a country of each seller whose
// books can be bought. A cart is shown without if that can't be told.
func (s *Service) Quoted(ctx context.Context, c PricedCart, to string) PricedCart {
	if to == "" {
		return c
	}
	quotes, err := s.CheapestDeliveries(ctx, to, c.sellers())
	if err != nil {
		slog.InfoContext(ctx, "deliveries of a cart not quoted", "error", err)
		return c
	}
	c.DeliveryCountry, c.Deliveries = to, quotes
	return c
}

// sellers returns whose books in c can be bought, each once.
func (c PricedCart) sellers() []int64 {
	var ids []int64
	for _, l := range c.Priced {
		if l.Problem == "" && !slices.Contains(ids, l.Book.SellerID) {
			ids = append(ids, l.Book.SellerID)
		}
	}
	return ids
}
