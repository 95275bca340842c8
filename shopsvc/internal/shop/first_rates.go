package shop

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"sync"

	"bookstore/shared/money"
)

// firstRatesJSON is what delivery costs in a new shop, for parcels of books.
// Costs are in cents of a US dollar; other currencies follow from what a thousand
// dollars are worth, roughly. first_cost is what the schema gave each provider.
//
//go:embed first_rates.json
var firstRatesJSON []byte

type firstRates struct {
	Providers []struct {
		Name      string   `json:"name"`
		Coverage  Coverage `json:"coverage"`
		Cents     int64    `json:"cents"`
		FirstCost int64    `json:"first_cost"`
	} `json:"providers"`
	PerThousandDollars map[string]int64 `json:"per_thousand_dollars"`
}

var readFirstRates = sync.OnceValues(func() (rates firstRates, err error) {
	if err = json.Unmarshal(firstRatesJSON, &rates); err != nil {
		err = fmt.Errorf("read the first delivery rates: %w", err)
	}
	return rates, err
})

// SetFirstRates gives the providers of a new shop costs that suit books, in the
// shop's currency. It changes nothing once an admin has changed a provider or
// somebody has ordered, so every instance may do it at each start.
func (s *Service) SetFirstRates(ctx context.Context) error {
	rates, err := readFirstRates()
	if err != nil {
		return err
	}
	var before, after []Provider
	for _, p := range rates.Providers {
		provider := Provider{Name: p.Name, Coverage: p.Coverage, Cost: p.FirstCost, Active: true}
		before = append(before, provider)
		if provider.Cost, err = FirstCost(p.Cents, s.cfg.Currency); err != nil {
			return err
		}
		after = append(after, provider)
	}
	if err := s.store.SetFirstCosts(ctx, before, after); err != nil {
		return fmt.Errorf("set the first delivery rates: %w", err)
	}
	return nil
}

// FirstCost converts cents of a US dollar into minor units of a currency, roughly,
// and keeps the first two figures: nobody asks for 38,937 pesos.
func FirstCost(cents int64, currency string) (int64, error) {
	rates, err := readFirstRates()
	if err != nil {
		return 0, err
	}
	worth, known := rates.PerThousandDollars[currency]
	if !known {
		return 0, fmt.Errorf("there are no first delivery rates in %s", currency)
	}
	amount := cents * worth // in 100,000ths of a major unit
	for range money.Digits(currency) {
		amount *= 10
	}
	amount /= 100_000
	unit := int64(1)
	for amount/unit >= 100 {
		unit *= 10
	}
	return max((amount+unit/2)/unit*unit, 1), nil
}
