// Command authsvc keeps accounts and sessions, and issues the access tokens by
// which all of Bookstore knows who calls.
package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"runtime"
	"syscall"
	"time"

	"bookstore/authsvc/internal/api"
	"bookstore/authsvc/internal/auth"
	"bookstore/authsvc/internal/store"
	"bookstore/shared/httpserver"
	"bookstore/shared/sqldb"
	"bookstore/shared/telemetry"
	"bookstore/shared/token"

	"github.com/caarlos0/env/v11"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, env.ToMap(os.Environ()))
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "authsvc:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, environ map[string]string) error {
	cfg, err := loadConfig(environ)
	if err != nil {
		return err
	}
	slog.SetDefault(httpserver.NewLogger(os.Stderr, "authsvc", cfg.LogLevel))
	tel, err := telemetry.Start(ctx, "authsvc")
	if err != nil {
		return err
	}
	defer tel.Shutdown()
	cfg.Server.Metrics, cfg.Server.Status = tel.Handler(), tel.Status()

	db, err := sqldb.Open(ctx, cfg.DB, store.Migrations)
	if err != nil {
		return err
	}
	defer db.Close()

	hasher, err := auth.NewHasher(auth.PasswordCost, runtime.NumCPU(), hashQueue*runtime.NumCPU())
	if err != nil {
		return err
	}
	telemetry.Gauge("bookstore_password_hashes_waiting", "Callers that wait for their password to be hashed.", nil,
		func() float64 { return float64(hasher.Waiting()) })
	issuer, err := token.NewIssuer(cfg.keys, token.DefaultIssuer, token.DefaultAudience)
	if err != nil {
		return err
	}
	verifier, err := token.NewStaticVerifier(cfg.keys, token.DefaultIssuer, token.DefaultAudience)
	if err != nil {
		return err
	}
	service := auth.NewService(store.New(db), hasher, issuer, time.Now)
	if cfg.AdminEmail != "" {
		if err := service.EnsureAdmin(ctx, cfg.AdminEmail, cfg.AdminPassword); err != nil {
			return err
		}
	}
	go sweep(ctx, service)
	return httpserver.Serve(ctx, cfg.Server, api.New(service, api.Config{Issuer: issuer, ServiceKey: cfg.ServiceKey, Verifier: verifier}))
}

const (
	// hashQueue is how many callers may wait for each core: about three seconds'
	// worth, for none waits longer than five.
	hashQueue = 100

	sweepInterval = 5 * time.Minute
)

// sweep deletes what is over now and then, until ctx ends. Any number of
// instances may do so.
func sweep(ctx context.Context, service *auth.Service) {
	ticker := time.NewTicker(sweepInterval)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			if err := service.Sweep(ctx); err != nil && ctx.Err() == nil {
				slog.Error("sweep failed", "error", err)
			}
		}
	}
}
