package money_test

import (
	"fmt"
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

func TestAmountsAreWrittenRightHoweverMany(t *testing.T) {
	for _, from := range []int64{12_000, 0} { // more than are remembered, then the first again
		for amount := from; amount < from+12_000; amount++ {
			want := fmt.Sprintf("$%d.%02d", amount/100, amount%100)
			if got := money.New(amount, "USD").Format("en"); got != want {
				t.Fatalf("%d: got %q, want %q", amount, got, want)
			}
			if amount%1000 == 0 && money.New(amount, "EUR").Format("en") == want {
				t.Fatalf("%d euros are written as dollars", amount)
			}
		}
	}
}

func BenchmarkFormat(b *testing.B) {
	for b.Loop() {
		money.New(129900, "USD").Format("es-CO")
	}
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
