// Command catalogsvc keeps what sellers list: books, their search, and their
// stock with its reservations.
package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"strings"
	"sync"
	"syscall"
	"time"

	"bookstore/catalogsvc/internal/accounts"
	"bookstore/catalogsvc/internal/api"
	"bookstore/catalogsvc/internal/catalog"
	"bookstore/catalogsvc/internal/covers"
	"bookstore/catalogsvc/internal/store"
	"bookstore/catalogsvc/internal/worker"
	"bookstore/shared/authapi"
	"bookstore/shared/httpclient"
	"bookstore/shared/httpserver"
	"bookstore/shared/sqldb"
	"bookstore/shared/telemetry"
	"bookstore/shared/token"

	"github.com/caarlos0/env/v11"
)

const (
	revocationInterval = 3 * time.Second
	sweepInterval      = time.Minute
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, env.ToMap(os.Environ()))
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "catalogsvc:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, environ map[string]string) error {
	cfg, err := loadConfig(environ)
	if err != nil {
		return err
	}
	slog.SetDefault(httpserver.NewLogger(os.Stderr, "catalogsvc", cfg.LogLevel))
	tel, err := telemetry.Start(ctx, "catalogsvc")
	if err != nil {
		return err
	}
	defer tel.Shutdown()
	cfg.Server.Metrics, cfg.Server.Status = tel.Handler(), tel.Status()
	ctx, stop := context.WithCancel(ctx)
	defer stop()

	pictures, err := covers.Open(cfg.Covers)
	if err != nil {
		return err
	}
	db, err := sqldb.Open(ctx, cfg.DB, store.Migrations)
	if err != nil {
		return err
	}
	defer db.Close()

	auth := authapi.NewClient(httpclient.New(httpclient.Config{
		Name: "authsvc", BaseURL: cfg.AuthURL, ServiceKey: cfg.ServiceKey,
	}))
	keySet := strings.TrimSuffix(cfg.AuthURL, "/") + "/.well-known/jwks.json"
	verifier, err := token.NewVerifier(ctx, keySet, token.DefaultIssuer, token.DefaultAudience)
	if err != nil {
		return err
	}
	revocations := token.NewRevocations(ctx, revokedSessions(auth), revocationInterval)

	books := store.New(db)
	service := catalog.NewService(books, accounts.New(auth), time.Now)
	var workers sync.WaitGroup
	defer workers.Wait()
	defer stop()
	workers.Go(func() { worker.Sweep(ctx, service, sweepInterval) })

	return httpserver.Serve(ctx, cfg.Server, api.New(service, api.Config{
		Covers:      catalog.NewCovers(books, pictures, time.Now),
		Currency:    cfg.Currency,
		ServiceKey:  cfg.ServiceKey,
		Verifier:    verifier,
		Revocations: revocations,
	}))
}

func revokedSessions(auth *authapi.Client) func(context.Context) ([]string, error) {
	return func(ctx context.Context) ([]string, error) {
		list, err := auth.Revocations(ctx)
		return list.SessionIDs, err
	}
}
