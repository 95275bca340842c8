package main

import (
	"encoding/base64"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"strings"

	"bookstore/shared/httpserver"
	"bookstore/shared/money"
	"bookstore/shared/servicekey"

	"github.com/caarlos0/env/v11"
	"golang.org/x/text/language"
)

// config holds the settings, which come from the environment.
type config struct {
	// Server has ADDR, PRIVATE_ADDR, DRAIN_DELAY and DRAIN_TIMEOUT.
	Server httpserver.Config
	// LogLevel is debug, info, warn or error.
	LogLevel slog.Level `env:"LOG_LEVEL" envDefault:"info"`
	// ServiceKey has the keys by which our services know each other, see
	// servicekey.Check.
	ServiceKey string `env:"SERVICE_KEY"`
	// SessionKeys encrypt and sign the session cookie: base64 keys of 64 random
	// bytes with commas in between. The first writes, all read.
	SessionKeys string `env:"SESSION_KEYS"`
	// PublicURL is where browsers reach the shop.
	PublicURL string `env:"PUBLIC_URL" envDefault:"http://localhost:8080"`
	// AuthURL, CatalogURL and ShopURL are where the backends listen.
	AuthURL    string `env:"AUTH_URL" envDefault:"http://127.0.0.1:8081"`
	CatalogURL string `env:"CATALOG_URL" envDefault:"http://127.0.0.1:8082"`
	ShopURL    string `env:"SHOP_URL" envDefault:"http://127.0.0.1:8083"`
	// Currency is the shop's one currency (ISO 4217).
	Currency string `env:"CURRENCY" envDefault:"USD"`
	// HomeCountry is the one that national deliveries serve (ISO 3166-1 alpha-2).
	HomeCountry string `env:"HOME_COUNTRY" envDefault:"CO"`

	publicURL   *url.URL
	sessionKeys [][]byte
}

// sessionKeySize is a hash key and an encryption key of 32 bytes each.
const sessionKeySize = 64

// loadConfig reads the settings. Its errors are sentences that name the
// variable and say what it may be.
func loadConfig(environ map[string]string) (config, error) {
	cfg := config{Server: httpserver.Config{Addr: ":8080"}}
	if err := env.ParseWithOptions(&cfg, env.Options{Environment: environ}); err != nil {
		return config{}, settingError(err)
	}
	return cfg, cfg.check()
}

func (c *config) check() error {
	var err error
	if c.publicURL, err = parseOrigin(c.PublicURL); err != nil {
		return fmt.Errorf("PUBLIC_URL %w", err)
	}
	for name, address := range map[string]string{"AUTH_URL": c.AuthURL, "CATALOG_URL": c.CatalogURL, "SHOP_URL": c.ShopURL} {
		if _, err := parseOrigin(address); err != nil {
			return fmt.Errorf("%s %w", name, err)
		}
	}
	if err = servicekey.Check(c.ServiceKey); err != nil {
		return fmt.Errorf("SERVICE_KEY %w", err)
	}
	if c.sessionKeys, err = parseSessionKeys(c.SessionKeys); err != nil {
		return fmt.Errorf("SESSION_KEYS %w", err)
	}
	if !money.Valid(c.Currency) {
		return fmt.Errorf("CURRENCY must be an ISO 4217 code such as USD, not %q", c.Currency)
	}
	if _, err := language.ParseRegion(c.HomeCountry); err != nil || len(c.HomeCountry) != 2 {
		return fmt.Errorf("HOME_COUNTRY must be an ISO 3166-1 code such as CO, not %q", c.HomeCountry)
	}
	return nil
}

func parseOrigin(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, fmt.Errorf("must be an address such as https://books.example, not %q", text)
	}
	return u, nil
}

// parseSessionKeys returns pairs of a hash and an encryption key.
func parseSessionKeys(setting string) ([][]byte, error) {
	var keys [][]byte
	for text := range strings.SplitSeq(setting, ",") {
		if text = strings.TrimSpace(text); text == "" {
			return nil, fmt.Errorf("must be set to one or more base64 keys of %d random bytes, separated by commas", sessionKeySize)
		}
		key, err := decodeBase64(text)
		if err != nil || len(key) != sessionKeySize {
			return nil, fmt.Errorf("must hold base64 keys of %d random bytes each", sessionKeySize)
		}
		if repeats(key) {
			return nil, errors.New("holds a weak key: it repeats a few bytes over and over")
		}
		keys = append(keys, key[:sessionKeySize/2], key[sessionKeySize/2:])
	}
	return keys, nil
}

// decodeBase64 reads both alphabets, padded or not.
func decodeBase64(text string) ([]byte, error) {
	text = strings.NewReplacer("+", "-", "/", "_").Replace(strings.TrimRight(text, "="))
	return base64.RawURLEncoding.DecodeString(text)
}

// repeats catches zeroes and typed patterns: 64 random bytes have at least 32
// different ones, all but surely.
func repeats(key []byte) bool {
	distinct := map[byte]bool{}
	for _, b := range key {
		distinct[b] = true
	}
	return len(distinct) < sessionKeySize/2
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
