package stripe

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"bookstore/shared/shopapi"
	"bookstore/shopsvc/internal/shop"

	"github.com/stripe/stripe-go/v85"
)

// reasonDeclined is why a card was declined, if Stripe's reason is none of reasons.
const reasonDeclined = shopapi.DeclinedCard

// reasons translates Stripe's decline codes; others are reasonDeclined
// (https://docs.stripe.com/declines/codes).
var reasons = map[stripe.DeclineCode]shop.Code{
	"insufficient_funds": shopapi.DeclinedFunds,
	"expired_card":       shopapi.DeclinedExpired,
	"incorrect_cvc":      shopapi.DeclinedCVC,
	"invalid_cvc":        shopapi.DeclinedCVC,
	"processing_error":   shopapi.DeclinedProcessing,
}

func reason(err *stripe.Error) shop.Code {
	if err == nil {
		return reasonDeclined
	}
	for _, code := range []stripe.DeclineCode{err.DeclineCode, stripe.DeclineCode(err.Code)} {
		if known, ok := reasons[code]; ok {
			return known
		}
	}
	return reasonDeclined
}

// answerError is what Stripe said no with, in words that may be logged: the
// library's own error prints payments and cards whole, with their secrets.
type answerError struct {
	call        string
	status      int
	kind        stripe.ErrorType
	code        stripe.ErrorCode
	declineCode stripe.DeclineCode
	param       string
	requestID   string
}

// Error implements error.
func (e *answerError) Error() string {
	return fmt.Sprintf("%s: stripe answers %d %s (code %q, decline code %q, parameter %q, request %q)",
		e.call, e.status, e.kind, e.code, e.declineCode, e.param, e.requestID)
}

// failure returns what may be told of a call's error, nil for nil.
func failure(call string, err error) error {
	var said *stripe.Error
	var lost *url.Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &said):
		return &answerError{call, said.HTTPStatusCode, said.Type, said.Code, said.DeclineCode, said.Param, said.RequestID}
	case errors.As(err, &lost):
		return fmt.Errorf("%s: no answer from stripe: %w", call, lost.Err)
	}
	return fmt.Errorf("%s: no sense in stripe's answer", call)
}

// refused reports whether Stripe said that it did not carry a call out, as
// against failing, being busy, or not answering.
func refused(err error) bool {
	var said *answerError
	if !errors.As(err, &said) {
		return false
	}
	switch said.status {
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound:
		return true
	}
	return impossible(err)
}

// impossible reports whether Stripe refused a call for what it asks, and not for
// who asks or how often: the state of the payment, or the card, forbids it.
// The type of an error does not tell: too many calls and a wrong key have the
// same as a wrong request.
func impossible(err error) bool {
	var said *answerError
	return errors.As(err, &said) && (said.status == http.StatusBadRequest || said.status == http.StatusPaymentRequired)
}
