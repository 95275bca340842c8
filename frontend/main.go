// Command frontend is the web shop: pages for browsers, made of what the three
// backends answer. It owns no data.
package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
	"time"

	"bookstore/frontend/internal/web"
	"bookstore/shared/authapi"
	"bookstore/shared/catalogapi"
	"bookstore/shared/httpclient"
	"bookstore/shared/httpserver"
	"bookstore/shared/shopapi"
	"bookstore/shared/telemetry"
	"bookstore/shared/token"

	"github.com/caarlos0/env/v11"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, env.ToMap(os.Environ()))
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "frontend:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, environ map[string]string) error {
	cfg, err := loadConfig(environ)
	if err != nil {
		return err
	}
	slog.SetDefault(httpserver.NewLogger(os.Stderr, "frontend", cfg.LogLevel))
	tel, err := telemetry.Start(ctx, "frontend")
	if err != nil {
		return err
	}
	defer tel.Shutdown()
	cfg.Server.Metrics, cfg.Server.Status = tel.Handler(), tel.Status()

	auth := authapi.NewClient(cfg.client("authsvc", cfg.AuthURL, 5*time.Second))
	verifier, err := token.NewVerifier(ctx, cfg.AuthURL+"/.well-known/jwks.json", token.DefaultIssuer, token.DefaultAudience)
	if err != nil {
		return err
	}
	shop := web.New(web.Config{
		PublicURL:   cfg.publicURL,
		Currency:    cfg.Currency,
		HomeCountry: cfg.HomeCountry,
		SessionKeys: cfg.sessionKeys,
		Auth:        auth,
		Catalog:     catalogapi.NewClient(cfg.client("catalogsvc", cfg.CatalogURL, 5*time.Second)),
		Shop:        shopapi.NewClient(cfg.client("shopsvc", cfg.ShopURL, shopTimeout)),
		Verifier:    verifier,
		Revocations: token.NewRevocations(ctx, revoked(auth), revocationInterval),
	})
	return httpserver.Serve(ctx, cfg.Server, shop)
}

const (
	// shopTimeout leaves room for a payment, which shopsvc waits for up to 5 s.
	shopTimeout        = 10 * time.Second
	revocationInterval = 3 * time.Second
)

func (c config) client(name, baseURL string, timeout time.Duration) *httpclient.Client {
	return httpclient.New(httpclient.Config{Name: name, BaseURL: baseURL, ServiceKey: c.ServiceKey, Timeout: timeout})
}

func revoked(auth *authapi.Client) func(context.Context) ([]string, error) {
	return func(ctx context.Context) ([]string, error) {
		list, err := auth.Revocations(ctx)
		return list.SessionIDs, err
	}
}
