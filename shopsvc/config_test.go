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

func TestHalfABankAccountIsNone(t *testing.T) {
	for _, names := range []string{"TRANSFER_HOLDER", "TRANSFER_ACCOUNT", "TRANSFER_BANK", "TRANSFER_BANK TRANSFER_HOLDER"} {
		environ := maps.Clone(good)
		for name := range strings.FieldsSeq(names) {
			environ[name] = "Somebody"
		}
		if _, err := loadConfig(environ); err == nil || !strings.HasPrefix(err.Error(), "TRANSFER_HOLDER and TRANSFER_ACCOUNT must ") {
			t.Errorf("%s: got %v", names, err)
		}
	}
}

func TestAWrongSettingIsNamed(t *testing.T) {
	for name, values := range map[string][]string{
		"SERVICE_KEY":         {"short"},
		"EVENT_KEY":           {"", "short"},
		"CURRENCY":            {"Dollar"},
		"HOME_COUNTRY":        {"Colombia", "co", "EU", "SU"},
		"TIME_ZONE":           {"Bogota", "UTC-5"},
		"GATEWAY":             {"bank"},
		"AUTH_URL":            {"auth"},
		"CATALOG_URL":         {"ftp://x"},
		"PUBLIC_URL":          {"//x"},
		"DATABASE_URL":        {"postgres://short@x/y"},
		"DATABASE_READER_URL": {"short"},
		"LOG_LEVEL":           {"loud"},
		"DRAIN_DELAY":         {"short"},
	} {
		for _, value := range values {
			environ := maps.Clone(good)
			environ[name] = value
			if _, err := loadConfig(environ); err == nil || !strings.HasPrefix(err.Error(), name+" must ") || strings.Contains(err.Error(), "short") {
				t.Errorf("%s=%q: got %v", name, value, err)
			}
		}
	}
}
