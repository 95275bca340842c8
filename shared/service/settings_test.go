package service

import (
	"errors"
	"maps"
	"strings"
	"testing"
	"time"

	"bookstore/shared/sqldb"
)

// testSettings are like those of a backend.
type testSettings struct {
	Settings
	AuthSettings
	DB      sqldb.Config
	Patient time.Duration `env:"PATIENT"`
	Count   int           `env:"COUNT"`
	Word    string        `env:"WORD"`
}

func (s testSettings) Check() error {
	if s.Word == "bad" {
		return errors.New("WORD must be good")
	}
	return nil
}

func load(changes map[string]string) (testSettings, error) {
	environ := map[string]string{"SERVICE_KEY": strings.Repeat("k", 32)}
	maps.Copy(environ, changes)
	s := testSettings{DB: sqldb.Config{URL: "sqlite:data/test.db"}}
	s.Server.Addr = ":8081"
	err := Load(environ, &s)
	return s, err
}

func TestSettingsThatAreUnsetOrEmptyHaveDefaults(t *testing.T) {
	for _, changes := range []map[string]string{nil, {"ADDR": "", "DATABASE_URL": "", "DRAIN_TIMEOUT": "", "AUTH_URL": ""}} {
		s, err := load(changes)
		if err != nil || s.Server.Addr != ":8081" || s.Server.DrainTimeout != 20*time.Second ||
			s.DB.URL != "sqlite:data/test.db" || s.AuthURL != "http://127.0.0.1:8081" {
			t.Errorf("%v: got %+v, %v", changes, s, err)
		}
	}
	s, err := load(map[string]string{"ADDR": "127.0.0.1:1", "DRAIN_DELAY": "5s", "DATABASE_URL": "sqlite:other.db"})
	if err != nil || s.Server.Addr != "127.0.0.1:1" || s.Server.DrainDelay != 5*time.Second || s.DB.URL != "sqlite:other.db" {
		t.Errorf("got %+v, %v", s, err)
	}
}

func TestASettingThatIsWrongIsNamedInOneSentenceAndNotRepeated(t *testing.T) {
	for variable, values := range map[string][]string{
		"SERVICE_KEY":         {"", "hunter2"},
		"LOG_LEVEL":           {"hunter2"},
		"DRAIN_DELAY":         {"hunter2", "5", "-5s"},
		"DRAIN_TIMEOUT":       {"hunter2", "0s", "-1h"},
		"PATIENT":             {"hunter2"},
		"COUNT":               {"hunter2"},
		"AUTH_URL":            {"hunter2", "//hunter2", "http://:8081", "ftp://hunter2", "http://hunter2\x7f"},
		"DATABASE_URL":        {"hunter2", "mysql://root:hunter2@localhost"},
		"DATABASE_READER_URL": {"hunter2"},
		"WORD":                {"bad"},
	} {
		for _, value := range values {
			_, err := load(map[string]string{variable: value})
			switch {
			case err == nil || !strings.HasPrefix(err.Error(), variable+" "):
				t.Errorf("%s=%q: got %v, want a sentence about it", variable, value, err)
			case strings.Contains(err.Error(), "hunter2") || strings.ContainsAny(err.Error(), "\n\"") || strings.Contains(err.Error(), "env:"):
				t.Errorf("%s=%q: the sentence repeats the value, or is a library's: %v", variable, value, err)
			}
		}
	}
}

func TestCountryAndCurrencyAreOnesOfToday(t *testing.T) {
	for _, code := range []string{"", "co", "EU", "SU", "Colombia", "C1"} {
		if err := CheckHomeCountry(code); err == nil || !strings.HasPrefix(err.Error(), "HOME_COUNTRY must ") {
			t.Errorf("HOME_COUNTRY=%s: got %v", code, err)
		}
	}
	if err := errors.Join(CheckHomeCountry("CO"), CheckCurrency("USD")); err != nil {
		t.Error(err)
	}
	if err := CheckCurrency("Dollar"); err == nil || !strings.HasPrefix(err.Error(), "CURRENCY must ") {
		t.Errorf("got %v", err)
	}
}
