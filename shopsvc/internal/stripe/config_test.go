package stripe_test

import (
	"strings"
	"testing"

	"bookstore/shopsvc/internal/stripe"
)

func TestSettingsThatCanNotWorkAreNamed(t *testing.T) {
	good := stripe.Config{SecretKey: "sk_test_1", WebhookSecret: "whsec_1"}
	with := func(change func(*stripe.Config)) stripe.Config {
		cfg := good
		change(&cfg)
		return cfg
	}
	for name, c := range map[string]struct {
		cfg      stripe.Config
		currency string
		names    string // empty: it works
	}{
		"good":                  {good, "USD", ""},
		"restricted key":        {with(func(c *stripe.Config) { c.SecretKey = "rk_live_1" }), "COP", ""},
		"no decimals":           {good, "JPY", ""},
		"for tests":             {with(func(c *stripe.Config) { c.APIURL = "http://127.0.0.1:1" }), "EUR", ""},
		"no key":                {with(func(c *stripe.Config) { c.SecretKey = "" }), "USD", "STRIPE_SECRET_KEY"},
		"publishable key":       {with(func(c *stripe.Config) { c.SecretKey = "pk_test_1" }), "USD", "STRIPE_SECRET_KEY"},
		"no signing secret":     {with(func(c *stripe.Config) { c.WebhookSecret = "whsec_" }), "USD", "STRIPE_WEBHOOK_SECRET"},
		"no address":            {with(func(c *stripe.Config) { c.APIURL = "stripe" }), "USD", "STRIPE_API_URL"},
		"live key to a test":    {with(func(c *stripe.Config) { c.SecretKey, c.APIURL = "sk_live_1", "http://127.0.0.1:1" }), "USD", "STRIPE_API_URL"},
		"three decimals":        {good, "KWD", "CURRENCY"},
		"two here, none there":  {good, "MGA", "CURRENCY"},
		"none here, two there":  {good, "ISK", "CURRENCY"},
		"none here, two there ": {good, "UGX", "CURRENCY"},
	} {
		err := c.cfg.Check(c.currency)
		switch {
		case c.names == "" && err != nil:
			t.Errorf("%s: %v", name, err)
		case c.names != "" && (err == nil || !strings.HasPrefix(err.Error(), c.names+" ")):
			t.Errorf("%s: got %v, want a sentence on %s", name, err, c.names)
		}
		if err != nil && c.cfg.SecretKey != "" && strings.Contains(err.Error(), c.cfg.SecretKey) {
			t.Errorf("%s: the sentence tells the key", name)
		}
	}
}
