// Command frontend is the web shop: pages for browsers, made of what the three
// backends answer. It owns no data.
package main

import (
	"context"

	"bookstore/frontend/internal/web"
	"bookstore/shared/authapi"
	"bookstore/shared/catalogapi"
	"bookstore/shared/service"
	"bookstore/shared/shopapi"
)

func main() { service.Main("frontend", run) }

func run(ctx context.Context, environ map[string]string) error {
	cfg, err := loadConfig(environ)
	if err != nil {
		return err
	}
	process, err := service.Start(ctx, "frontend", cfg.Settings)
	if err != nil {
		return err
	}
	defer process.Close()

	auth := authapi.NewClient(cfg.Client("authsvc", cfg.AuthURL, 0))
	verifier, revocations, err := process.FollowTokens(cfg.AuthURL, auth)
	if err != nil {
		return err
	}
	return process.Serve(web.New(web.Config{
		PublicURL:    cfg.publicURL,
		Currency:     cfg.Currency,
		HomeCountry:  cfg.HomeCountry,
		TimeZone:     cfg.TimeZone,
		ContactEmail: cfg.ContactEmail,
		Texts:        cfg.texts,
		SessionKeys:  cfg.sessionKeys,
		Limits:       cfg.Server.Limits,
		Clients:      cfg.Server.Clients,
		Auth:         auth,
		Catalog:      catalogapi.NewClient(cfg.Client("catalogsvc", cfg.CatalogURL, 0)),
		Shop:         shopapi.NewClient(cfg.Client("shopsvc", cfg.ShopURL, shopapi.CallTimeout)),
		Verifier:     verifier,
		Revocations:  revocations,
	}))
}
