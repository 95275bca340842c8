package main

import (
	"errors"
	"fmt"
	"log/slog"
	"net/url"

	"bookstore/catalogsvc/internal/covers"
	"bookstore/shared/httpserver"
	"bookstore/shared/money"
	"bookstore/shared/servicekey"
	"bookstore/shared/sqldb"

	"github.com/caarlos0/env/v11"
)

// config holds the settings, which come from the environment.
type config struct {
	// Server has ADDR, PRIVATE_ADDR, DRAIN_DELAY and DRAIN_TIMEOUT.
	Server httpserver.Config
	// DB has DATABASE_URL and DATABASE_READER_URL.
	DB sqldb.Config
	// Covers has COVERS_URL, and AWS_ACCESS_KEY_ID and its like.
	Covers covers.Config
	// LogLevel is debug, info, warn or error.
	LogLevel slog.Level `env:"LOG_LEVEL" envDefault:"info"`
	// ServiceKey has the keys by which our services know each other, see
	// servicekey.Check.
	ServiceKey string `env:"SERVICE_KEY"`
	// AuthURL is where authsvc answers.
	AuthURL string `env:"AUTH_URL" envDefault:"http://127.0.0.1:8081"`
	// Currency is that of every price in the shop, an ISO 4217 code.
	Currency string `env:"CURRENCY" envDefault:"USD"`
}

// loadConfig reads the settings. Its errors are one sentence that names the
// variable at fault and never repeats a secret.
func loadConfig(environ map[string]string) (config, error) {
	cfg := config{
		Server: httpserver.Config{Addr: ":8082"},
		DB:     sqldb.Config{URL: "sqlite:data/catalog.db"},
	}
	if err := env.ParseWithOptions(&cfg, env.Options{Environment: environ}); err != nil {
		return config{}, settingError(err)
	}
	if err := servicekey.Check(cfg.ServiceKey); err != nil {
		return config{}, fmt.Errorf("SERVICE_KEY %w", err)
	}
	switch auth, err := url.Parse(cfg.AuthURL); {
	case err != nil, auth.Host == "", auth.Scheme != "http" && auth.Scheme != "https":
		return config{}, errors.New("AUTH_URL must be an address such as http://127.0.0.1:8081")
	case !money.Valid(cfg.Currency):
		return config{}, errors.New("CURRENCY must be an ISO 4217 code such as USD")
	}
	return cfg, nil
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
