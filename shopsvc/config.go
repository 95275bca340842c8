package main

import (
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"strings"

	"bookstore/shared/httpserver"
	"bookstore/shared/money"
	"bookstore/shared/servicekey"
	"bookstore/shared/sqldb"
	"bookstore/shopsvc/internal/stripe"

	"github.com/caarlos0/env/v11"
	"golang.org/x/text/language"
)

// minSecret is how long a secret must be, in characters.
const minSecret = 32

// config is all that the environment decides.
type config struct {
	Server httpserver.Config
	DB     sqldb.Config
	// ServiceKey has the keys by which our services know each other, see
	// servicekey.Check.
	ServiceKey string `env:"SERVICE_KEY"`
	// EventKey seals the history of orders; the database does not hold it.
	EventKey string `env:"EVENT_KEY"`
	// AuthURL is where authsvc answers.
	AuthURL string `env:"AUTH_URL" envDefault:"http://127.0.0.1:8081"`
	// CatalogURL is where catalogsvc answers.
	CatalogURL string `env:"CATALOG_URL" envDefault:"http://127.0.0.1:8082"`
	// PublicURL is the web shop's address, for buyers who come back from a gateway.
	PublicURL string `env:"PUBLIC_URL" envDefault:"http://localhost:8080"`
	// Currency is the shop's currency, ISO 4217; the same in all services.
	Currency string `env:"CURRENCY" envDefault:"USD"`
	// HomeCountry is where national delivery providers deliver, ISO 3166-1 alpha-2.
	HomeCountry string `env:"HOME_COUNTRY" envDefault:"CO"`
	// Gateway is the payment gateway, sandbox or stripe.
	Gateway string `env:"GATEWAY" envDefault:"sandbox"`
	// Stripe is needed for the gateway stripe.
	Stripe stripe.Config
	// SMTPURL is the mail server, smtp:// or smtps://; empty: mails are only
	// kept, for admins to read.
	SMTPURL string `env:"SMTP_URL"`
	// MailFrom is the address that mails come from.
	MailFrom string `env:"MAIL_FROM" envDefault:"Bookstore <no-reply@localhost>"`
	// LogLevel is debug, info, warn or error.
	LogLevel slog.Level `env:"LOG_LEVEL" envDefault:"info"`
}

func loadConfig(environment map[string]string) (config, error) {
	var cfg config
	if err := env.ParseWithOptions(&cfg, env.Options{Environment: environment}); err != nil {
		return cfg, fmt.Errorf("settings: %w", err)
	}
	if cfg.Server.Addr == "" {
		cfg.Server.Addr = ":8083"
	}
	if cfg.DB.URL == "" {
		cfg.DB.URL = "sqlite:data/shop.db"
	}
	cfg.PublicURL = strings.TrimSuffix(cfg.PublicURL, "/")
	return cfg, cfg.check()
}

// check returns a sentence for the first setting that is missing or wrong.
func (c config) check() error {
	if err := servicekey.Check(c.ServiceKey); err != nil {
		return fmt.Errorf("SERVICE_KEY %w", err)
	}
	region, err := language.ParseRegion(c.HomeCountry)
	switch {
	case len(c.EventKey) < minSecret:
		return fmt.Errorf("EVENT_KEY must have at least %d characters, and never change", minSecret)
	case !money.Valid(c.Currency):
		return errors.New("CURRENCY must be an ISO 4217 code, such as USD")
	case err != nil || !region.IsCountry() || region.String() != c.HomeCountry:
		return errors.New("HOME_COUNTRY must be an ISO 3166-1 code of two letters, such as CO")
	case c.Gateway != "sandbox" && c.Gateway != "stripe":
		return errors.New("GATEWAY must be sandbox or stripe")
	}
	if c.Gateway == "stripe" {
		if err := c.Stripe.Check(c.Currency); err != nil {
			return err
		}
	}
	for name, address := range map[string]string{"AUTH_URL": c.AuthURL, "CATALOG_URL": c.CatalogURL, "PUBLIC_URL": c.PublicURL} {
		if u, err := url.Parse(address); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
			return fmt.Errorf("%s must be an address that begins with http:// or https://", name)
		}
	}
	return nil
}
