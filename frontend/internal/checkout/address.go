package checkout

import (
	"net/http"
	"slices"
	"strings"

	"bookstore/frontend/internal/site"
	"bookstore/frontend/internal/ui"
	"bookstore/shared/address"
	"bookstore/shared/apierr"
	"bookstore/shared/shopapi"
)

func readAddress(form *ui.Form) shopapi.Address {
	return shopapi.Address{
		Name:       form.Value("name"),
		Line1:      form.Value("line1"),
		Line2:      form.Value("line2"),
		City:       form.Value("city"),
		Region:     form.Value("region"),
		PostalCode: form.Value("postal_code"),
		Country:    form.Value("country"),
		Phone:      form.Value("phone"),
	}
}

// addressFaults returns what shopsvc has against the address, to be said with
// what is wrong with the rest of the form, or nil.
func addressFaults(form *ui.Form) error {
	wrong := apierr.Invalid()
	for _, p := range address.Address(readAddress(form)).Check() {
		wrong.Fields = append(wrong.Fields, apierr.FieldError{Field: "address." + p.Field, Code: p.Code})
	}
	if len(wrong.Fields) == 0 {
		return nil
	}
	return wrong
}

// checkoutOrder names the fields of the checkout in the page's order.
func checkoutOrder(country string, seen []seenLine) []string {
	order := []string{"name", "country", "line1", "line2"}
	for _, f := range placeFields(country) {
		order = append(order, string(f))
	}
	order = append(order, "phone")
	for _, line := range seen {
		order = append(order, ProviderField(line.SellerID))
	}
	return order
}

// doubtAddress blames what looks wrong with an address, unless the buyer has
// been asked about just that and sends it again: the rules may be older than the
// address.
func doubtAddress(r *http.Request, form *ui.Form) {
	a := address.Address(readAddress(form))
	doubts := a.Doubts()
	if len(doubts) == 0 || form.Value(doubtedField) == doubted(a) || len(a.Check()) > 0 {
		return
	}
	t := site.Words(r)
	country := ui.CountryName(t.Lang(), a.Country)
	for _, d := range doubts {
		key := "checkout.doubt." + d.Field
		example := address.Of(a.Country).Example
		if d.Field == string(address.PostalCode) && example == "" {
			key += "_plain"
		}
		form.Blame(d.Field, t.T(key, "Country", country, "Example", example))
	}
	form.Values.Set(doubtedField, doubted(a))
}

// doubtedField carries what the buyer was asked about.
const doubtedField = "doubted"

// doubted returns what doubts depend on, in one text.
func doubted(a address.Address) string {
	return strings.Join([]string{a.Country, a.Region, a.PostalCode}, "|")
}

// addressLabels names the fields of an address as its country does, for the
// summary of what is wrong.
func addressLabels(p *ui.Page, country string) map[string]string {
	c := address.Of(country)
	return map[string]string{
		"city":        p.T("address.city." + c.CityName),
		"region":      p.T("address.region." + c.RegionName),
		"postal_code": p.T("address.postal." + c.PostalName),
	}
}

// placeFields are the fields of a place that addresses of a country have, in
// the order in which they are written there.
func placeFields(country string) []address.Field {
	return slices.DeleteFunc(address.Of(country).Fields(), func(f address.Field) bool {
		return f == address.Name || f == address.Street
	})
}

// placeField describes the input for a part of a place.
func (c Checkout) placeField(p ui.Page, f address.Field) ui.Field {
	of := address.Of(c.Form.Value("country"))
	field := ui.Field{Name: string(f), Label: addressLabels(&p, c.Form.Value("country"))[string(f)], Required: of.Requires(f)}
	switch f {
	case address.City:
		field.Autocomplete, field.MaxLength, field.Wide = "address-level2", shopapi.MaxCity, true
	case address.RegionField:
		field.Autocomplete, field.MaxLength = "address-level1", shopapi.MaxRegion
		if len(of.Regions) > 0 {
			field.List = "regions"
		}
	case address.PostalCode:
		field.Autocomplete, field.MaxLength = "postal-code", shopapi.MaxPostalCode
	}
	return field
}

// regions are the choices that the field of a region suggests.
func (c Checkout) regions() []ui.Option {
	of := address.Of(c.Form.Value("country"))
	var options []ui.Option
	for _, r := range of.Regions {
		options = append(options, ui.Option{Value: of.Printed(r), Label: r.Name})
	}
	return options
}
