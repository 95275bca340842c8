// Command authsvc keeps accounts and sessions, and issues the access tokens by
// which all of Bookstore knows who calls.
package main

import (
	"context"
	"runtime"
	"time"

	"bookstore/authsvc/internal/api"
	"bookstore/authsvc/internal/auth"
	authmail "bookstore/authsvc/internal/mail"
	"bookstore/authsvc/internal/store"
	"bookstore/authsvc/internal/worker"
	"bookstore/shared/audit/auditstore"
	"bookstore/shared/envelope"
	"bookstore/shared/mail"
	"bookstore/shared/seal"
	"bookstore/shared/service"
	"bookstore/shared/sqldb"
	"bookstore/shared/telemetry"
	"bookstore/shared/token"
)

func main() { service.Main("authsvc", run) }

func run(ctx context.Context, environ map[string]string) error {
	cfg, err := loadConfig(environ)
	if err != nil {
		return err
	}
	process, err := service.Start(ctx, "authsvc", cfg.Settings)
	if err != nil {
		return err
	}
	defer process.Close()
	db, err := sqldb.Open(ctx, cfg.DB, store.Migrations)
	if err != nil {
		return err
	}
	defer db.Close()

	issuer, err := token.NewIssuer(cfg.keys, token.DefaultIssuer, token.DefaultAudience)
	if err != nil {
		return err
	}
	verifier, err := token.NewStaticVerifier(cfg.keys, token.DefaultIssuer, token.DefaultAudience)
	if err != nil {
		return err
	}
	hasher, err := newHasher()
	if err != nil {
		return err
	}
	secrets, err := mailKeys(cfg.keys)
	if err != nil {
		return err
	}
	kept := store.New(db, seal.Key(cfg.EventKey))
	accounts := auth.NewService(kept, hasher, issuer, secrets, time.Now)
	announcers := newAnnouncers(cfg, kept)
	accounts.WakeOnChange(announcers...)
	if cfg.AdminEmail != "" {
		if err := accounts.EnsureAdmin(ctx, cfg.AdminEmail, cfg.AdminPassword); err != nil {
			return err
		}
	}
	outbox, err := newOutbox(cfg, db, accounts, secrets)
	if err != nil {
		return err
	}
	return process.Serve(api.New(accounts, api.Config{
		Mails:      outbox,
		Audit:      auditstore.New(db, seal.Key(cfg.EventKey)),
		Issuer:     issuer,
		ServiceKey: cfg.ServiceKey,
		Limits:     cfg.Server.Limits,
		Clients:    cfg.Server.Clients,
		Verifier:   verifier,
	}), worker.Loops(accounts, announcers, outbox)...)
}

func newOutbox(cfg config, db *sqldb.DB, accounts *auth.Service, secrets envelope.Keys) (*mail.Outbox, error) {
	sender, err := cfg.Mail.Sender()
	if err != nil {
		return nil, err
	}
	mails := store.NewOutbox(db)
	telemetry.Gauges("bookstore_mails_waiting", "Mails of the outbox that are still to be sent.", "kind",
		func(ctx context.Context) (map[string]float64, error) { return mails.Waiting(ctx, auth.MailKinds...) })
	return mail.NewOutbox("auth", mails, authmail.Composer{PublicURL: cfg.PublicURL, TimeZone: cfg.TimeZone, Secrets: secrets}, authmail.Accounts{Service: accounts}, sender, time.Now), nil
}

// mailKeys returns the keys that encrypt what mails carry. They come from the
// keys of tokens and are rotated with them: no mail's secret is good for longer
// than an old key is kept.
func mailKeys(ring token.KeyRing) (envelope.Keys, error) {
	keys, err := ring.Derive("secrets of mails")
	if err != nil {
		return envelope.Keys{}, err
	}
	return envelope.New(keys...)
}

// hashQueue is how many callers may wait for each core: about three seconds'
// worth, for none waits longer.
const hashQueue = 100

func newHasher() (*auth.Hasher, error) {
	hasher, err := auth.NewHasher(auth.PasswordCost, runtime.NumCPU(), hashQueue*runtime.NumCPU())
	if err != nil {
		return nil, err
	}
	telemetry.Gauge("bookstore_password_hashes_waiting", "Callers that wait for their password to be hashed.", nil,
		func() float64 { return float64(hasher.Waiting()) })
	return hasher, nil
}
