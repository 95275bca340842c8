package main

import (
	"cmp"
	"encoding/base64"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"bookstore/frontend/internal/texts"
	"bookstore/shared/service"
	"bookstore/shared/text"
)

// config holds the settings, which come from the environment.
type config struct {
	service.Settings
	service.AuthSettings
	service.TimeSettings
	// SessionKeys encrypt and sign the session cookie: base64 keys of 64 random
	// bytes with commas in between. The first writes, all read.
	SessionKeys string `env:"SESSION_KEYS"`
	// PublicURL is where browsers reach the shop.
	PublicURL string `env:"PUBLIC_URL" envDefault:"http://localhost:8080"`
	// CatalogURL and ShopURL are where the other backends answer.
	CatalogURL string `env:"CATALOG_URL" envDefault:"http://127.0.0.1:8082"`
	ShopURL    string `env:"SHOP_URL" envDefault:"http://127.0.0.1:8083"`
	// Currency is the shop's one currency (ISO 4217).
	Currency string `env:"CURRENCY" envDefault:"USD"`
	// HomeCountry is the one that national deliveries serve (ISO 3166-1 alpha-2).
	HomeCountry string `env:"HOME_COUNTRY" envDefault:"CO"`

	// ContactEmail is the address to which visitors may write; empty: none.
	ContactEmail string `env:"CONTACT_EMAIL"`
	// PagesDir is the folder of the pages that the operator writes, see
	// texts.Load; empty: there are only defaults.
	PagesDir string `env:"PAGES_DIR"`

	publicURL   *url.URL
	sessionKeys [][]byte
	texts       *texts.Pages
}

// sessionKeySize is a hash key and an encryption key of 32 bytes each.
const sessionKeySize = 64

// loadConfig reads the settings. Its errors are as service.Load's.
func loadConfig(environ map[string]string) (config, error) {
	var cfg config
	cfg.Server.Addr = ":8080"
	if err := service.Load(environ, &cfg); err != nil {
		return config{}, err
	}
	var err error
	if cfg.publicURL, err = url.Parse(cfg.PublicURL); err != nil {
		return config{}, fmt.Errorf("read PUBLIC_URL: %w", err)
	}
	if cfg.sessionKeys, err = parseSessionKeys(cfg.SessionKeys); err != nil {
		return config{}, fmt.Errorf("SESSION_KEYS %w", err)
	}
	if cfg.texts, err = texts.Load(cfg.PagesDir); err != nil {
		return config{}, fmt.Errorf("PAGES_DIR: %w", err)
	}
	return cfg, nil
}

// Check returns a sentence for the first setting that is wrong.
func (c config) Check() error {
	return cmp.Or(
		service.CheckURL("CATALOG_URL", c.CatalogURL),
		service.CheckURL("SHOP_URL", c.ShopURL),
		service.CheckURL("PUBLIC_URL", c.PublicURL),
		service.CheckCurrency(c.Currency),
		service.CheckHomeCountry(c.HomeCountry),
		c.checkContact(),
	)
}

func (c config) checkContact() error {
	if _, err := text.HostEmail(c.ContactEmail); c.ContactEmail != "" && err != nil {
		return errors.New("CONTACT_EMAIL must be an e-mail address")
	}
	return nil
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
