package checkout

import (
	"fmt"

	"bookstore/frontend/internal/cart"
	"bookstore/frontend/internal/ui"
	"bookstore/shared/money"
	"bookstore/shared/shopapi"
)

// Checkout is what the delivery step of the checkout shows.
type Checkout struct {
	Key       string // under which the order is placed once
	Groups    []CheckoutGroup
	Countries []ui.Option
	Home      string // name of the country that national providers serve
	Form      ui.Form
	Changes   []string // what changed since the buyer last looked, in words
	Count     int64
	Subtotal  money.Money
	Delivery  money.Money // of the chosen providers
	Total     money.Money
	Before    *Costs // in the country before, right after the buyer chose another
	Ready     bool   // every line can be bought as it is
	Moved     bool   // to another country than the page was made for
	Scripted  bool   // a script asked, so it will ask again when the country changes
}

// Costs are what a buyer sees that an order costs.
type Costs struct{ Delivery, Total money.Money }

// movedLine says what another country changes, or "".
func (c Checkout) movedLine(p ui.Page) string {
	if c.Before == nil || c.Before.Delivery == c.Delivery {
		return ""
	}
	return p.T("checkout.moved", "Country", p.Country(c.Form.Value("country")),
		"Before", p.Money(c.Before.Delivery), "After", p.Money(c.Delivery),
		"TotalBefore", p.Money(c.Before.Total), "TotalAfter", p.Money(c.Total))
}

// CheckoutGroup is the lines of one seller, and the ways they can be sent.
type CheckoutGroup struct {
	cart.Group
	Options []DeliveryOption
	Gone    bool // the buyer's choice is no longer offered
}

// DeliveryOption is a delivery provider that a buyer can choose for a seller's
// books. One that does not serve the chosen country is shown only where no
// script could bring it when the country changes.
type DeliveryOption struct {
	shopapi.DeliveryProvider
	Serves bool
	Chosen bool
}

// ProviderField names the form field that holds the choice for a seller.
func ProviderField(sellerID int64) string { return fmt.Sprintf("provider_%d", sellerID) }

// totalField names the form field that carries the total as the buyer sees it,
// in minor units.
const totalField = "total"

// costField names the one that carries what a provider's delivery costs.
func costField(sellerID, providerID int64) string {
	return fmt.Sprintf("cost_%d_%d", sellerID, providerID)
}

// served reports whether any provider serves the chosen country.
func (g CheckoutGroup) served() bool {
	for _, o := range g.Options {
		if o.Serves {
			return true
		}
	}
	return false
}

func (c Checkout) coverage(p ui.Page, o DeliveryOption) string {
	if o.Coverage == shopapi.CoverageNational {
		return p.T("checkout.coverage.national", "Country", c.Home)
	}
	return p.T("checkout.coverage.international")
}
