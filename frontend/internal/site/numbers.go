package site

import (
	"errors"
	"net/http"
	"strconv"

	"bookstore/frontend/internal/ui"
	"bookstore/shared/apierr"
	"bookstore/shared/money"
)

// ReadSum reads an amount of money that has to be there.
func (s *Site) ReadSum(r *http.Request, form *ui.Form, name string) int64 {
	text := form.Value(name)
	if text == "" {
		form.Blame(name, s.FieldSentence(Words(r), apierr.FieldError{Field: name, Code: "required"}))
		return 0
	}
	return s.ReadAmount(r, form, name, text)
}

// ReadWhole reads a whole number, and blames its field for anything else.
func (s *Site) ReadWhole(r *http.Request, form *ui.Form, name, text string) int64 {
	n, err := strconv.ParseInt(text, 10, 32)
	if err != nil {
		form.Blame(name, Words(r).T("error.field.whole_number"))
	}
	return n
}

// ReadAmount reads an amount of money in major units and returns it in minor ones.
func (s *Site) ReadAmount(r *http.Request, form *ui.Form, name, text string) int64 {
	m, err := money.Parse(text, s.Currency, Words(r).Lang())
	switch {
	case errors.Is(err, money.ErrDigits):
		form.Blame(name, Words(r).N("error.field.decimals", money.Digits(s.Currency)))
	case err != nil:
		form.Blame(name, Words(r).T("error.field.amount"))
	}
	return m.Amount
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
