package shop

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"bookstore/shared/apierr"
	"bookstore/shared/idempotency"
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
	// TrackingURL is the page on which the carrier shows where a parcel is; see
	// checkTrackingURL.
	TrackingURL string
}

// serves reports whether p can be chosen for an address in country.
func (p Provider) serves(country, home string) bool {
	return p.Active && (p.Coverage == International || country == home)
}

// offeredProvider returns the provider with this id, if it is offered.
func offeredProvider(id int64, providers []Provider) (Provider, bool) {
	for _, p := range providers {
		if p.ID == id && p.Active {
			return p, true
		}
	}
	return Provider{}, false
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

// trackingURLOf returns the tracking page of a provider, which may be gone.
func trackingURLOf(id int64, providers []Provider) string {
	for _, p := range providers {
		if p.ID == id {
			return p.TrackingURL
		}
	}
	return ""
}

// CreateProvider adds p and returns it with its id; for admins. Under the same
// key, which may be empty, it adds one and returns it again. The tracking page is
// that of the carrier if trackingURL is nil and p has the name of a well-known
// one, and else what trackingURL says. It returns ErrNameTaken, or ErrKeyReused
// if the key added another.
func (s *Service) CreateProvider(ctx context.Context, who Caller, key string, p Provider, trackingURL *string) (Provider, error) {
	if trackingURL != nil {
		p.TrackingURL = *trackingURL
	} else {
		p.TrackingURL = knownCarriers[strings.ToLower(text.Line(p.Name))]
	}
	if err := checkProvider(who, &p); err != nil {
		return Provider{}, err
	}
	request, err := idempotency.NewRequest(who.UserID, key, p)
	if err != nil {
		return Provider{}, err
	}
	id, err := s.store.InsertProvider(ctx, Actor{RoleAdmin, who.UserID}, request, p, s.now())
	if err != nil {
		return Provider{}, providerError("add", err)
	}
	p.ID = id
	return p, nil
}

// SweepKeys forgets the keys of requests that nobody sends again.
func (s *Service) SweepKeys(ctx context.Context) error {
	return s.store.SweepKeys(ctx, s.now().Add(-idempotency.Life))
}

// UpdateProvider changes the provider p.ID; for admins. Orders keep the cost
// they were placed with, and parcels on their way the page on which they are
// tracked. If trackingURL is nil, that of p stays as it was. It returns
// ErrNameTaken or ErrProviderNotFound.
func (s *Service) UpdateProvider(ctx context.Context, who Caller, p Provider, trackingURL *string) (Provider, error) {
	if trackingURL != nil {
		p.TrackingURL = *trackingURL
	} else if err := s.keepTrackingURL(ctx, &p); err != nil {
		return Provider{}, err
	}
	if err := checkProvider(who, &p); err != nil {
		return Provider{}, err
	}
	if err := s.store.UpdateProvider(ctx, Actor{RoleAdmin, who.UserID}, p, s.now()); err != nil {
		return Provider{}, providerError("change", err)
	}
	return p, nil
}

func (s *Service) keepTrackingURL(ctx context.Context, p *Provider) error {
	all, err := s.store.Providers(ctx)
	if err != nil {
		return fmt.Errorf("list delivery providers: %w", err)
	}
	p.TrackingURL = trackingURLOf(p.ID, all)
	return nil
}

// DeleteProvider removes a provider; for admins. It returns ErrProviderNotFound.
func (s *Service) DeleteProvider(ctx context.Context, who Caller, id int64) error {
	if err := who.admin(); err != nil {
		return err
	}
	if err := s.store.DeleteProvider(ctx, Actor{RoleAdmin, who.UserID}, id, s.now()); err != nil {
		return providerError("delete", err)
	}
	return nil
}

func checkProvider(who Caller, p *Provider) error {
	if err := who.admin(); err != nil {
		return err
	}
	tidy, err := p.tidy()
	*p = tidy
	return err
}

// Check returns an error that names every field of p that is wrong, or nil.
func (p Provider) Check() error {
	_, err := p.tidy()
	return err
}

// tidy returns p as it is kept, or an error that names every field that is wrong.
func (p Provider) tidy() (Provider, error) {
	var wrong []apierr.FieldError
	blame := func(err error) {
		if e, ok := apierr.As(err); ok {
			wrong = append(wrong, e.Fields...)
		}
	}
	var err error
	p.Name, err = checkText(p.Name, "name", shopapi.MaxProviderName)
	blame(err)
	if p.Coverage != National && p.Coverage != International {
		blame(apierr.Field("coverage", apierr.CodeNotAllowed))
	}
	if p.Cost < 0 {
		blame(apierr.Field("cost", apierr.CodeTooSmall, "min", 0))
	}
	if p.Cost > shopapi.MaxDeliveryCost {
		blame(apierr.Field("cost", apierr.CodeTooLarge, "max", shopapi.MaxDeliveryCost))
	}
	p.TrackingURL, err = checkTrackingURL(p.TrackingURL)
	blame(err)
	if len(wrong) > 0 {
		return p, apierr.Invalid(wrong...)
	}
	return p, nil
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
