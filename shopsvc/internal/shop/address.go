package shop

import (
	"unicode/utf8"

	"bookstore/shared/address"
	"bookstore/shared/apierr"
	"bookstore/shared/country"
	"bookstore/shared/shopapi"
	"bookstore/shared/text"
)

// Address is where an order is delivered to.
type Address struct {
	Name       string `json:"name"`
	Line1      string `json:"line1"`
	Line2      string `json:"line2,omitempty"`
	City       string `json:"city"`
	Region     string `json:"region,omitempty"`
	PostalCode string `json:"postal_code,omitempty"`
	Country    string `json:"country"` // ISO 3166-1 alpha-2
	Phone      string `json:"phone,omitempty"`
}

// tidy returns a with its texts tidied as its country's post writes them, and the
// fields that are wrong with it. What only looks wrong is taken: pages ask back.
func (a Address) tidy() (Address, []apierr.FieldError) {
	if !country.Valid(a.Country) {
		return a, []apierr.FieldError{{Field: "address.country", Code: shopapi.CodeUnknownCountry}}
	}
	for _, value := range []*string{&a.Name, &a.Line1, &a.Line2, &a.City, &a.Region, &a.PostalCode, &a.Phone} {
		*value = text.Line(*value)
	}
	a = Address(address.Address(a).Tidy())
	wrong := a.tooLong()
	for _, p := range address.Address(a).Check() {
		wrong = append(wrong, apierr.FieldError{Field: "address." + p.Field, Code: p.Code})
	}
	return a, wrong
}

func (a Address) tooLong() (wrong []apierr.FieldError) {
	for _, f := range []struct {
		name, value string
		limit       int
	}{
		{"name", a.Name, shopapi.MaxAddressName}, {"line1", a.Line1, shopapi.MaxAddressLine},
		{"line2", a.Line2, shopapi.MaxAddressLine}, {"city", a.City, shopapi.MaxCity},
		{"region", a.Region, shopapi.MaxRegion}, {"postal_code", a.PostalCode, shopapi.MaxPostalCode},
		{"phone", a.Phone, shopapi.MaxPhone},
	} {
		if utf8.RuneCountInString(f.value) > f.limit {
			wrong = append(wrong, apierr.FieldError{Field: "address." + f.name, Code: apierr.CodeTooLong, Params: map[string]any{"max": f.limit}})
		}
	}
	return wrong
}
