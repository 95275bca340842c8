// Command verify checks that the books of the shop balance, in catalogsvc's
// and shopsvc's databases, and that nobody has altered a history or an audit log:
//
//	go run ./deploy/verify -catalog sqlite:data/catalog.db -shop sqlite:data/shop.db -auth sqlite:data/auth.db
//
// It only reads, and may be run on a shop at work. It prints what it counted
// and names what is wrong, and exits with 0 if nothing is, 1 if something is,
// and 2 if it could not check.
package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"bookstore/deploy/internal/verify"
	"bookstore/shared/seal"
)

// The exit codes.
const (
	balanced = iota
	violated
	unchecked
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Getenv, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

func run(ctx context.Context, args []string, getenv func(string) string, stdout, stderr io.Writer) int {
	dbs, err := parse(args, getenv, stderr)
	if errors.Is(err, flag.ErrHelp) {
		return unchecked
	}
	var report verify.Report
	if err == nil {
		report, err = verify.Check(ctx, dbs)
	}
	if err == nil {
		err = report.Print(stdout)
	}
	if err != nil {
		fmt.Fprintf(stderr, "verify: could not check: %v\n", err)
		return unchecked
	}
	if !report.OK() {
		fmt.Fprintf(stderr, "\nverify: %d violations\n", report.Violations())
		return violated
	}
	return balanced
}

func parse(args []string, getenv func(string) string, stderr io.Writer) (dbs verify.Databases, err error) {
	flags := flag.NewFlagSet("verify", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&dbs.Catalog, "catalog", "", "URL of catalogsvc's database, mysql://… or sqlite:…")
	flags.StringVar(&dbs.Shop, "shop", "", "URL of shopsvc's database")
	flags.StringVar(&dbs.Auth, "auth", "", "URL of authsvc's database, to check its audit log too")
	flags.BoolVar(&dbs.Sandbox, "sandbox", false, "every payment went through the sandbox gateway: check its ledger too")
	flags.DurationVar(&dbs.Stuck, "stuck", 0, "how long an order may be overdue (default 10m)")
	key := flags.String("event-key", "", "the key that seals events, as the services have it (default $EVENT_KEY)")
	if err := flags.Parse(args); err != nil {
		return dbs, err
	}
	if dbs.Catalog == "" || dbs.Shop == "" {
		return dbs, errors.New("-catalog and -shop must name the databases")
	}
	dbs.EventKey, err = seal.ParseKey(cmp.Or(*key, getenv("EVENT_KEY")))
	if err != nil {
		return dbs, fmt.Errorf("-event-key or EVENT_KEY: %w", err)
	}
	return dbs, nil
}
