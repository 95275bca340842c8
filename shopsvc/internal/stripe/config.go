package stripe

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"bookstore/shared/money"
)

// Config is what the environment says of Stripe.
type Config struct {
	// SecretKey is a secret or restricted key of the Stripe account.
	SecretKey string `env:"STRIPE_SECRET_KEY"`
	// WebhookSecret signs the events that Stripe sends to
	// /v1/payment-events/stripe.
	WebhookSecret string `env:"STRIPE_WEBHOOK_SECRET"`
	// APIURL is where Stripe's API answers; empty: at Stripe's. Tests put
	// something else in its place.
	APIURL string `env:"STRIPE_API_URL"`
}

// Check returns a sentence for the first setting that is missing or wrong, in
// a shop with the given currency.
func (c Config) Check(currency string) error {
	switch {
	case !hasPrefix(c.SecretKey, "sk_", "rk_"):
		return errors.New("STRIPE_SECRET_KEY must be a secret or restricted key of Stripe's, which begins with sk_ or rk_")
	case !hasPrefix(c.WebhookSecret, "whsec_"):
		return errors.New("STRIPE_WEBHOOK_SECRET must be the signing secret of the endpoint /v1/payment-events/stripe, which begins with whsec_")
	case c.APIURL != "" && hasPrefix(c.SecretKey, "sk_live_", "rk_live_"):
		return errors.New("STRIPE_API_URL is for tests: it must be empty with a live key in STRIPE_SECRET_KEY")
	case !sameMinorUnits(currency):
		return fmt.Errorf("CURRENCY must be another with GATEWAY=stripe, which does not count %s in the minor units of ISO 4217", currency)
	}
	if c.APIURL == "" {
		return nil
	}
	if u, err := url.Parse(c.APIURL); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return errors.New("STRIPE_API_URL must be an address that begins with http:// or https://")
	}
	return nil
}

func hasPrefix(s string, prefixes ...string) bool {
	return slices.ContainsFunc(prefixes, func(p string) bool {
		return strings.HasPrefix(s, p) && len(s) > len(p)
	})
}

// wholeUnits are the currencies that Stripe counts without decimals. It counts
// all others in hundredths, but for those of three decimals, whose last digit
// it wants to be 0.
var wholeUnits = []string{
	"BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF",
}

// sameMinorUnits reports whether an amount means the same to Stripe and to the shop.
func sameMinorUnits(currency string) bool {
	if slices.Contains(wholeUnits, currency) {
		return money.Digits(currency) == 0
	}
	return money.Digits(currency) == 2
}
