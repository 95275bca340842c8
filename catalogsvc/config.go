package main

import (
	"bookstore/catalogsvc/internal/covers"
	"bookstore/shared/service"
	"bookstore/shared/sqldb"
)

// config holds the settings, which come from the environment.
type config struct {
	service.Settings
	service.AuthSettings
	// DB has DATABASE_URL and DATABASE_READER_URL.
	DB sqldb.Config
	// Covers has COVERS_URL, and AWS_ACCESS_KEY_ID and its like.
	Covers covers.Config
	// SearchSnapshot is a file from which a process that starts again has its
	// search index in seconds; without one it reads all books.
	SearchSnapshot string `env:"SEARCH_SNAPSHOT"`
	// Currency is that of every price in the shop, an ISO 4217 code.
	Currency string `env:"CURRENCY" envDefault:"USD"`
	// AllowReset lets admins take all listings off at once, between load tests.
	AllowReset bool `env:"ALLOW_RESET"`
}

// loadConfig reads the settings. Its errors are as service.Load's.
func loadConfig(environ map[string]string) (config, error) {
	cfg := config{DB: sqldb.Config{URL: "sqlite:data/catalog.db"}}
	cfg.Server.Addr = ":8082"
	if err := service.Load(environ, &cfg); err != nil {
		return config{}, err
	}
	return cfg, nil
}

// Check returns a sentence for the first setting that is wrong.
func (c config) Check() error { return service.CheckCurrency(c.Currency) }
