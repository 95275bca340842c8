// Package money holds amounts in whole minor units (cents), as they are in
// code, in JSON and in SQL. No float ever holds money.
package money

import (
	"errors"
	"fmt"
	"math"
	"math/bits"
	"strconv"
	"strings"

	"github.com/bojanz/currency"
)

// Money is an amount in minor units of an ISO 4217 currency, such as
// {1299, "USD"} for $12.99. A shop has one currency for everything.
type Money struct {
	Amount   int64  `json:"amount" doc:"minor units, such as cents"`
	Currency string `json:"currency" minLength:"3" maxLength:"3" doc:"ISO 4217 code"`
}

// The ways a typed amount can be wrong; see Parse.
var (
	ErrFormat   = errors.New("not an amount of money")
	ErrDigits   = errors.New("more decimals than the currency has")
	ErrOverflow = errors.New("amount out of range")
)

// New returns amount minor units of a currency.
func New(amount int64, currencyCode string) Money {
	return Money{amount, currencyCode}
}

// Valid tells whether code is an ISO 4217 currency.
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

// Decimal returns the amount in major units with a point, such as "12.99":
// what Parse reads and what a form field shows.
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

// Format returns m as a reader of the language (BCP 47) writes it, such as
// "$12.99" or "12,99 US$".
func (m Money) Format(language string) string {
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

// Parse reads an amount in major units as people type it: "12", "12.5",
// "12,50", "1,299.00" or "1.299,00". The last point or comma is the decimal
// mark unless exactly three digits follow it and the currency has fewer. It
// returns ErrFormat, ErrDigits or ErrOverflow.
func Parse(text, currencyCode string) (Money, error) {
	digits := Digits(currencyCode)
	whole, fraction, err := split(strings.TrimSpace(text), digits)
	if err != nil {
		return Money{}, err
	}
	if len(fraction) > digits {
		return Money{}, ErrDigits
	}
	all := whole + fraction + strings.Repeat("0", digits-len(fraction))
	amount, err := strconv.ParseInt(all, 10, 64)
	if err != nil {
		return Money{}, ErrOverflow
	}
	return Money{amount, currencyCode}, nil
}

// split separates the whole part from the fraction and drops group marks.
func split(text string, digits int) (whole, fraction string, err error) {
	mark := strings.LastIndexAny(text, ".,")
	whole = text
	if mark >= 0 {
		whole, fraction = text[:mark], text[mark+1:]
		grouped := len(fraction) == 3 && digits < 3 && whole != "" && whole != "0"
		if grouped {
			whole, fraction = text, ""
		}
	}
	whole, ok := ungroup(whole)
	if !ok || !allDigits(fraction) || whole == "" && fraction == "" {
		return "", "", ErrFormat
	}
	return whole, fraction, nil
}

// ungroup removes group marks of one kind, each followed by three digits.
func ungroup(s string) (string, bool) {
	mark := strings.IndexAny(s, ".,")
	if mark < 0 {
		return s, allDigits(s)
	}
	groups := strings.Split(s, s[mark:mark+1])
	for i, g := range groups {
		if !allDigits(g) || i > 0 && len(g) != 3 || i == 0 && (len(g) < 1 || len(g) > 3) {
			return "", false
		}
	}
	return strings.Join(groups, ""), true
}

func allDigits(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r < '0' || r > '9' }) < 0
}
