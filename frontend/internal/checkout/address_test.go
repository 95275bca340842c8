package checkout_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"bookstore/frontend/internal/webtest"
	"bookstore/shared/apierr"
	"bookstore/shared/shopapi"
)

// placeOf returns the names of the fields of a place, in their order, and the
// texts of their labels.
func placeOf(a webtest.Answer) (fields, labels []string) {
	place := a.Page.Find("#address-place .field-row")
	for _, n := range place.Find("input").EachIter() {
		fields = append(fields, n.AttrOr("name", ""))
	}
	for _, n := range place.Find("label").EachIter() {
		labels = append(labels, strings.Join(strings.Fields(n.Text()), " "))
	}
	return fields, labels
}

func TestTheAddressFormFollowsTheCountry(t *testing.T) {
	for country, want := range map[string][2][]string{
		"US": {{"city", "region", "postal_code"}, {"City", "State", "ZIP code"}},
		"DE": {{"postal_code", "city"}, {"Postal code", "City"}},
		"GB": {{"city", "postal_code"}, {"Town", "Postal code"}},
		"ES": {{"postal_code", "city", "region"}, {"Postal code", "City", "Province"}},
		"HK": {{"city", "region"}, {"District (optional)", "Area"}},
		"IE": {{"city", "region", "postal_code"}, {"City", "County (optional)", "Eircode (optional)"}},
	} {
		for _, script := range []bool{false, true} {
			b := webtest.Visit(t, checkoutBackend(), webtest.Buyer)
			b.Script = script
			a := b.Post("/checkout", "update", "true", "delivery_country", "CO", "country", country, "line1", "Road 1", "city", "Kept")
			fields, labels := placeOf(a)
			if !slices.Equal(fields, want[0]) || !slices.Equal(labels, want[1]) {
				t.Errorf("%s, scripts %v: got %v, %v", country, script, fields, labels)
			}
			a.Shows(http.StatusOK, `#line1[value="Road 1"]`, `#city[value="Kept"]`)
			if script {
				a.Shows(http.StatusOK, `hx-partial[hx-target="#address-place"] #line1`, "#delivery")
			}
		}
	}
	b := webtest.Visit(t, checkoutBackend(), webtest.Buyer)
	us := b.Post("/checkout", "update", "true", "country", "US")
	us.Shows(http.StatusOK, "#region[required][list=regions]", "#postal_code[required]", `#regions option[value="CA"]`)
	b.Get("/checkout").Shows(http.StatusOK, `#country[name=country] option[value=CO][selected]`, "#region[required]", `#address [hx-post="/checkout"] #country`)
}

func TestAnAddressThatLooksWrongIsAskedAboutOnce(t *testing.T) {
	backend := checkoutBackend()
	b := webtest.Visit(t, backend, webtest.Buyer)
	german := func(code string, more ...string) []string {
		return append([]string{"checkout_key", "k", "name", "Max", "line1", "Weg 1", "city", "Berlin", "country", "DE", "postal_code", code,
			"book_id", "1", "seller_id", "8", "quantity", "2", "price", "1000", "provider_8", "1", "provider_11", "1"}, more...)
	}
	a := b.Post("/checkout", german("1011")...)
	a.Shows(http.StatusUnprocessableEntity, `#postal_code[aria-invalid=true][value="1011"]`, "input[name=doubted]")
	a.Says("#postal_code-error", "Germany, such as 26133")
	a.Says(".error-summary", "Postal code:")
	if backend.Called("POST /v1/orders") != 0 {
		t.Fatal("ordered without a word")
	}
	doubted := a.Page.Find("input[name=doubted]").AttrOr("value", "")
	b.Post("/checkout", german("101", "doubted", doubted)...).Shows(http.StatusUnprocessableEntity, `#postal_code[value="101"]`)
	if backend.Called("POST /v1/orders") != 0 {
		t.Fatal("another doubt was not asked about")
	}
	b.Post("/checkout", german("1011", "doubted", doubted)...)
	var sent shopapi.PlaceOrder
	if backend.Last(t, "POST /v1/orders", &sent); sent.Address.PostalCode != "1011" {
		t.Errorf("sent %+v", sent.Address)
	}
	b.Post("/checkout", german("10115")...)
	if backend.Called("POST /v1/orders") != 2 {
		t.Error("a usual address is asked about")
	}
}

func TestWhatCanBeNoAddressIsCalledAsTheCountryDoes(t *testing.T) {
	backend := checkoutBackend()
	backend.Answers["POST /v1/orders"] = apierr.Invalid(
		apierr.FieldError{Field: "address.region", Code: apierr.CodeRequired},
		apierr.FieldError{Field: "address.postal_code", Code: apierr.CodeBadFormat},
		apierr.FieldError{Field: "address.phone", Code: apierr.CodeBadFormat})
	a := webtest.Visit(t, backend, webtest.Buyer).Post("/checkout", "checkout_key", "k", "name", "Jo", "line1", "1 Main St", "city", "Springfield",
		"country", "US", "postal_code", "!!!", "phone", "hello", "book_id", "1", "seller_id", "8", "quantity", "2", "price", "1000", "provider_8", "1", "provider_11", "1")
	a.Shows(http.StatusUnprocessableEntity, `#postal_code[value="!!!"]`, `#phone[value="hello"]`, "#region-error")
	for _, want := range []string{"State:", "ZIP code: A postal code has letters and digits", "digits, such as"} {
		a.Says(".error-summary", want)
	}
}
