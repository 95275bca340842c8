package shopapi

import (
	"time"

	"bookstore/shared/money"
)

// Balance is what a seller is owed. It may be below zero: more was given back to
// buyers after a payout than has been sold since.
type Balance struct {
	Pending   money.Money `json:"pending" doc:"for what has not arrived yet"`
	Available money.Money `json:"available" doc:"to be paid out"`
}

// SaleAccount is what a seller gets for a sale: what the buyer paid, less what went
// back, less the commission and the tax on it that are due after that.
type SaleAccount struct {
	Commission    money.Money `json:"commission"`
	CommissionTax money.Money `json:"commission_tax"`
	Net           money.Money `json:"net"`
	AvailableAt   *time.Time  `json:"available_at,omitempty" doc:"when the seller's money becomes available; absent while that is not known"`
	Available     bool        `json:"available" doc:"it has"`
}

// CommissionRuleInput is what an admin says of a new commission rule.
type CommissionRuleInput struct {
	SellerID       int64      `json:"seller_id,omitempty" minimum:"0" doc:"0: of all sellers who have no rule of their own"`
	BasisPoints    int64      `json:"basis_points" minimum:"0" maximum:"10000" doc:"of the price, hundredths of a percent"`
	Fixed          int64      `json:"fixed" minimum:"0" maximum:"10000000" doc:"added to that for each sale, minor units"`
	Minimum        int64      `json:"minimum" minimum:"0" maximum:"10000000" doc:"that both are at least, minor units"`
	TaxBasisPoints int64      `json:"tax_basis_points" minimum:"0" maximum:"10000" doc:"of the commission"`
	OnDelivery     bool       `json:"on_delivery" doc:"delivery counts as a part of the price"`
	StartsAt       *time.Time `json:"starts_at,omitempty" doc:"ten minutes from now at the earliest, which is what its absence means"`
	EndsAt         *time.Time `json:"ends_at,omitempty"`
}

// CommissionRule says what the operator keeps of sales. It is ended, never changed.
type CommissionRule struct {
	ID             int64       `json:"id"`
	SellerID       int64       `json:"seller_id,omitempty"`
	BasisPoints    int64       `json:"basis_points"`
	Fixed          money.Money `json:"fixed"`
	Minimum        money.Money `json:"minimum"`
	TaxBasisPoints int64       `json:"tax_basis_points"`
	OnDelivery     bool        `json:"on_delivery"`
	StartsAt       time.Time   `json:"starts_at"`
	EndsAt         *time.Time  `json:"ends_at,omitempty"`
}

// CommissionRules lists rules, the latest first.
type CommissionRules struct {
	Items []CommissionRule `json:"items" nullable:"false"`
}
