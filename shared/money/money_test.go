package money_test

import (
	"math"
	"testing"

	"bookstore/shared/money"
)

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
