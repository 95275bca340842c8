package money_test

import (
	"errors"
	"testing"

	"bookstore/shared/money"
)

func TestParseReadsWhatPeopleType(t *testing.T) {
	for _, c := range []struct {
		text, currency, language string
		want                     int64
		err                      error
	}{
		{"12", "USD", "en", 1200, nil},
		{" 12.5 ", "USD", "en", 1250, nil},
		{"12,50", "USD", "en", 1250, nil},
		{"0.99", "USD", "en", 99, nil},
		{".99", "USD", "es", 99, nil},
		{"12,", "USD", "en", 1200, nil},
		{"1,299.00", "USD", "en", 129900, nil},
		{"1.299,00", "USD", "en", 129900, nil},
		{"1,299", "USD", "en", 129900, nil},
		{"1.299", "USD", "es", 129900, nil},
		{"1.234.567", "USD", "en", 123456700, nil},
		{"1 299,50", "EUR", "es", 129950, nil},
		{"1\u202f299\u00a0€", "EUR", "es", 129900, nil},
		{"1'299.50", "CHF", "en", 129950, nil},
		{"1\u2019299", "CHF", "en", 129900, nil},
		{"$5", "USD", "en", 500, nil},
		{"$ 5", "USD", "es", 500, nil},
		{"5 USD", "USD", "en", 500, nil},
		{"usd5", "USD", "es", 500, nil},
		{"5,00 US$", "USD", "es", 500, nil},
		{"5,00 US$", "USD", "en", 500, nil},
		{"$5", "MXN", "es", 500, nil},
		{"5 €", "EUR", "en", 500, nil},
		{"£5", "GBP", "es", 500, nil},
		{"¥1,299", "JPY", "en", 1299, nil},
		{"\u200e\u0661\u0662,\u0665\u0660", "USD", "en", 1250, nil}, // Arabic digits
		{"１２．５０", "USD", "en", 1250, nil},
		{"1299", "JPY", "en", 1299, nil},
		{"1.250", "KWD", "en", 1250, nil},
		{"1,250", "KWD", "es", 1250, nil},
		{"1,250", "KWD", "en", 1250000, nil},
		{"0.125", "USD", "en", 0, money.ErrDigits},
		{"1.5", "JPY", "en", 0, money.ErrDigits},
		{"12.3456", "USD", "en", 0, money.ErrDigits},
		{"1234.567", "USD", "en", 0, money.ErrDigits},
		{"5 EUR", "USD", "en", 0, money.ErrCurrency},
		{"€5", "USD", "en", 0, money.ErrCurrency},
		{"", "USD", "en", 0, money.ErrFormat},
		{"$", "USD", "en", 0, money.ErrFormat},
		{".", "USD", "en", 0, money.ErrFormat},
		{"abc", "USD", "en", 0, money.ErrFormat},
		{"5 apples", "USD", "en", 0, money.ErrFormat},
		{"5$5", "USD", "en", 0, money.ErrFormat},
		{"-5", "USD", "en", 0, money.ErrFormat},
		{"\u22125", "USD", "en", 0, money.ErrFormat},
		{"1e3", "USD", "en", 0, money.ErrFormat},
		{"12 50", "USD", "en", 0, money.ErrFormat},
		{"1,2,3", "USD", "en", 0, money.ErrFormat},
		{"1,2,345.00", "USD", "en", 0, money.ErrFormat},
		{"99999999999999999999", "USD", "en", 0, money.ErrOverflow},
	} {
		got, err := money.Parse(c.text, c.currency, c.language)
		if !errors.Is(err, c.err) || got.Amount != c.want {
			t.Errorf("Parse(%q, %s, %s) = %v, %v; want %d, %v", c.text, c.currency, c.language, got, err, c.want, c.err)
		}
	}
}

func TestAnAmountOfTwoReadingsIsAskedBack(t *testing.T) {
	for _, c := range []struct {
		text, currency, language string
		larger, smaller          int64
	}{
		{"12.345", "USD", "en", 1234500, 1235},
		{"12,345", "USD", "es", 1234500, 1235},
		{"$1.299", "USD", "en", 129900, 130},
		{"999,994 €", "EUR", "es", 99999400, 99999},
		{"12.345", "JPY", "en", 12345, 12},
	} {
		_, err := money.Parse(c.text, c.currency, c.language)
		var ambiguous *money.AmbiguousError
		if !errors.As(err, &ambiguous) || ambiguous.Larger != money.New(c.larger, c.currency) || ambiguous.Smaller != money.New(c.smaller, c.currency) {
			t.Errorf("Parse(%q, %s, %s): got %v", c.text, c.currency, c.language, err)
		}
	}
}

func TestWhatAFieldShowsIsReadBack(t *testing.T) {
	for _, language := range []string{"en", "es"} {
		for _, currency := range []string{"USD", "JPY", "KWD"} {
			for _, amount := range []int64{0, 1, 9, 10, 99, 100, 1299, 123456789} {
				m := money.New(amount, currency)
				for _, shown := range []string{m.Typed(language), m.Format(language)} {
					got, err := money.Parse(shown, currency, language)
					if err != nil || got != m {
						t.Errorf("%s: Parse(%q) = %v, %v; want %v", language, shown, got, err, m)
					}
				}
			}
		}
	}
	if got := money.New(1250, "USD").Typed("es"); got != "12,50" {
		t.Errorf("in Spanish: %q", got)
	}
}
