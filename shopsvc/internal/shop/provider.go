package shop

import (
	"context"
	"errors"
	"fmt"

	"bookstore/shared/apierr"
	"bookstore/shared/shopapi"
	"bookstore/shared/text"
)

// Coverage says which addresses a provider delivers to.
type Coverage string

// The coverages.
const (
	National      Coverage = shopapi.CoverageNational // the shop's own country
	International Coverage = shopapi.CoverageInternational
)

// Provider is a carrier that buyers can choose for a shipment.
type Provider struct {
	ID       int64
	Name     string
	Coverage Coverage
	Cost     int64 // of one shipment, in minor units
	Active   bool  // offered to buyers
}

// serves reports whether p can be chosen for an address in country.
func (p Provider) serves(country, home string) bool {
	return p.Active && (p.Coverage == International || country == home)
}

// Providers returns the providers that are offered; for admins, all.
func (s *Service) Providers(ctx context.Context, who Caller) ([]Provider, error) {
	all, err := s.store.Providers(ctx)
	if err != nil {
		return nil, fmt.Errorf("list delivery providers: %w", err)
	}
	if who.isAdmin() {
		return all, nil
	}
	offered := make([]Provider, 0, len(all))
	for _, p := range all {
		if p.Active {
			offered = append(offered, p)
		}
	}
	return offered, nil
}

// CreateProvider adds p and returns it with its id; for admins. It returns
// ErrNameTaken.
func (s *Service) CreateProvider(ctx context.Context, who Caller, p Provider) (Provider, error) {
	if err := checkProvider(who, &p); err != nil {
		return Provider{}, err
	}
	id, err := s.store.InsertProvider(ctx, p)
	if err != nil {
		return Provider{}, providerError("add", err)
	}
	p.ID = id
	return p, nil
}

// UpdateProvider changes the provider p.ID; for admins. Orders keep the cost
// they were placed with. It returns ErrNameTaken or ErrProviderNotFound.
func (s *Service) UpdateProvider(ctx context.Context, who Caller, p Provider) (Provider, error) {
	if err := checkProvider(who, &p); err != nil {
		return Provider{}, err
	}
	if err := s.store.UpdateProvider(ctx, p); err != nil {
		return Provider{}, providerError("change", err)
	}
	return p, nil
}

// DeleteProvider removes a provider; for admins. It returns ErrProviderNotFound.
func (s *Service) DeleteProvider(ctx context.Context, who Caller, id int64) error {
	if err := who.admin(); err != nil {
		return err
	}
	if err := s.store.DeleteProvider(ctx, id); err != nil {
		return providerError("delete", err)
	}
	return nil
}

func checkProvider(who Caller, p *Provider) error {
	if err := who.admin(); err != nil {
		return err
	}
	p.Name = text.Line(p.Name)
	switch {
	case p.Name == "":
		return apierr.Field("name", apierr.CodeRequired)
	case len([]rune(p.Name)) > shopapi.MaxProviderName:
		return apierr.Field("name", apierr.CodeTooLong, "max", shopapi.MaxProviderName)
	case p.Coverage != National && p.Coverage != International:
		return apierr.Field("coverage", apierr.CodeNotAllowed)
	case p.Cost < 0:
		return apierr.Field("cost", apierr.CodeTooSmall, "min", 0)
	case p.Cost > shopapi.MaxDeliveryCost:
		return apierr.Field("cost", apierr.CodeTooLarge, "max", shopapi.MaxDeliveryCost)
	}
	return nil
}

func providerError(doing string, err error) error {
	switch {
	case errors.Is(err, ErrTaken):
		return ErrNameTaken
	case errors.Is(err, ErrNotFound):
		return ErrProviderNotFound
	}
	return fmt.Errorf("%s delivery provider: %w", doing, err)
}
