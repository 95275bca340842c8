package service

import (
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"reflect"
	"time"
	_ "time/tzdata" // machines and images need not have the time zones

	"bookstore/shared/country"
	"bookstore/shared/httpclient"
	"bookstore/shared/httpserver"
	"bookstore/shared/money"
	"bookstore/shared/seal"
	"bookstore/shared/servicekey"
	"bookstore/shared/telemetry"

	"github.com/caarlos0/env/v11"
)

// Settings are those of every program. A program's own settings embed them.
// The tags name the variables, as caarlos0/env reads them.
type Settings struct {
	// Server has ADDR, PRIVATE_ADDR, DRAIN_DELAY, DRAIN_TIMEOUT, MAX_ACTIVE,
	// MAX_QUEUED, QUEUE_WAIT, TRUSTED_PROXIES, CLIENT_RATE and UNLIMITED_NETWORKS.
	Server httpserver.Config
	// LogLevel is debug, info, warn or error.
	LogLevel slog.Level `env:"LOG_LEVEL" envDefault:"info"`
	// ServiceKey has the keys by which our services know each other, see
	// servicekey.Check.
	ServiceKey string `env:"SERVICE_KEY"`
}

// Check returns a sentence for the first setting that is missing or wrong.
func (s Settings) Check() error {
	if err := servicekey.Check(s.ServiceKey); err != nil {
		return fmt.Errorf("SERVICE_KEY %w", err)
	}
	switch {
	case s.Server.DrainDelay < 0:
		return errors.New("DRAIN_DELAY must not be negative")
	case s.Server.DrainTimeout <= 0:
		return errors.New("DRAIN_TIMEOUT must be more than 0s")
	}
	return nil
}

// StopTime returns the longest that a program takes to end after it was told
// to: requests and background work end within DRAIN_DELAY and DRAIN_TIMEOUT
// together, and the last traces are sent after that.
func (s Settings) StopTime() time.Duration {
	return s.drainTime() + telemetry.FlushTimeout
}

func (s Settings) drainTime() time.Duration {
	return s.Server.DrainDelay + s.Server.DrainTimeout
}

// Client returns a client for the service of this name at baseURL, which is
// known there by the service key. A call with its repetitions takes timeout at
// most; 0 means httpclient's default.
func (s Settings) Client(name, baseURL string, timeout time.Duration) *httpclient.Client {
	return httpclient.New(httpclient.Config{Name: name, BaseURL: baseURL, ServiceKey: s.ServiceKey, Timeout: timeout})
}

// AuthSettings are those of the programs that ask authsvc.
type AuthSettings struct {
	// AuthURL is where authsvc answers.
	AuthURL string `env:"AUTH_URL" envDefault:"http://127.0.0.1:8081"`
}

// Check returns a sentence if AuthURL is no address.
func (s AuthSettings) Check() error { return CheckURL("AUTH_URL", s.AuthURL) }

// TimeSettings are those of the programs that write times for people to read.
type TimeSettings struct {
	// TimeZone is the shop's, by its IANA name: times are written in it wherever
	// the reader's own is not known.
	TimeZone *time.Location `env:"TIME_ZONE" envDefault:"UTC"`
}

// CheckURL returns a sentence about the variable of this name unless address
// is one of http or https.
func CheckURL(variable, address string) error {
	if u, err := url.Parse(address); err != nil || u.Hostname() == "" || u.Scheme != "http" && u.Scheme != "https" {
		return fmt.Errorf("%s must be an address that begins with http:// or https://, such as https://books.example", variable)
	}
	return nil
}

// CheckCurrency returns a sentence about CURRENCY unless code is a currency's.
func CheckCurrency(code string) error {
	if !money.Valid(code) {
		return errors.New("CURRENCY must be an ISO 4217 code such as USD")
	}
	return nil
}

// CheckHomeCountry returns a sentence about HOME_COUNTRY unless code is a
// country's.
func CheckHomeCountry(code string) error {
	if !country.Valid(code) {
		return errors.New("HOME_COUNTRY must be the ISO 3166-1 code of a country, two capitals such as CO")
	}
	return nil
}

// CheckEventKey returns a sentence about EVENT_KEY unless key can seal.
func CheckEventKey(key string) error {
	if _, err := seal.ParseKey(key); err != nil {
		return fmt.Errorf("EVENT_KEY must have at least %d characters, and never change", seal.MinKey)
	}
	return nil
}

// Load reads the settings from environ into the struct that into points to.
// Fields that it holds already are the defaults of variables that are unset or
// empty. Then every struct in it that has a method Check() error is checked,
// and at last the whole.
//
// An error is one sentence that names the variable at fault and what it may
// be. It never repeats the value, which may be a secret.
func Load(environ map[string]string, into any) error {
	if err := env.ParseWithOptions(into, env.Options{Environment: environ}); err != nil {
		return unreadable(err, reflect.TypeOf(into).Elem())
	}
	return check(reflect.ValueOf(into).Elem())
}

// formats say what a variable of a type must be whose own error would be a
// library's text.
var formats = map[reflect.Type]string{
	reflect.TypeFor[slog.Level]():          "must be debug, info, warn or error",
	reflect.TypeFor[time.Duration]():       "must be a duration such as 5s",
	reflect.TypeFor[httpserver.Networks](): "must be networks such as 10.0.0.0/8,fd00::/8",
	reflect.TypeFor[*time.Location]():      "must be the IANA name of a time zone such as America/Bogota",
}

// unreadable returns the sentence for what the library says of settings of
// type t.
func unreadable(err error, t reflect.Type) error {
	var wrong env.ParseError
	if !errors.As(err, &wrong) {
		return fmt.Errorf("read the settings: %w", err) // a mistake of the program's, which shows no value
	}
	format := formats[wrong.Type]
	if format == "" {
		format = "has a value that it can't have"
	}
	return fmt.Errorf("%s %s", variableOf(t, wrong), format)
}

// variableOf returns the name of the variable behind the field at fault.
func variableOf(t reflect.Type, wrong env.ParseError) string {
	for field := range fields(t) {
		if field.Name == wrong.Name && field.Type == wrong.Type {
			return field.Tag.Get("env")
		}
	}
	return wrong.Name
}

// fields yields the fields of t and of the structs in it that are read from
// variables.
func fields(t reflect.Type) func(yield func(reflect.StructField) bool) {
	return func(yield func(reflect.StructField) bool) {
		for _, field := range reflect.VisibleFields(t) {
			if field.Tag.Get("env") != "" && !yield(field) {
				return
			}
			if field.Type.Kind() == reflect.Struct && !field.Anonymous {
				for inner := range fields(field.Type) {
					if !yield(inner) {
						return
					}
				}
			}
		}
	}
}

// check asks the structs in v, and then v itself, whether they can work.
func check(v reflect.Value) error {
	for i := range v.NumField() {
		if field := v.Field(i); field.Kind() == reflect.Struct && v.Type().Field(i).IsExported() {
			if err := check(field); err != nil {
				return err
			}
		}
	}
	if checker, ok := v.Addr().Interface().(interface{ Check() error }); ok {
		return checker.Check()
	}
	return nil
}
