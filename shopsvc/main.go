// Command shopsvc keeps carts, orders, payments and deliveries.
package main

import (
	"context"
	"time"

	"bookstore/shared/audit/auditstore"
	"bookstore/shared/authapi"
	"bookstore/shared/catalogapi"
	"bookstore/shared/mail"
	"bookstore/shared/seal"
	"bookstore/shared/service"
	"bookstore/shared/shopapi"
	"bookstore/shared/sqldb"
	"bookstore/shared/telemetry"
	"bookstore/shopsvc/internal/accounts"
	"bookstore/shopsvc/internal/api"
	"bookstore/shopsvc/internal/catalog"
	shopmail "bookstore/shopsvc/internal/mail"
	"bookstore/shopsvc/internal/sandbox"
	"bookstore/shopsvc/internal/shop"
	"bookstore/shopsvc/internal/store"
	"bookstore/shopsvc/internal/stripe"
	"bookstore/shopsvc/internal/worker"
)

// lateCards is how long the sandbox's slow cards take: longer than anybody waits.
const lateCards = 12 * time.Second

func main() { service.Main("shopsvc", run) }

func run(ctx context.Context, environ map[string]string) error {
	cfg, err := loadConfig(environ)
	if err != nil {
		return err
	}
	process, err := service.Start(ctx, "shopsvc", cfg.Settings)
	if err != nil {
		return err
	}
	defer process.Close()
	db, err := sqldb.Open(ctx, cfg.DB, store.Migrations)
	if err != nil {
		return err
	}
	defer db.Close()

	auth := authapi.NewClient(cfg.Client("authsvc", cfg.AuthURL, shopapi.AnswerWithin))
	verifier, revocations, err := process.FollowTokens(cfg.AuthURL, auth)
	if err != nil {
		return err
	}
	gateway, gateways := newGateway(cfg, db)
	orders := newShop(cfg, db, auth, gateway)
	if err := orders.SetFirstRates(ctx); err != nil {
		return err
	}
	outbox, err := newOutbox(cfg, db, auth)
	if err != nil {
		return err
	}
	err = process.Serve(api.New(orders, api.Config{
		Mails:       outbox,
		Audit:       auditstore.New(db, seal.Key(cfg.EventKey)),
		Gateways:    gateways,
		ServiceKey:  cfg.ServiceKey,
		Limits:      cfg.Server.Limits,
		Clients:     cfg.Server.Clients,
		Verifier:    verifier,
		Revocations: revocations,
	}), worker.Loops(orders, outbox)...)
	orders.Wait(process.Background())
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

func newShop(cfg config, db *sqldb.DB, auth *authapi.Client, gateway shop.Gateway) *shop.Service {
	settings := shop.DefaultSettings()
	settings.Currency, settings.HomeCountry, settings.PublicURL = cfg.Currency, cfg.HomeCountry, cfg.PublicURL
	settings.EventKey, settings.Account = shop.EventKey(cfg.EventKey), shop.BankAccount(cfg.Account)
	client := catalogapi.NewClient(cfg.Client("catalogsvc", cfg.CatalogURL, 0))
	orders := store.New(db, seal.Key(cfg.EventKey))
	telemetry.Gauges("bookstore_orders_under_way", "Orders that are not at an end.", "state", orders.OrdersUnderWay)
	kept, books, gateway := withFaults(orders, catalog.New(client, cfg.Currency), gateway)
	return shop.NewService(settings, kept, books, accounts.New(auth), gateway, clock)
}

func newOutbox(cfg config, db *sqldb.DB, auth *authapi.Client) (*mail.Outbox, error) {
	sender, err := cfg.Mail.Sender()
	if err != nil {
		return nil, err
	}
	mails := store.NewOutbox(db)
	telemetry.Gauges("bookstore_mails_waiting", "Mails of the outbox that are still to be sent.", "kind", mails.MailsWaiting)
	return mail.NewOutbox("shop", mails, shopmail.Composer{PublicURL: cfg.PublicURL, HomeCountry: cfg.HomeCountry, TimeZone: cfg.TimeZone, Account: shop.BankAccount(cfg.Account)}, shopmail.Accounts{Client: auth}, sender, clock), nil
}
