package shopapi

import (
	"strings"
	"time"

	"bookstore/shared/apierr"
)

// Tidy returns the card without what people write between the digits of its
// number.
func (c Card) Tidy() Card {
	c.Number = strings.NewReplacer(" ", "", "-", "").Replace(c.Number)
	return c
}

// Check returns an error that names every field of a tidy card that is wrong at
// an instant, as fields of Pay, or nil. Whether there is such a card, and whether
// it pays, only the gateway knows.
func (c Card) Check(now time.Time) error {
	wrong := apierr.Invalid()
	blame := func(field, code string) {
		wrong.Fields = append(wrong.Fields, apierr.FieldError{Field: "card." + field, Code: code})
	}
	if !luhn(c.Number) {
		blame("number", CodeBadCardNumber)
	}
	month := time.Month(c.ExpMonth)
	switch end := time.Date(c.ExpYear, month+1, 1, 0, 0, 0, 0, time.UTC); {
	case month < time.January || month > time.December:
		blame("exp_month", apierr.CodeNotAllowed)
	case !now.Before(end):
		blame("exp_month", CodeCardExpired)
	}
	if n := len(c.CVC); n < 3 || n > 4 || strings.Trim(c.CVC, "0123456789") != "" {
		blame("cvc", apierr.CodeBadFormat)
	}
	if len(wrong.Fields) == 0 {
		return nil
	}
	return wrong
}

// luhn reports whether number is 12 to 19 digits with the right check digit.
func luhn(number string) bool {
	if len(number) < 12 || len(number) > 19 {
		return false
	}
	sum := 0
	for i, r := range number {
		if r < '0' || r > '9' {
			return false
		}
		digit := int(r - '0')
		if (len(number)-i)%2 == 0 {
			digit *= 2
			digit = digit/10 + digit%10
		}
		sum += digit
	}
	return sum%10 == 0
}
