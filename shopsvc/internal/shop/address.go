package shop

import (
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

// tidy returns a with its texts tidied, and the fields that are wrong with it.
func (a Address) tidy() (Address, []apierr.FieldError) {
	var wrong []apierr.FieldError
	check := func(value *string, field string, required bool, limit int) {
		*value = text.Line(*value)
		if required && *value == "" {
			wrong = append(wrong, apierr.FieldError{Field: "address." + field, Code: apierr.CodeRequired})
		}
		if len([]rune(*value)) > limit {
			wrong = append(wrong, apierr.FieldError{Field: "address." + field, Code: apierr.CodeTooLong, Params: map[string]any{"max": limit}})
		}
	}
	check(&a.Name, "name", true, 100)
	check(&a.Line1, "line1", true, 200)
	check(&a.Line2, "line2", false, 200)
	check(&a.City, "city", true, 100)
	check(&a.Region, "region", false, 100)
	check(&a.PostalCode, "postal_code", false, 20)
	check(&a.Phone, "phone", false, 30)
	if !country.Valid(a.Country) {
		wrong = append(wrong, apierr.FieldError{Field: "address.country", Code: shopapi.CodeUnknownCountry})
	}
	return a, wrong
}
