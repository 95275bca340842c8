package main

import (
	"errors"
	"fmt"
	"strings"

	"bookstore/authsvc/internal/auth"
	"bookstore/shared/mail"
	"bookstore/shared/service"
	"bookstore/shared/sqldb"
	"bookstore/shared/text"
	"bookstore/shared/token"
)

// config holds the settings, which come from the environment.
type config struct {
	service.Settings
	service.TimeSettings
	// DB has DATABASE_URL and DATABASE_READER_URL.
	DB sqldb.Config
	// EventKey seals what may not be altered unnoticed; the database does not hold it.
	EventKey string `env:"EVENT_KEY"`
	// CatalogURL and ShopURL are where catalogsvc and shopsvc answer, which are
	// told of sellers.
	CatalogURL string `env:"CATALOG_URL" envDefault:"http://127.0.0.1:8082"`
	ShopURL    string `env:"SHOP_URL" envDefault:"http://127.0.0.1:8083"`
	// PublicURL is the web shop's address, to which mails point.
	PublicURL string `env:"PUBLIC_URL" envDefault:"http://localhost:8080"`
	// Mail has SMTP_URL and MAIL_FROM.
	Mail mail.Settings
	// TokenKeys are the Ed25519 seeds that sign access tokens, as base64url with
	// commas in between: the first signs, all are published.
	TokenKeys string `env:"TOKEN_KEYS"`
	// AdminEmail and AdminPassword make the first admin's account at start,
	// unless the address has an account already. Both are optional, together.
	AdminEmail    string `env:"ADMIN_EMAIL"`
	AdminPassword string `env:"ADMIN_PASSWORD"`

	keys token.KeyRing
}

// loadConfig reads the settings. Its errors are as service.Load's.
func loadConfig(environ map[string]string) (config, error) {
	cfg := config{DB: sqldb.Config{URL: "sqlite:data/auth.db"}}
	cfg.Server.Addr = ":8081"
	if err := service.Load(environ, &cfg); err != nil {
		return config{}, err
	}
	cfg.PublicURL = strings.TrimSuffix(cfg.PublicURL, "/")
	var err error
	if cfg.keys, err = token.ParseKeyRing(cfg.TokenKeys); err != nil {
		return config{}, fmt.Errorf("TOKEN_KEYS must be random 32-byte keys as base64url, separated by commas: %w", err)
	}
	return cfg, nil
}

// Check returns a sentence for the first setting that is wrong.
func (c config) Check() error {
	if err := service.CheckEventKey(c.EventKey); err != nil {
		return err
	}
	if err := service.CheckURL("CATALOG_URL", c.CatalogURL); err != nil {
		return err
	}
	if err := service.CheckURL("SHOP_URL", c.ShopURL); err != nil {
		return err
	}
	if err := service.CheckURL("PUBLIC_URL", c.PublicURL); err != nil {
		return err
	}
	if (c.AdminEmail == "") != (c.AdminPassword == "") {
		return errors.New("ADMIN_EMAIL and ADMIN_PASSWORD must be set both or not at all")
	}
	if c.AdminEmail == "" {
		return nil
	}
	if _, err := text.HostEmail(c.AdminEmail); err != nil {
		return errors.New("ADMIN_EMAIL must be an e-mail address")
	}
	if auth.CheckPassword("password", c.AdminPassword, auth.User{Email: c.AdminEmail}) != nil {
		return fmt.Errorf("ADMIN_PASSWORD must have %d to %d characters, not be made of the address or the shop's name, and not be one that many choose", auth.MinPassword, auth.MaxPassword)
	}
	return nil
}
