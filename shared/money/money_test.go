package money_test

import (
	"errors"
	"math"
	"testing"

	"bookstore/shared/money"
)

func TestParseReadsWhatPeopleType(t *testing.T) {
	for _, c := range []struct {
		text, currency string
		want           int64
		err            error
	}{
		{"12", "USD", 1200, nil},
		{" 12.5 ", "USD", 1250, nil},
		{"12,50", "USD", 1250, nil},
		{"0.99", "USD", 99, nil},
		{".99", "USD", 99, nil},
		{"1,299.00", "USD", 129900, nil},
		{"1.299,00", "USD", 129900, nil},
		{"1,299", "USD", 129900, nil},
		{"1.234.567", "USD", 123456700, nil},
		{"1299", "JPY", 1299, nil},
		{"1.5", "JPY", 0, money.ErrDigits},
		{"0.125", "USD", 0, money.ErrDigits},
		{"12.3456", "USD", 0, money.ErrDigits},
		{"", "USD", 0, money.ErrFormat},
		{"-5", "USD", 0, money.ErrFormat},
		{"1e3", "USD", 0, money.ErrFormat},
		{"12 50", "USD", 0, money.ErrFormat},
		{"1,2,3", "USD", 0, money.ErrFormat},
		{"99999999999999999999", "USD", 0, money.ErrOverflow},
	} {
		got, err := money.Parse(c.text, c.currency)
		if !errors.Is(err, c.err) || got.Amount != c.want {
			t.Errorf("Parse(%q, %s) = %v, %v; want %d, %v", c.text, c.currency, got, err, c.want, c.err)
		}
	}
}

func TestDecimalIsReadBackByParse(t *testing.T) {
	for _, currency := range []string{"USD", "JPY", "KWD"} {
		for _, amount := range []int64{0, 1, 9, 10, 99, 100, 1299, 123456789} {
			m := money.New(amount, currency)
			got, err := money.Parse(m.Decimal(), currency)
			if err != nil || got != m {
				t.Errorf("Parse(%q) = %v, %v; want %v", m.Decimal(), got, err, m)
			}
		}
	}
}

func TestArithmeticSaturatesInsteadOfWrapping(t *testing.T) {
	largest := money.New(math.MaxInt64, "USD")
	if got := largest.Add(money.New(1, "USD")); got != largest {
		t.Errorf("MaxInt64 + 1 = %v", got)
	}
	if got := money.New(1<<40, "USD").Times(1 << 40); got != largest {
		t.Errorf("2^40 × 2^40 = %v", got)
	}
	if got := money.New(-1<<40, "USD").Times(1 << 40); got.Amount != math.MinInt64 {
		t.Errorf("−2^40 × 2^40 = %v", got)
	}
	if got := money.New(1299, "USD").Times(3).Sub(money.New(97, "USD")); got.Amount != 3800 {
		t.Errorf("1299 × 3 − 97 = %v", got)
	}
}

func TestAddRefusesToMixCurrencies(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("USD + EUR did not panic")
		}
	}()
	money.New(1, "USD").Add(money.New(1, "EUR"))
}

func TestFormatFollowsTheReadersLanguage(t *testing.T) {
	m := money.New(129900, "USD")
	if got := m.Format("en"); got != "$1,299.00" {
		t.Errorf("en: %q", got)
	}
	if got := m.Format("es"); got == "$1,299.00" || got == "" {
		t.Errorf("es: %q", got)
	}
}
