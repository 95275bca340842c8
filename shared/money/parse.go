package money

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode"

	"bookstore/shared/text"

	"github.com/bojanz/currency"
)

// The ways a typed amount can be wrong; see Parse.
var (
	ErrFormat   = errors.New("not an amount of money")
	ErrDigits   = errors.New("more decimals than the currency has")
	ErrOverflow = errors.New("amount out of range")
	ErrCurrency = errors.New("an amount of another currency")
)

// AmbiguousError is a typed amount that can be read in two ways, such as
// "12.345" in English: somebody means thousands, somebody else cents.
type AmbiguousError struct {
	Larger  Money // the mark stands between thousands
	Smaller Money // the mark stands before decimals, which are rounded
}

func (e *AmbiguousError) Error() string {
	return fmt.Sprintf("either %s or %s", e.Larger, e.Smaller)
}

// Parse reads an amount in major units as people who read a language (BCP 47)
// type it: "12", "12.5", "12,50", "1,299.00", "1.299,00", "1 299", "$5", "5 USD",
// "5,00 US$". Digits may be of any script.
//
// The last of two kinds of marks is the decimal mark, and one that is there more
// than once is none. A single mark before exactly three digits is what it is in
// the language: between thousands, or before decimals if the currency has three.
// A decimal mark before three digits of which the currency has fewer is asked
// back by an AmbiguousError.
//
// It returns ErrFormat, ErrDigits, ErrOverflow, ErrCurrency or *AmbiguousError.
func Parse(typed, currencyCode, language string) (Money, error) {
	number, err := withoutCurrency(text.Fold(typed), currencyCode, language)
	if err != nil {
		return Money{}, err
	}
	// Blanks and apostrophes stand between thousands and nowhere else.
	number, err = joined(number)
	if err != nil {
		return Money{}, err
	}
	digits := Digits(currencyCode)
	mark := strings.LastIndexAny(number, ".,")
	if mark < 0 {
		return amount(number, "", currencyCode)
	}
	whole, fraction := number[:mark], number[mark+1:]
	if strings.Contains(whole, number[mark:mark+1]) { // twice: it stands between thousands
		whole, fraction = number, ""
	} else if thousands(whole) && len(fraction) == 3 && !strings.ContainsAny(whole, ".,") {
		switch {
		case number[mark:mark+1] != decimalMark(language):
			whole, fraction = whole+fraction, ""
		case digits < 3:
			return Money{}, ambiguous(whole, fraction, currencyCode)
		}
	}
	whole, ok := ungroup(whole)
	if !ok {
		return Money{}, ErrFormat
	}
	return amount(whole, fraction, currencyCode)
}

// Typed returns the amount in major units as a form's field shows it to readers
// of a language, such as "12,50": what Parse reads.
func (m Money) Typed(language string) string {
	return strings.Replace(m.Decimal(), ".", decimalMark(language), 1)
}

// thousands reports whether groups of three digits may follow s.
func thousands(s string) bool { return len(s) >= 1 && len(s) <= 3 && allDigits(s) && s[0] != '0' }

func ambiguous(whole, fraction, currencyCode string) error {
	larger, err := amount(whole+fraction, "", currencyCode)
	if err != nil {
		return err
	}
	digits := Digits(currencyCode)
	smaller, err := amount(whole, fraction[:digits], currencyCode)
	if err != nil {
		return err
	}
	if fraction[digits] >= '5' {
		smaller.Amount++
	}
	return &AmbiguousError{Larger: larger, Smaller: smaller}
}

// amount puts together what is before and after the decimal mark.
func amount(whole, fraction, currencyCode string) (Money, error) {
	digits := Digits(currencyCode)
	if !allDigits(whole) || !allDigits(fraction) || whole == "" && fraction == "" {
		return Money{}, ErrFormat
	}
	if len(fraction) > digits {
		return Money{}, ErrDigits
	}
	minor, err := strconv.ParseInt(whole+fraction+strings.Repeat("0", digits-len(fraction)), 10, 64)
	if err != nil {
		return Money{}, ErrOverflow
	}
	return Money{minor, currencyCode}, nil
}

// withoutCurrency returns a folded amount without the currency's code or sign,
// before it or behind. It returns ErrCurrency for another currency's.
func withoutCurrency(folded, currencyCode, language string) (string, error) {
	folded = strings.TrimSpace(folded)
	number := strings.TrimFunc(folded, func(r rune) bool { return r != '-' && r != '\u2212' && !isOfNumber(r) })
	name := strings.Join(strings.Fields(strings.Replace(folded, number, " ", 1)), "")
	switch {
	case number == "":
		return "", ErrFormat
	case name == "" || isNameOf(name, currencyCode, language):
		return strings.TrimSpace(number), nil
	case len(name) == 3 && currency.IsValid(strings.ToUpper(name)), strings.ContainsFunc(name, func(r rune) bool { return unicode.Is(unicode.Sc, r) }):
		return "", ErrCurrency
	}
	return "", ErrFormat
}

func isOfNumber(r rune) bool { return r >= '0' && r <= '9' || r == '.' || r == ',' }

// isNameOf reports whether people write a folded name for the currency: its
// code, or its sign in the language, in English here and abroad, and at home.
func isNameOf(name, currencyCode, language string) bool {
	if name == strings.ToLower(currencyCode) {
		return true
	}
	home := currencyCode[:min(2, len(currencyCode))]
	for _, locale := range []string{language, "en", "en-GB", "en-" + home, "es-" + home} {
		sign, ok := currency.GetSymbol(currencyCode, currency.NewLocale(locale))
		if ok && text.Fold(sign) == name {
			return true
		}
	}
	return false
}

// joined returns a number without the blanks and apostrophes between its groups.
func joined(number string) (string, error) {
	groups := strings.FieldsFunc(number, isGroupMark)
	for i, g := range groups {
		if i > 0 && !startsWithThree(g) || i < len(groups)-1 && !allDigits(g) {
			return "", ErrFormat
		}
	}
	return strings.Join(groups, ""), nil
}

func isGroupMark(r rune) bool { return unicode.IsSpace(r) || r == '\'' || r == '\u2019' }

// startsWithThree reports whether s is three digits and, at most, decimals.
func startsWithThree(s string) bool {
	return len(s) >= 3 && allDigits(s[:3]) && (len(s) == 3 || s[3] == '.' || s[3] == ',')
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

// decimalMark returns what readers of a language put before decimals.
func decimalMark(language string) string {
	half, err := currency.NewAmount("0.5", "USD")
	if err != nil {
		return "."
	}
	if strings.Contains(currency.NewFormatter(currency.NewLocale(language)).Format(half), ",") {
		return ","
	}
	return "."
}

func allDigits(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r < '0' || r > '9' }) < 0
}
