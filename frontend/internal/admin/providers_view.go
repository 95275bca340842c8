package admin

import (
	"fmt"

	"bookstore/frontend/internal/ui"
	"bookstore/shared/shopapi"

	"github.com/a-h/templ"
)

// ProviderList is what the page of delivery providers shows.
type ProviderList struct {
	Home  string // name of the country that national providers serve
	Items []shopapi.DeliveryProvider
}

// ProviderForm is what the page to add or change a delivery provider shows.
type ProviderForm struct {
	ID       int64  // 0 for a new one
	Name     string // as it is stored
	Currency string
	Form     ui.Form
}

func (v ProviderForm) action() templ.SafeURL {
	if v.ID == 0 {
		return "/admin/delivery-providers"
	}
	return providerURL(v.ID)
}

func providerURL(id int64) templ.SafeURL {
	return templ.SafeURL(fmt.Sprintf("/admin/delivery-providers/%d", id))
}

func coverageOptions(p ui.Page) []ui.Option {
	return []ui.Option{
		{Value: shopapi.CoverageNational, Label: p.T("providers.coverage.national")},
		{Value: shopapi.CoverageInternational, Label: p.T("providers.coverage.international")},
	}
}

// trackingHint says what to write, and what happens to a new provider without it.
func (v ProviderForm) trackingHint(p ui.Page) string {
	hint := p.T("providers.tracking_url_hint", "Number", shopapi.TrackingNumberInURL)
	if v.ID == 0 {
		hint += " " + p.T("providers.tracking_url_known")
	}
	return hint
}
