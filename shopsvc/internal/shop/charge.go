package shop

import (
	"net/url"
	"strings"
	"time"

	"bookstore/shared/apierr"
	"bookstore/shared/shopapi"
)

// charge checks how the buyer wants to pay, before anything is written.
func (s *Service) charge(o *Order, in PayRequest) (Charge, error) {
	methods, hosted := s.gateway.Methods()
	c := Charge{OrderNumber: o.Number, Method: in.Method, Amount: o.Total, Currency: o.Currency}
	known := false
	for _, m := range methods {
		known = known || m == in.Method
	}
	if !known {
		return c, apierr.Field("method", apierr.CodeNotAllowed)
	}
	if in.Method == MethodCard && !hosted {
		card, err := checkCard(in.Card, s.now())
		if err != nil {
			return c, err
		}
		c.Card = card
	}
	var err error
	c.ReturnURL, err = s.returnURL(o, in.ReturnURL)
	return c, err
}

// returnURL returns the address to come back to, which is one of the shop's.
func (s *Service) returnURL(o *Order, asked string) (string, error) {
	if asked == "" {
		return s.cfg.PublicURL + "/orders/" + o.ID, nil
	}
	path := strings.TrimPrefix(asked, s.cfg.PublicURL) // a path alone is the shop's as well
	u, err := url.Parse(path)
	local := err == nil && u.Host == "" && u.Scheme == "" && strings.HasPrefix(path, "/") &&
		!strings.HasPrefix(path, "//") && !strings.ContainsAny(path, "\\\r\n\t")
	if !local {
		return "", apierr.Field("return_url", apierr.CodeNotAllowed)
	}
	return s.cfg.PublicURL + path, nil
}

// Check returns an error that names every field of a card that is wrong at an
// instant, or nil.
func (c Card) Check(now time.Time) error {
	_, err := checkCard(&c, now)
	return err
}

// checkCard returns the card tidied, or an error that names what is wrong.
func checkCard(card *Card, now time.Time) (*Card, error) {
	if card == nil {
		return nil, apierr.Field("card", apierr.CodeRequired)
	}
	tidy := *card
	tidy.Number = strings.NewReplacer(" ", "", "-", "").Replace(card.Number)
	var wrong []apierr.FieldError
	if !luhn(tidy.Number) {
		wrong = append(wrong, apierr.FieldError{Field: "card.number", Code: shopapi.CodeBadCardNumber})
	}
	month := time.Month(tidy.ExpMonth)
	switch end := time.Date(tidy.ExpYear, month+1, 1, 0, 0, 0, 0, time.UTC); {
	case month < time.January || month > time.December:
		wrong = append(wrong, apierr.FieldError{Field: "card.exp_month", Code: apierr.CodeNotAllowed})
	case !now.Before(end):
		wrong = append(wrong, apierr.FieldError{Field: "card.exp_month", Code: shopapi.CodeCardExpired})
	}
	if n := len(tidy.CVC); n < 3 || n > 4 || strings.Trim(tidy.CVC, "0123456789") != "" {
		wrong = append(wrong, apierr.FieldError{Field: "card.cvc", Code: apierr.CodeBadFormat})
	}
	if wrong != nil {
		return nil, apierr.Invalid(wrong...)
	}
	return &tidy, nil
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
