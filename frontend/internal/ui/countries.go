package ui

import (
	"net/url"
	"sync"

	"bookstore/shared/country"
	"bookstore/shared/i18n"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
)

// CountryName returns the name of a country (ISO 3166-1 alpha-2) in a language,
// and the code itself for one that it does not know.
func CountryName(lang, code string) string {
	return i18n.CountryName(lang, code)
}

// Countries returns all countries by their names in a language.
func Countries(lang string) []Option {
	if options, ok := countries.Load(lang); ok {
		return options.([]Option)
	}
	options := listCountries(lang)
	countries.Store(lang, options)
	return options
}

var countries sync.Map // language to []Option

func listCountries(lang string) []Option {
	var options []Option
	for _, code := range country.Codes() {
		options = append(options, Option{Value: code, Label: CountryName(lang, code)})
	}
	collate.New(language.Make(lang)).Sort(byLabel(options))
	return options
}

// byLabel lets a collator sort options.
type byLabel []Option

func (o byLabel) Len() int           { return len(o) }
func (o byLabel) Swap(i, j int)      { o[i], o[j] = o[j], o[i] }
func (o byLabel) Bytes(i int) []byte { return []byte(o[i].Label) }

// countryURL is the address of the choice of a country, which leads back to p.
func countryURL(p Page) string { return "/delivery-country?next=" + url.QueryEscape(p.Here) }
