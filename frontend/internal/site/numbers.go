package site

import (
	"errors"
	"net/http"
	"strconv"
	"strings"

	"bookstore/frontend/internal/ui"
	"bookstore/shared/apierr"
	"bookstore/shared/i18n"
	"bookstore/shared/money"
	"bookstore/shared/shopapi"
)

// noAmount is the amount that stands for one that can't be read. No backend
// takes it, and says what else is wrong with the form.
const noAmount = -1

// ReadSum reads an amount of money that has to be there, as ReadAmount.
func (s *Site) ReadSum(r *http.Request, form *ui.Form, name string) int64 {
	text := form.Value(name)
	if text == "" {
		s.Blame(r, form, name, apierr.CodeRequired)
		return noAmount
	}
	return s.ReadAmount(r, form, name, text)
}

// ReadPercent reads a percentage that has to be there, 0 to 100 with two decimals
// at most, and returns it in basis points. What is none is blamed.
func (s *Site) ReadPercent(r *http.Request, form *ui.Form, name string) int64 {
	text := form.Value(name)
	if text == "" {
		s.Blame(r, form, name, apierr.CodeRequired)
		return noAmount
	}
	share, err := money.Parse(text, "USD", Words(r).Locale()) // which has two decimals as well
	if err != nil || share.Amount > shopapi.MaxBasisPoints {
		form.Blame(name, Words(r).T("error.field.percent"))
		return noAmount
	}
	return share.Amount
}

// ReadWhole reads a whole number, and blames its field for anything else.
func (s *Site) ReadWhole(r *http.Request, form *ui.Form, name, text string) int64 {
	n, err := strconv.ParseInt(text, 10, 32)
	if err != nil {
		form.Blame(name, Words(r).T("error.field.whole_number"))
	}
	return n
}

// ReadAmount reads an amount of money in major units and returns it in minor
// ones. What can't be understood, or in two ways, is blamed, and −1, which no
// backend takes.
func (s *Site) ReadAmount(r *http.Request, form *ui.Form, name, text string) int64 {
	m, err := money.Parse(text, s.Currency, Words(r).Locale())
	if err != nil {
		form.Blame(name, s.amountSentence(Words(r), err))
		return noAmount
	}
	return m.Amount
}

// amountSentence says what money.Parse has against an amount.
func (s *Site) amountSentence(t *i18n.Translator, err error) string {
	if ambiguous := (*money.AmbiguousError)(nil); errors.As(err, &ambiguous) {
		return t.T("error.field.ambiguous_amount",
			"Larger", t.Money(ambiguous.Larger), "TypeLarger", withoutDecimals(ambiguous.Larger),
			"Smaller", t.Money(ambiguous.Smaller), "TypeSmaller", ambiguous.Smaller.Typed(t.Locale()))
	}
	switch {
	case errors.Is(err, money.ErrDigits) && money.Digits(s.Currency) == 0:
		return t.T("error.field.no_decimals")
	case errors.Is(err, money.ErrDigits):
		return t.N("error.field.decimals", money.Digits(s.Currency))
	case errors.Is(err, money.ErrCurrency):
		return t.T("error.field.other_currency", "Currency", s.Currency)
	case errors.Is(err, money.ErrOverflow):
		return t.T("error.field.amount_too_large")
	}
	return t.T("error.field.amount", "Example", s.exampleAmount().Typed(t.Locale()))
}

// withoutDecimals returns an amount of whole major units as digits alone.
func withoutDecimals(m money.Money) string {
	whole, _, _ := strings.Cut(m.Decimal(), ".")
	return whole
}

// exampleAmount has as many decimals as the currency.
func (s *Site) exampleAmount() money.Money {
	amount := int64(125)
	for range max(1, money.Digits(s.Currency)-1) {
		amount *= 10
	}
	return s.Minor(amount)
}

// ErrorNumber returns a numeric parameter of an error, as JSON brought it.
func ErrorNumber(params map[string]any, name string) (int64, bool) {
	switch n := params[name].(type) {
	case float64:
		return int64(n), true
	case int64:
		return n, true
	case int:
		return int64(n), true
	}
	return 0, false
}

// Minor returns an amount of the shop's currency.
func (s *Site) Minor(amount int64) money.Money { return money.New(amount, s.Currency) }
