// Command local runs the whole bookstore on this machine: it builds the four
// programs, starts them on SQLite files (or a MySQL server), lists demo books
// through the public APIs, and prints where to go. A program that dies is
// started again. Ctrl-C stops everything.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"bookstore/deploy/internal/cluster"
	"bookstore/deploy/internal/demo"
	"bookstore/deploy/internal/mailbox"
	"bookstore/shared/authapi"
	"bookstore/shared/catalogapi"
	"bookstore/shared/httpclient"
)

type options struct {
	addr      string
	data      string
	database  string
	mail      string
	frontends int
}

func main() {
	var o options
	flag.StringVar(&o.addr, "addr", "localhost:8080", "where the shop listens")
	flag.StringVar(&o.data, "data", "", "folder for the data (default: data in the bookstore's folder)")
	flag.StringVar(&o.database, "database", "", "a MySQL server instead of SQLite, as mysql://user:password@host:port")
	flag.StringVar(&o.mail, "mail", "localhost:8025", "where the page of the mailbox listens, which takes every mail of the shop")
	flag.IntVar(&o.frontends, "frontends", 1, "instances of the frontend; more than one stand behind HAProxy")
	flag.Parse()

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, o); err != nil && ctx.Err() == nil {
		fmt.Fprintf(os.Stderr, "\nThe bookstore can't run: %v\n", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, o options) error {
	root, err := cluster.Root(ctx)
	if err != nil {
		return err
	}
	if o.data == "" {
		o.data = filepath.Join(root, "data")
	}
	if o.data, err = filepath.Abs(o.data); err != nil {
		return err
	}
	if err := cluster.CheckAddress(o.addr); err != nil {
		return err // before a build of minutes
	}
	databases, err := prepareDatabases(ctx, o.database)
	if err != nil {
		return err
	}
	if err := build(ctx, root, filepath.Join(o.data, "bin")); err != nil {
		return err
	}
	mails, err := mailbox.Open(ctx, o.mail)
	if err != nil {
		return fmt.Errorf("%w; choose another place with -mail", err)
	}
	defer mails.Close()
	c, err := start(ctx, o, databases, mails)
	if err != nil {
		return err
	}
	err = serve(ctx, c, mails)
	fmt.Println("\nStopping …")
	return errors.Join(err, c.Stop())
}

// build compiles the programs and prints how far it is, at most once a second.
func build(ctx context.Context, root, bin string) error {
	if err := os.MkdirAll(bin, 0o700); err != nil {
		return fmt.Errorf("the data folder can't be made: %w", err)
	}
	fmt.Println("Building the programs (the first time takes a few minutes) …")
	begun, packages, shown := time.Now(), 0, time.Time{}
	err := cluster.Build(ctx, root, bin, func(line string) {
		packages++
		if time.Since(shown) > time.Second {
			shown = time.Now()
			fmt.Printf("  %3.0f s  %4d packages  %s\n", time.Since(begun).Seconds(), packages, line)
		}
	})
	if err != nil {
		return err
	}
	fmt.Printf("Built in %.1f s. Starting …\n", time.Since(begun).Seconds())
	return nil
}

func start(ctx context.Context, o options, databases map[string]string, mails *mailbox.Mailbox) (*cluster.Cluster, error) {
	return cluster.Start(ctx, cluster.Options{
		Bin:       filepath.Join(o.data, "bin"),
		Data:      o.data,
		Addr:      o.addr,
		Known:     true,
		Databases: databases,
		Frontends: o.frontends,
		Env:       []string{"ADMIN_EMAIL=" + demo.Admin.Email, "ADMIN_PASSWORD=" + demo.Password, "SMTP_URL=" + mails.SMTPURL},
	})
}

// serve fills the shop, says where it is and keeps it running until ctx ends.
func serve(ctx context.Context, c *cluster.Cluster, mails *mailbox.Mailbox) error {
	auth := authapi.NewClient(httpclient.New(c.ClientConfig(cluster.Auth)))
	catalog := catalogapi.NewClient(httpclient.New(c.ClientConfig(cluster.Catalog)))
	listed, err := demo.Fill(ctx, auth, catalog)
	if err != nil {
		return err
	}
	if listed > 0 {
		fmt.Printf("Listed %d demo books.\n", listed)
	}
	welcome(c, mails)
	c.Keep(ctx, func(news string) { fmt.Println(news) })
	return nil
}

func welcome(c *cluster.Cluster, mails *mailbox.Mailbox) {
	fmt.Printf("\nThe bookstore is open at %s\n\n", c.URL)
	fmt.Printf("  buyer   %s\n", demo.Buyer.Email)
	for _, s := range demo.Sellers {
		fmt.Printf("  seller  %-22s %s\n", s.Email, s.SellerName)
	}
	fmt.Printf("  admin   %s\n", demo.Admin.Email)
	fmt.Printf("  The password of all of them is %s. The card 4242 4242 4242 4242 pays.\n\n", demo.Password)
	fmt.Printf("  Mails   %s  (all that the shop sends, to whomever)\n", mails.URL)
	fmt.Printf("  APIs    %s  %s  %s  (/openapi.json)\n", c.AuthURL, c.CatalogURL, c.ShopURL)
	fmt.Println("\nCtrl-C stops it; the data stays.")
}
