package main

import (
	"maps"
	"strings"
	"testing"

	"bookstore/shared/token"
)

// settingsWith returns good settings with some changed.
func settingsWith(changes map[string]string) map[string]string {
	environ := map[string]string{
		"SERVICE_KEY": strings.Repeat("k", 32),
		"TOKEN_KEYS":  token.NewSeed(),
		"EVENT_KEY":   strings.Repeat("e", 32),
	}
	maps.Copy(environ, changes)
	return environ
}

func TestSettingsHaveDefaults(t *testing.T) {
	cfg, err := loadConfig(settingsWith(nil))
	if err != nil {
		t.Fatal(err)
	}
	if cfg.Server.Addr != ":8081" || cfg.DB.URL != "sqlite:data/auth.db" {
		t.Errorf("got %+v, %+v", cfg.Server, cfg.DB)
	}
}

func TestASettingThatIsWrongIsNamedAndNotRepeated(t *testing.T) {
	const secret = "hunter2"
	for _, c := range []struct {
		changes map[string]string
		want    string
	}{
		{map[string]string{"SERVICE_KEY": ""}, "SERVICE_KEY"},
		{map[string]string{"TOKEN_KEYS": ""}, "TOKEN_KEYS"},
		{map[string]string{"EVENT_KEY": secret}, "EVENT_KEY"},
		{map[string]string{"TOKEN_KEYS": secret}, "TOKEN_KEYS"},
		{map[string]string{"TOKEN_KEYS": strings.Repeat("A", 43)}, "TOKEN_KEYS"},
		{map[string]string{"LOG_LEVEL": "loud"}, "LOG_LEVEL"},
		{map[string]string{"TIME_ZONE": secret}, "TIME_ZONE"},
		{map[string]string{"DATABASE_URL": secret}, "DATABASE_URL"},
		{map[string]string{"ADMIN_EMAIL": "admin@example.org"}, "ADMIN_PASSWORD"},
		{map[string]string{"ADMIN_PASSWORD": secret}, "ADMIN_EMAIL"},
		{map[string]string{"ADMIN_EMAIL": "admin", "ADMIN_PASSWORD": "correct horse"}, "ADMIN_EMAIL"},
		{map[string]string{"ADMIN_EMAIL": "admin@example.org", "ADMIN_PASSWORD": secret}, "ADMIN_PASSWORD"},
	} {
		_, err := loadConfig(settingsWith(c.changes))
		if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), secret) {
			t.Errorf("%v: got %v, want a sentence about %s", c.changes, err, c.want)
		}
	}
}
