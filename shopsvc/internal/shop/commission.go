package shop

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"bookstore/shared/apierr"
	"bookstore/shared/idempotency"
	"bookstore/shared/shopapi"
)

const (
	// CommissionNotice is how long before it begins or ends a rule is known at
	// least: until then, every instance has read it.
	CommissionNotice = shopapi.CommissionNotice
	// rulesAge is how old the rules are at most that an instance applies.
	rulesAge = time.Minute
	// wholeShare is one, in basis points.
	wholeShare = shopapi.MaxBasisPoints
)

// Commission is what the operator keeps of a sale, in minor units. It is settled
// when the order is placed and never computed again from later rules.
type Commission struct {
	Amount int64
	Tax    int64 // on Amount; the seller pays it, not the buyer
}

// CommissionRule says what the operator keeps of sales that are made from Starts
// until Ends. It is ended, never changed.
type CommissionRule struct {
	ID             int64
	SellerID       int64 // 0: of all sellers who have no rule of their own
	BasisPoints    int64 // of the price, hundredths of a percent
	Fixed          int64 // minor units for each sale, added to that
	Minimum        int64 // minor units, that both are at least
	TaxBasisPoints int64 // of the commission
	OnDelivery     bool  // delivery counts as a part of the price
	Starts         time.Time
	Ends           time.Time // zero: not yet said
}

func (r CommissionRule) covers(sellerID int64, at time.Time) bool {
	return (r.SellerID == 0 || r.SellerID == sellerID) && !at.Before(r.Starts) && (r.Ends.IsZero() || at.Before(r.Ends))
}

// of returns the commission on a sale. With its tax it is never more than the
// sale brings.
func (r CommissionRule) of(s *Shipment) Commission {
	base := s.Subtotal
	if r.OnDelivery {
		base = s.Total
	}
	c := Commission{Amount: min(max(share(base, r.BasisPoints, wholeShare)+r.Fixed, r.Minimum), s.Total)}
	c.Tax = share(c.Amount, r.TaxBasisPoints, wholeShare)
	if c.Amount+c.Tax > s.Total {
		c.Amount = share(s.Total, wholeShare, wholeShare+r.TaxBasisPoints)
		c.Tax = s.Total - c.Amount
	}
	return c
}

// settleCommission gives a sale its commission after the rules of a time: the
// seller's own rule before one of all, and of those the one that began last. There
// is none where no rule holds.
func (s *Shipment) settleCommission(rules []CommissionRule, at time.Time) {
	var best *CommissionRule
	for i := range rules {
		r := &rules[i]
		if r.covers(s.SellerID, at) && (best == nil || r.goesBefore(*best)) {
			best = r
		}
	}
	s.Commission = &Commission{}
	if best != nil {
		*s.Commission = best.of(s)
	}
}

func (r CommissionRule) goesBefore(other CommissionRule) bool {
	switch {
	case (r.SellerID != 0) != (other.SellerID != 0):
		return r.SellerID != 0
	case !r.Starts.Equal(other.Starts):
		return r.Starts.After(other.Starts)
	}
	return r.ID > other.ID
}

// knownRules are the rules as they were read a while ago, which is soon enough
// for what is announced CommissionNotice before.
type knownRules struct {
	mu    sync.Mutex
	rules []CommissionRule
	read  time.Time
}

// commissionRules returns the rules that may hold now.
func (s *Service) commissionRules(ctx context.Context) ([]CommissionRule, error) {
	s.rules.mu.Lock()
	defer s.rules.mu.Unlock()
	if time.Since(s.rules.read) < rulesAge {
		return s.rules.rules, nil
	}
	rules, err := s.store.CommissionRules(ctx)
	if err != nil {
		return nil, fmt.Errorf("read commission rules: %w", err)
	}
	s.rules.rules, s.rules.read = rules, time.Now()
	return rules, nil
}

// CommissionRules returns all rules, the latest first; for admins.
func (s *Service) CommissionRules(ctx context.Context, who Caller) ([]CommissionRule, error) {
	if err := who.admin(); err != nil {
		return nil, err
	}
	return s.store.CommissionRules(ctx)
}

// AddCommissionRule adds a rule and returns it with its id; for admins. Under the
// same key, which may be empty, it adds one and returns it again. A rule that
// says no beginning begins after CommissionNotice.
func (s *Service) AddCommissionRule(ctx context.Context, who Caller, key string, r CommissionRule) (CommissionRule, error) {
	if err := who.admin(); err != nil {
		return CommissionRule{}, err
	}
	if err := r.Check(); err != nil {
		return CommissionRule{}, err
	}
	request, err := idempotency.NewRequest(who.UserID, key, r)
	if err != nil {
		return CommissionRule{}, err
	}
	now := s.now()
	soonest := now.Add(CommissionNotice)
	if r.Starts.IsZero() {
		r.Starts = soonest
	}
	if r.Starts.Before(soonest) {
		return CommissionRule{}, apierr.Field("starts_at", apierr.CodeTooSmall, "min", soonest)
	}
	if !r.Ends.IsZero() && !r.Ends.After(r.Starts) {
		return CommissionRule{}, apierr.Field("ends_at", apierr.CodeTooSmall, "min", r.Starts)
	}
	id, err := s.store.InsertCommissionRule(ctx, Actor{RoleAdmin, who.UserID}, request, r, now)
	if err != nil {
		return CommissionRule{}, fmt.Errorf("add commission rule: %w", err)
	}
	rules, err := s.store.CommissionRules(ctx) // the key may have added it a while ago
	if err != nil {
		return CommissionRule{}, fmt.Errorf("read commission rules: %w", err)
	}
	return rules[slices.IndexFunc(rules, func(r CommissionRule) bool { return r.ID == id })], nil
}

// Check returns an error that names every field that is wrong at any time, or nil.
func (r CommissionRule) Check() error {
	var wrong []apierr.FieldError
	bounded := func(field string, value, most int64) {
		switch {
		case value < 0:
			wrong = append(wrong, apierr.FieldError{Field: field, Code: apierr.CodeTooSmall, Params: map[string]any{"min": 0}})
		case value > most:
			wrong = append(wrong, apierr.FieldError{Field: field, Code: apierr.CodeTooLarge, Params: map[string]any{"max": most}})
		}
	}
	bounded("basis_points", r.BasisPoints, wholeShare)
	bounded("tax_basis_points", r.TaxBasisPoints, wholeShare)
	bounded("fixed", r.Fixed, shopapi.MaxCommission)
	bounded("minimum", r.Minimum, shopapi.MaxCommission)
	if wrong != nil {
		return apierr.Invalid(wrong...)
	}
	return nil
}

// EndCommissionRule ends a rule after CommissionNotice; one that has not begun by
// then never holds. For admins. It returns ErrCommissionRuleNotFound if there is
// no such rule, or none that is still to end.
func (s *Service) EndCommissionRule(ctx context.Context, who Caller, id int64) error {
	if err := who.admin(); err != nil {
		return err
	}
	now := s.now()
	err := s.store.EndCommissionRule(ctx, Actor{RoleAdmin, who.UserID}, id, now.Add(CommissionNotice), now)
	switch {
	case errors.Is(err, ErrNotFound):
		return ErrCommissionRuleNotFound
	case err != nil:
		return fmt.Errorf("end commission rule: %w", err)
	}
	return nil
}
