// Shopsvc keeps carts, orders, payments and deliveries. It owns the database shop.
package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
	"time"

	"bookstore/shared/authapi"
	"bookstore/shared/catalogapi"
	"bookstore/shared/httpclient"
	"bookstore/shared/httpserver"
	"bookstore/shared/sqldb"
	"bookstore/shared/telemetry"
	"bookstore/shared/token"
	"bookstore/shopsvc/internal/api"
	"bookstore/shopsvc/internal/catalogue"
	"bookstore/shopsvc/internal/mail"
	"bookstore/shopsvc/internal/sandbox"
	"bookstore/shopsvc/internal/shop"
	"bookstore/shopsvc/internal/store"
	"bookstore/shopsvc/internal/stripe"
	"bookstore/shopsvc/internal/worker"

	"github.com/caarlos0/env/v11"
)

const (
	// lateCards is how long the sandbox's slow cards take: longer than anybody waits.
	lateCards       = 12 * time.Second
	workEvery       = time.Second
	revocationsPoll = 3 * time.Second
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, env.ToMap(os.Environ())); err != nil {
		fmt.Fprintln(os.Stderr, "shopsvc:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, environment map[string]string) error {
	cfg, err := loadConfig(environment)
	if err != nil {
		return err
	}
	slog.SetDefault(httpserver.NewLogger(os.Stderr, "shopsvc", cfg.LogLevel))
	tel, err := telemetry.Start(ctx, "shopsvc")
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

	counts := store.New(db)
	telemetry.Gauges("bookstore_orders_under_way", "Orders that are not at an end.", "state", counts.OrdersUnderWay)
	telemetry.Gauges("bookstore_mails_waiting", "Mails of the outbox that are still to be sent.", "kind", counts.MailsWaiting)

	// What serves requests outlives the signal to stop, until they are drained.
	background, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	auth := authapi.NewClient(httpclient.New(httpclient.Config{Name: "authsvc", BaseURL: cfg.AuthURL, ServiceKey: cfg.ServiceKey}))
	verifier, err := token.NewVerifier(background, cfg.AuthURL+"/.well-known/jwks.json", token.DefaultIssuer, token.DefaultAudience)
	if err != nil {
		return err
	}
	revocations := token.NewRevocations(background, revokedSessions(auth), revocationsPoll)

	gateway, gateways := newGateway(cfg, db)
	service := newService(cfg, db, gateway)
	outbox, err := newOutbox(cfg, db, auth)
	if err != nil {
		return err
	}
	stopWorkers := startWorkers(ctx, service, outbox)
	err = httpserver.Serve(ctx, cfg.Server, api.New(service, api.Config{
		Mails: outbox, Gateways: gateways, ServiceKey: cfg.ServiceKey, Verifier: verifier, Revocations: revocations,
	}))
	stopWorkers()
	settle(service, cfg.Server.DrainTimeout)
	return err
}

// newGateway returns the payment gateway that the settings name, and what the
// API has to serve for it.
func newGateway(cfg config, db *sqldb.DB) (shop.Gateway, api.Gateways) {
	if cfg.Gateway == "stripe" {
		g := stripe.New(cfg.Stripe, db, clock)
		return g, api.Gateways{Stripe: g}
	}
	gateway := sandbox.New(db, cfg.PublicURL, lateCards, clock)
	return gateway, api.Gateways{Sandbox: gateway}
}

func newService(cfg config, db *sqldb.DB, gateway shop.Gateway) *shop.Service {
	settings := shop.DefaultSettings()
	settings.Currency, settings.HomeCountry, settings.PublicURL = cfg.Currency, cfg.HomeCountry, cfg.PublicURL
	settings.EventKey = shop.EventKey(cfg.EventKey)
	catalog := catalogapi.NewClient(httpclient.New(httpclient.Config{
		Name: "catalogsvc", BaseURL: cfg.CatalogURL, ServiceKey: cfg.ServiceKey,
	}))
	orders, books, gateway := struck(store.New(db), catalogue.New(catalog, cfg.Currency), gateway)
	return shop.NewService(settings, orders, books, gateway, clock)
}

func newOutbox(cfg config, db *sqldb.DB, auth *authapi.Client) (*mail.Outbox, error) {
	sender := mail.Sender(mail.Discard{})
	if cfg.SMTPURL != "" {
		smtp, err := mail.NewSMTP(cfg.SMTPURL, cfg.MailFrom)
		if err != nil {
			return nil, fmt.Errorf("SMTP_URL: %w", err)
		}
		sender = smtp
	}
	return mail.NewOutbox(store.New(db), mail.Accounts{Client: auth}, sender, cfg.PublicURL, clock), nil
}

func revokedSessions(auth *authapi.Client) func(context.Context) ([]string, error) {
	return func(ctx context.Context) ([]string, error) {
		list, err := auth.Revocations(ctx)
		return list.SessionIDs, err
	}
}

// startWorkers drives orders on until ctx ends or stop is called, which waits
// for those in hand.
func startWorkers(ctx context.Context, service *shop.Service, outbox *mail.Outbox) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		worker.Run(ctx, service, outbox, workEvery)
	}()
	return func() {
		cancel()
		<-done
	}
}

// settle lets orders in hand come to rest.
func settle(service *shop.Service, timeout time.Duration) {
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	service.Wait(ctx)
}
