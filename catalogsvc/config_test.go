package main

import (
	"maps"
	"strings"
	"testing"
)

func TestSettingsThatCannotWorkAreNamed(t *testing.T) {
	good := map[string]string{"SERVICE_KEY": strings.Repeat("k", 32)}
	cfg, err := loadConfig(good)
	if err != nil || cfg.Server.Addr != ":8082" || cfg.DB.URL != "sqlite:data/catalog.db" || cfg.Currency != "USD" {
		t.Fatalf("defaults: %+v, %v", cfg, err)
	}
	for name, value := range map[string]string{
		"SERVICE_KEY":  "secret",
		"AUTH_URL":     "localhost:8081",
		"CURRENCY":     "dollars",
		"LOG_LEVEL":    "loud",
		"DATABASE_URL": "secret",
	} {
		environ := maps.Clone(good)
		environ[name] = value
		_, err := loadConfig(environ)
		if err == nil || !strings.HasPrefix(err.Error(), name+" must ") || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s=%s: %v", name, value, err)
		}
	}
}
