package main

import (
	"errors"
	"fmt"
	"log/slog"

	"bookstore/authsvc/internal/auth"
	"bookstore/shared/httpserver"
	"bookstore/shared/servicekey"
	"bookstore/shared/sqldb"
	"bookstore/shared/token"

	"github.com/caarlos0/env/v11"
)

// config holds the settings, which come from the environment.
type config struct {
	// Server has ADDR, PRIVATE_ADDR, DRAIN_DELAY and DRAIN_TIMEOUT.
	Server httpserver.Config
	// DB has DATABASE_URL and DATABASE_READER_URL; the latter is not used, for
	// whatever is known of somebody is read from the writer.
	DB sqldb.Config
	// LogLevel is debug, info, warn or error.
	LogLevel slog.Level `env:"LOG_LEVEL" envDefault:"info"`
	// ServiceKey has the keys by which our services know each other, see
	// servicekey.Check.
	ServiceKey string `env:"SERVICE_KEY"`
	// TokenKeys are the Ed25519 seeds that sign access tokens, as base64url with
	// commas in between: the first signs, all are published.
	TokenKeys string `env:"TOKEN_KEYS"`
	// AdminEmail and AdminPassword make the first admin's account at start,
	// unless the address has an account already. Both are optional, together.
	AdminEmail    string `env:"ADMIN_EMAIL"`
	AdminPassword string `env:"ADMIN_PASSWORD"`

	keys token.KeyRing
}

// loadConfig reads the settings. Its errors are one sentence that names the
// variable at fault and never repeats a secret.
func loadConfig(environ map[string]string) (config, error) {
	cfg := config{
		Server: httpserver.Config{Addr: ":8081"},
		DB:     sqldb.Config{URL: "sqlite:data/auth.db"},
	}
	if err := env.ParseWithOptions(&cfg, env.Options{Environment: environ}); err != nil {
		return config{}, settingError(err)
	}
	if err := servicekey.Check(cfg.ServiceKey); err != nil {
		return config{}, fmt.Errorf("SERVICE_KEY %w", err)
	}
	var err error
	if cfg.keys, err = token.ParseKeyRing(cfg.TokenKeys); err != nil {
		return config{}, fmt.Errorf("TOKEN_KEYS must be random 32-byte keys as base64url, separated by commas: %w", err)
	}
	return cfg, cfg.checkAdmin()
}

func (c config) checkAdmin() error {
	if (c.AdminEmail == "") != (c.AdminPassword == "") {
		return errors.New("ADMIN_EMAIL and ADMIN_PASSWORD must be set both or not at all")
	}
	if c.AdminEmail == "" {
		return nil
	}
	if auth.CheckEmail(c.AdminEmail) != nil {
		return errors.New("ADMIN_EMAIL must be an e-mail address")
	}
	if auth.CheckPassword("password", c.AdminPassword, c.AdminEmail) != nil {
		return fmt.Errorf("ADMIN_PASSWORD must have %d to %d characters and not be the address", auth.MinPassword, auth.MaxPassword)
	}
	return nil
}

// settings are the variables that are more than text, by their fields.
var settings = map[string]string{
	"LogLevel":     "LOG_LEVEL must be debug, info, warn or error",
	"DrainDelay":   "DRAIN_DELAY must be a duration such as 5s",
	"DrainTimeout": "DRAIN_TIMEOUT must be a duration such as 20s",
}

func settingError(err error) error {
	var wrong env.ParseError
	if errors.As(err, &wrong) && settings[wrong.Name] != "" {
		return errors.New(settings[wrong.Name])
	}
	return fmt.Errorf("read the settings: %w", err)
}
