package country

import (
	"slices"
	"testing"

	"golang.org/x/text/language"
)

func TestOnlyCountriesThatExistAreValid(t *testing.T) {
	for _, code := range []string{"CO", "DE", "GB", "SS", "AX"} {
		if !Valid(code) {
			t.Errorf("%s is a country", code)
		}
	}
	for _, code := range []string{"", "C", "co", "Co", "COL", " CO", "EU", "UN", "SU", "YU", "AN", "DD", "CS", "TP", "UK", "XK", "AC", "IC", "ZZ", "C1"} {
		if Valid(code) {
			t.Errorf("%q is no country of today", code)
		}
	}
}

// Whatever is listed has to be known to the library that names countries.
func TestTheCodesAreAssignedAndInOrder(t *testing.T) {
	codes := Codes()
	if len(codes) != 249 || !slices.IsSorted(codes) || len(slices.Compact(slices.Clone(codes))) != len(codes) {
		t.Errorf("got %d codes, want the 249 of ISO 3166-1, each once and in order", len(codes))
	}
	for _, code := range codes {
		region, err := language.ParseRegion(code)
		if err != nil || !region.IsCountry() || region.Canonicalize().String() != code {
			t.Errorf("%s is unknown to the library: %v, %v", code, region, err)
		}
	}
}
