package main

import (
	"maps"
	"strings"
	"testing"
)

var good = map[string]string{
	"SERVICE_KEY": strings.Repeat("s", 32),
	"EVENT_KEY":   strings.Repeat("e", 32),
}

func TestSecretsAreAllThatMustBeSet(t *testing.T) {
	cfg, err := loadConfig(good)
	if err != nil {
		t.Fatal(err)
	}
	if cfg.Server.Addr != ":8083" || cfg.DB.URL != "sqlite:data/shop.db" || cfg.Currency != "USD" || cfg.HomeCountry != "CO" {
		t.Errorf("got %+v", cfg)
	}
}

func TestAWrongSettingIsNamed(t *testing.T) {
	for name, value := range map[string]string{
		"SERVICE_KEY": "short", "EVENT_KEY": "", "CURRENCY": "Dollar", "HOME_COUNTRY": "Colombia", "GATEWAY": "bank",
		"AUTH_URL": "auth", "CATALOG_URL": "ftp://x", "PUBLIC_URL": "//x",
	} {
		environment := maps.Clone(good)
		environment[name] = value
		if _, err := loadConfig(environment); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s=%q: got %v", name, value, err)
		}
	}
}
