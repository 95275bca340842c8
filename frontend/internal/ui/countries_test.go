package ui

import "testing"

func TestCountriesAreThoseOfTheWorld(t *testing.T) {
	names := map[string]string{}
	for _, o := range Countries("es") {
		names[o.Value] = o.Label
	}
	if len(names) < 240 || len(names) > 260 {
		t.Errorf("got %d countries", len(names))
	}
	for code, want := range map[string]string{"CO": "Colombia", "DE": "Alemania", "US": "Estados Unidos", "AX": "Islas Åland"} {
		if names[code] != want {
			t.Errorf("%s: got %q, want %q", code, names[code], want)
		}
	}
	for _, code := range []string{"UK", "EU", "UN", "ZZ", "SU"} {
		if names[code] != "" {
			t.Errorf("%s is a country: %s", code, names[code])
		}
	}
	if list := Countries("es"); list[0].Label != "Afganistán" {
		t.Errorf("the list begins with %q", list[0].Label)
	}
}
