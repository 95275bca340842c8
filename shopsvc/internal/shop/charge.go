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

// checkCard returns the card tidied, or an error that names what is wrong.
func checkCard(card *Card, now time.Time) (*Card, error) {
	if card == nil {
		return nil, apierr.Field("card", apierr.CodeRequired)
	}
	tidy := Card(shopapi.Card(*card).Tidy())
	if err := shopapi.Card(tidy).Check(now); err != nil {
		return nil, err
	}
	return &tidy, nil
}
