package main

import (
	"cmp"
	"errors"
	"strings"

	"bookstore/shared/mail"
	"bookstore/shared/service"
	"bookstore/shared/sqldb"
	"bookstore/shopsvc/internal/stripe"
)

// config holds the settings, which come from the environment.
type config struct {
	service.Settings
	service.AuthSettings
	service.TimeSettings
	// DB has DATABASE_URL and DATABASE_READER_URL.
	DB sqldb.Config
	// EventKey seals what may not be altered unnoticed; the database does not hold it.
	EventKey string `env:"EVENT_KEY"`
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
	// Account is where buyers transfer money to; nowhere if its number is empty.
	Account account
	// Mail has SMTP_URL and MAIL_FROM.
	Mail mail.Settings
}

// account is a bank account, as shop.BankAccount.
type account struct {
	Holder string `env:"TRANSFER_HOLDER"`
	Number string `env:"TRANSFER_ACCOUNT"`
	Bank   string `env:"TRANSFER_BANK"`
}

// Check returns a sentence unless the account is whole, or there is none.
func (a account) Check() error {
	if (a.Holder == "") != (a.Number == "") || a.Number == "" && a.Bank != "" {
		return errors.New("TRANSFER_HOLDER and TRANSFER_ACCOUNT must be set both or not at all, and TRANSFER_BANK only with them")
	}
	return nil
}

// loadConfig reads the settings. Its errors are as service.Load's.
func loadConfig(environ map[string]string) (config, error) {
	cfg := config{DB: sqldb.Config{URL: "sqlite:data/shop.db"}}
	cfg.Server.Addr = ":8083"
	if err := service.Load(environ, &cfg); err != nil {
		return config{}, err
	}
	cfg.PublicURL = strings.TrimSuffix(cfg.PublicURL, "/")
	return cfg, nil
}

// Check returns a sentence for the first setting that is missing or wrong.
func (c config) Check() error {
	return cmp.Or(
		service.CheckEventKey(c.EventKey),
		service.CheckURL("CATALOG_URL", c.CatalogURL),
		service.CheckURL("PUBLIC_URL", c.PublicURL),
		service.CheckCurrency(c.Currency),
		service.CheckHomeCountry(c.HomeCountry),
		c.checkGateway(),
	)
}

func (c config) checkGateway() error {
	switch c.Gateway {
	case "sandbox":
		return nil
	case "stripe":
		return c.Stripe.Check(c.Currency)
	}
	return errors.New("GATEWAY must be sandbox or stripe")
}
