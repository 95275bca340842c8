// Package money holds amounts in whole minor units (cents), as they are in
// code, in JSON and in SQL. No float ever holds money.
package money

import (
	"fmt"
	"math"
	"math/bits"
	"strconv"
	"strings"

	"github.com/bojanz/currency"
	"github.com/maypok86/otter/v2"
)

// Money is an amount in minor units of an ISO 4217 currency, such as
// {1299, "USD"} for $12.99. A shop has one currency for everything.
type Money struct {
	Amount   int64  `json:"amount" doc:"minor units, such as cents"`
	Currency string `json:"currency" minLength:"3" maxLength:"3" doc:"ISO 4217 code"`
}

// New returns amount minor units of a currency.
func New(amount int64, currencyCode string) Money {
	return Money{amount, currencyCode}
}

// Valid reports whether code is an ISO 4217 currency.
func Valid(code string) bool { return currency.IsValid(code) }

// Add returns m + o. It panics if the currencies differ, which is a bug and
// never a visitor's mistake, and saturates instead of overflowing.
func (m Money) Add(o Money) Money {
	if m.Currency != o.Currency {
		panic(fmt.Sprintf("money: %s added to %s", o.Currency, m.Currency))
	}
	switch {
	case o.Amount > 0 && m.Amount > math.MaxInt64-o.Amount:
		return Money{math.MaxInt64, m.Currency}
	case o.Amount < 0 && m.Amount < math.MinInt64-o.Amount:
		return Money{math.MinInt64, m.Currency}
	}
	return Money{m.Amount + o.Amount, m.Currency}
}

// Sub returns m − o, under the rules of Add.
func (m Money) Sub(o Money) Money { return m.Add(Money{-o.Amount, o.Currency}) }

// Times returns m multiplied by a quantity, saturating instead of overflowing.
func (m Money) Times(quantity int64) Money {
	negative := (m.Amount < 0) != (quantity < 0)
	high, low := bits.Mul64(magnitude(m.Amount), magnitude(quantity))
	if high != 0 || low > math.MaxInt64 {
		if negative {
			return Money{math.MinInt64, m.Currency}
		}
		return Money{math.MaxInt64, m.Currency}
	}
	if negative {
		return Money{-int64(low), m.Currency}
	}
	return Money{int64(low), m.Currency}
}

func magnitude(n int64) uint64 {
	if n < 0 {
		return -uint64(n)
	}
	return uint64(n)
}

// String returns m for logs, such as "USD 12.99".
func (m Money) String() string {
	return m.Currency + " " + m.Decimal()
}

// Decimal returns the amount in major units with a point, such as "12.99", for
// programs; Typed is for people.
func (m Money) Decimal() string {
	digits := Digits(m.Currency)
	sign := ""
	if m.Amount < 0 {
		sign = "-"
	}
	s := strconv.FormatUint(magnitude(m.Amount), 10)
	if digits == 0 {
		return sign + s
	}
	if len(s) <= digits {
		s = strings.Repeat("0", digits-len(s)+1) + s
	}
	return sign + s[:len(s)-digits] + "." + s[len(s)-digits:]
}

// formatted are the amounts that were written lately, some hundred bytes each. To
// write one takes a microsecond or two, and most stand on a page again and again.
var formatted = otter.Must(&otter.Options[written, string]{MaximumSize: 10_000})

// written is an amount and the language that it is written in.
type written struct {
	money    Money
	language string
}

// Format returns m as a reader of the language (BCP 47) writes it, such as
// "$12.99" or "12,99 US$".
func (m Money) Format(language string) string {
	key := written{m, language}
	text, known := formatted.GetIfPresent(key)
	if !known {
		text = m.format(language)
		formatted.Set(key, text)
	}
	return text
}

func (m Money) format(language string) string {
	amount, err := currency.NewAmountFromInt64(m.Amount, m.Currency)
	if err != nil {
		return m.String()
	}
	formatter := currency.NewFormatter(currency.NewLocale(language))
	return formatter.Format(amount)
}

// Digits returns how many decimals the currency has; 2 for unknown ones.
func Digits(code string) int {
	digits, ok := currency.GetDigits(code)
	if !ok {
		return 2
	}
	return int(digits)
}
