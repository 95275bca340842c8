package address_test

import (
	"slices"
	"strings"
	"testing"

	"bookstore/shared/address"
	"bookstore/shared/apierr"
	"bookstore/shared/country"
)

func TestAddressesArePrintedAsTheirCountryWritesThem(t *testing.T) {
	for want, a := range map[string]address.Address{
		"Ana Ruiz|Calle Mayor 1|2º B|28013 Madrid Madrid":   {Name: "Ana Ruiz", Line1: "Calle Mayor 1", Line2: "2º B", City: "Madrid", Region: "Madrid", PostalCode: "28013", Country: "ES"},
		"Max Kaya|Hauptstr. 5|10115 Berlin":                 {Name: "Max Kaya", Line1: "Hauptstr. 5", City: "Berlin", PostalCode: "10115", Country: "DE"},
		"Jo Poe|1 Main St|Apt 2|Springfield, IL 62701":      {Name: "Jo Poe", Line1: "1 Main St", Line2: "Apt 2", City: "Springfield", Region: "IL", PostalCode: "62701", Country: "US"},
		"Jo Poe|1 Main St|Springfield 62701":                {Name: "Jo Poe", Line1: "1 Main St", City: "Springfield", PostalCode: "62701", Country: "US"},
		"Jo Poe|1 Main St|Springfield, IL":                  {Name: "Jo Poe", Line1: "1 Main St", City: "Springfield", Region: "IL", Country: "US"},
		"Sam Lee|10 Downing St|London|SW1A 2AA":             {Name: "Sam Lee", Line1: "10 Downing St", City: "London", PostalCode: "SW1A 2AA", Country: "GB"},
		"〒154-0023|東京都|世田谷区1-2|山田":                          {Name: "山田", Line1: "世田谷区1-2", Region: "東京都", PostalCode: "154-0023", Country: "JP"},
		"Ken Yamada|1-2 Setagaya, Tokyo|154-0023":           {Name: "Ken Yamada", Line1: "1-2 Setagaya", Region: "Tokyo", PostalCode: "154-0023", Country: "JP"},
		"Li Tan|5 Orchard Rd|SINGAPORE 238801":              {Name: "Li Tan", Line1: "5 Orchard Rd", PostalCode: "238801", Country: "SG"},
		"Uma Rao|2 MG Road|Pune 411001|Maharashtra":         {Name: "Uma Rao", Line1: "2 MG Road", City: "Pune", PostalCode: "411001", Region: "Maharashtra", Country: "IN"},
		"Eva Roy|Rue 1|CH-1200 Genève":                      {Name: "Eva Roy", Line1: "Rue 1", City: "Genève", PostalCode: "1200", Country: "CH"},
		"of before|Old Road 1|Berlin|999 Brandenburg":       {Name: "of before", Line1: "Old Road 1", City: "Berlin", PostalCode: "999", Region: "Brandenburg", Country: "AG"},
		"nowhere|Road 1|12345 Town|Region":                  {Name: "nowhere", Line1: "Road 1", City: "Town", PostalCode: "12345", Region: "Region", Country: "??"},
		"Ada|Road 1|Berlin|Brandenburg":                     {Name: "Ada", Line1: "Road 1", City: "Berlin", Region: "Brandenburg", Country: "DE"},
		"Pat Kelly|1 Main Street|Bray|Co. Wicklow|A98 X0Y1": {Name: "Pat Kelly", Line1: "1 Main Street", City: "Bray", Region: "Co. Wicklow", PostalCode: "A98 X0Y1", Country: "IE"},
		"Rui Sá|Rua 1|São Paulo-SP|01310-100":               {Name: "Rui Sá", Line1: "Rua 1", City: "São Paulo", Region: "SP", PostalCode: "01310-100", Country: "BR"},
	} {
		got := a.Lines()
		if a.Country == "BR" { // the receiver comes first, of what the shop asks for
			slices.Sort(got)
			parts := strings.Split(want, "|")
			slices.Sort(parts)
			want = strings.Join(parts, "|")
		}
		if strings.Join(got, "|") != want {
			t.Errorf("%s: got %q, want %q", a.Country, strings.Join(got, "|"), want)
		}
	}
}

func TestEveryCountryAsksForWhatItRequires(t *testing.T) {
	for _, code := range country.Codes() {
		c, a := address.Of(code), address.Address{Name: "N", Line1: "A", Line2: "B", City: "C", Region: "S", PostalCode: "Z1", Country: code}
		fields := c.Fields()
		for _, f := range []address.Field{address.Name, address.Street, address.City, address.RegionField, address.PostalCode} {
			if c.Requires(f) && !slices.Contains(fields, f) {
				t.Errorf("%s: %s is required and not in %v", code, f, fields)
			}
		}
		if c.Requires(address.PostalCode) && c.Example == "" {
			t.Errorf("%s: no example of a postal code", code)
		}
		printed := strings.Join(a.Lines(), " ") + " "
		for _, part := range []string{"N", "A", "B", "C", "S", "Z1"} {
			if !strings.Contains(printed, part) {
				t.Errorf("%s: %s is not in %q", code, part, printed)
			}
		}
		if c.Example != "" {
			a.PostalCode = c.Example
			if doubts := a.Doubts(); slices.Contains(doubts, address.Problem{Field: "postal_code", Code: address.CodeUnusual}) {
				t.Errorf("%s: its own example %s is doubted", code, c.Example)
			}
		}
	}
}

func TestCountriesRequireWhatTheirPostDoes(t *testing.T) {
	for code, want := range map[string][]address.Field{
		"US": {"name", "line1", "city", "region", "postal_code"},
		"CA": {"name", "line1", "city", "region", "postal_code"},
		"ES": {"name", "line1", "postal_code", "city", "region"},
		"DE": {"name", "line1", "postal_code", "city"},
		"GB": {"name", "line1", "city", "postal_code"},
		"HK": {"name", "line1", "region"},
		"AE": {"name", "line1", "region"},
		"IE": {"name", "line1", "city"},
	} {
		c := address.Of(code)
		got := slices.DeleteFunc(c.Fields(), func(f address.Field) bool { return !c.Requires(f) })
		if !slices.Equal(got, want) {
			t.Errorf("%s requires %v, want %v", code, got, want)
		}
	}
	for code, asked := range map[string]bool{"HK": false, "AE": false, "PA": false, "IE": true, "CL": true} {
		if address.Of(code).Asks(address.PostalCode) != asked {
			t.Errorf("%s: that it has postal codes is %v", code, !asked)
		}
	}
	for code, want := range map[string][3]string{
		"US": {"zip", "state", "city"}, "GB": {"postal", "province", "post_town"}, "IE": {"eircode", "county", "city"},
		"IN": {"pin", "state", "city"}, "JP": {"postal", "prefecture", "city"}, "DE": {"postal", "province", "city"},
	} {
		if c := address.Of(code); [3]string{c.PostalName, c.RegionName, c.CityName} != want {
			t.Errorf("%s: %s, %s, %s", code, c.PostalName, c.RegionName, c.CityName)
		}
	}
}

func us(change func(*address.Address)) address.Address {
	a := address.Address{Name: "Jo Poe", Line1: "1 Main St", City: "Springfield", Region: "IL", PostalCode: "62701", Country: "US", Phone: "+1 (217) 555-0100"}
	change(&a)
	return a
}

func TestWhatCanNotBeIsRefusedAndWhatIsUnusualIsDoubted(t *testing.T) {
	for what, c := range map[string]struct {
		a             address.Address
		wrong, doubts string
	}{
		"right":            {us(func(*address.Address) {}), "", ""},
		"no state":         {us(func(a *address.Address) { a.Region = "" }), "region " + apierr.CodeRequired, ""},
		"no zip code":      {us(func(a *address.Address) { a.PostalCode = "" }), "postal_code " + apierr.CodeRequired, ""},
		"no zip":           {us(func(a *address.Address) { a.PostalCode = "!!!" }), "postal_code " + apierr.CodeBadFormat, "postal_code unusual"},
		"a zip of four":    {us(func(a *address.Address) { a.PostalCode = "6270" }), "", "postal_code unusual"},
		"a long zip":       {us(func(a *address.Address) { a.PostalCode = "62701-1234" }), "", ""},
		"a state by name":  {us(func(a *address.Address) { a.Region = "illinois" }), "", ""},
		"a state of its":   {us(func(a *address.Address) { a.Region = "Lincolnia" }), "", "region unusual"},
		"no phone":         {us(func(a *address.Address) { a.Phone = "hello" }), "phone " + apierr.CodeBadFormat, ""},
		"a short phone":    {us(func(a *address.Address) { a.Phone = "+1" }), "phone " + apierr.CodeBadFormat, ""},
		"an extension":     {us(func(a *address.Address) { a.Phone = "217.555.0100 ext. 12" }), "", ""},
		"in German manner": {us(func(a *address.Address) { a.Country, a.Region, a.PostalCode = "DE", "", "D-10115" }), "", ""},
		"without code":     {us(func(a *address.Address) { a.Country, a.PostalCode = "HK", "" }), "", "region unusual"},
		"Arabic digits": {us(func(a *address.Address) {
			a.Country, a.Region, a.PostalCode = "EG", "Cairo", "\u0661\u0661\u0665\u0661\u0661"
		}), "", ""},
	} {
		if got := said(c.a.Check()); got != c.wrong {
			t.Errorf("%s: got %q against it, want %q", what, got, c.wrong)
		}
		if got := said(c.a.Doubts()); got != c.doubts {
			t.Errorf("%s: got the doubts %q, want %q", what, got, c.doubts)
		}
	}
}

func said(problems []address.Problem) string {
	var all []string
	for _, p := range problems {
		all = append(all, p.Field+" "+p.Code)
	}
	return strings.Join(all, ", ")
}

func TestAnAddressIsTidiedAsItsPostWritesIt(t *testing.T) {
	a := us(func(a *address.Address) { a.Region = " ILLINOIS" }).Tidy()
	if a.Region != "IL" {
		t.Errorf("a state became %q", a.Region)
	}
	for _, c := range [][3]string{{"GB", "sw1a  2aa", "SW1A 2AA"}, {"DE", "D-10115", "10115"}, {"US", "１２３４５", "12345"}, {"US", "odd", "odd"}} {
		if got := (address.Address{Country: c[0], PostalCode: c[1]}).Tidy().PostalCode; got != c[2] {
			t.Errorf("%s: %q became %q", c[0], c[1], got)
		}
	}
	if got := (address.Address{Country: "ES", Region: "Madrid"}).Tidy().Region; got != "Madrid" {
		t.Errorf("a Spanish province became %q", got)
	}
}
