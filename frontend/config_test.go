package main

import (
	"encoding/base64"
	"maps"
	"math/rand/v2"
	"strings"
	"testing"
)

func goodKey() string {
	key := make([]byte, sessionKeySize)
	for i, b := range rand.Perm(256)[:sessionKeySize] {
		key[i] = byte(b)
	}
	return base64.StdEncoding.EncodeToString(key)
}

func goodEnviron() map[string]string {
	return map[string]string{"SERVICE_KEY": strings.Repeat("k", 32), "SESSION_KEYS": goodKey() + ", " + goodKey()}
}

func TestSettingsHaveDefaults(t *testing.T) {
	cfg, err := loadConfig(goodEnviron())
	if err != nil {
		t.Fatal(err)
	}
	if cfg.Server.Addr != ":8080" || cfg.Currency != "USD" || cfg.publicURL.Host != "localhost:8080" {
		t.Errorf("got %+v", cfg)
	}
	if len(cfg.sessionKeys) != 4 || len(cfg.sessionKeys[0]) != 32 {
		t.Errorf("got %d session keys, want two pairs of 32 bytes", len(cfg.sessionKeys))
	}
}

func TestAWeakSettingIsNamed(t *testing.T) {
	for name, values := range map[string][]string{
		"SERVICE_KEY":   {"", "short"},
		"SESSION_KEYS":  {"", "x", base64.StdEncoding.EncodeToString(make([]byte, sessionKeySize)), goodKey() + ","},
		"PUBLIC_URL":    {"books.example", "ftp://books.example"},
		"CATALOG_URL":   {"127.0.0.1:8082"},
		"CURRENCY":      {"dollars"},
		"HOME_COUNTRY":  {"Colombia", "C1", "co", "EU", "SU"},
		"TIME_ZONE":     {"Bogota", "UTC-5"},
		"LOG_LEVEL":     {"loud"},
		"CONTACT_EMAIL": {"somebody"},
		"PAGES_DIR":     {"/no/such/folder"},
	} {
		for _, value := range values {
			environ := goodEnviron()
			maps.Copy(environ, map[string]string{name: value})
			_, err := loadConfig(environ)
			if err == nil || !strings.HasPrefix(err.Error(), name) {
				t.Errorf("%s=%q: got %v, want a sentence about %s", name, value, err, name)
			}
			if err != nil && len(value) > 40 && strings.Contains(err.Error(), value) {
				t.Errorf("the error repeats the secret: %v", err)
			}
		}
	}
}
