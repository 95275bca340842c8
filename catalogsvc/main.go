// Command catalogsvc keeps what sellers list: books, their search, and their
// stock with its reservations.
package main

import (
	"context"
	"time"

	"bookstore/catalogsvc/internal/accounts"
	"bookstore/catalogsvc/internal/api"
	"bookstore/catalogsvc/internal/catalog"
	"bookstore/catalogsvc/internal/covers"
	"bookstore/catalogsvc/internal/index"
	"bookstore/catalogsvc/internal/store"
	"bookstore/catalogsvc/internal/worker"
	"bookstore/shared/authapi"
	"bookstore/shared/service"
	"bookstore/shared/sqldb"
)

func main() { service.Main("catalogsvc", run) }

func run(ctx context.Context, environ map[string]string) error {
	cfg, err := loadConfig(environ)
	if err != nil {
		return err
	}
	process, err := service.Start(ctx, "catalogsvc", cfg.Settings)
	if err != nil {
		return err
	}
	defer process.Close()
	pictures, err := covers.Open(cfg.Covers)
	if err != nil {
		return err
	}
	db, err := sqldb.Open(ctx, cfg.DB, store.Migrations)
	if err != nil {
		return err
	}
	defer db.Close()

	auth := authapi.NewClient(cfg.Client("authsvc", cfg.AuthURL, 0))
	verifier, revocations, err := process.FollowTokens(cfg.AuthURL, auth)
	if err != nil {
		return err
	}
	books := store.New(db)
	searches := index.NewLive(books, cfg.SearchSnapshot, time.Now)
	process.ReadyWhen(searches.Ready)
	listings := catalog.NewService(books, searches, accounts.New(auth), time.Now)
	return process.Serve(api.New(listings, api.Config{
		Covers:      catalog.NewCovers(books, pictures, time.Now),
		Currency:    cfg.Currency,
		ServiceKey:  cfg.ServiceKey,
		Limits:      cfg.Server.Limits,
		Clients:     cfg.Server.Clients,
		Verifier:    verifier,
		Revocations: revocations,
		AllowReset:  cfg.AllowReset,
	}), worker.Loops(listings, searches)...)
}
