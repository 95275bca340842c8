// Command reset puts a shop back into a known state between load tests:
//
//	ADMIN_EMAIL=… ADMIN_PASSWORD=… go run ./deploy/load/reset -target https://books.example.com -state load
//
// It takes every listing off, lists those of the state, and empties the carts of
// the state's accounts. The shop refuses unless its setting ALLOW_RESET is true.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"bookstore/deploy/internal/reset"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Getenv, os.Stderr)
	stop()
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "reset:", err)
	}
	if err != nil {
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, getenv func(string) string, stderr io.Writer) error {
	o := reset.Options{}
	flags := flag.NewFlagSet("reset", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&o.Target, "target", "", "address of the shop's load balancer")
	flags.StringVar(&o.State, "state", reset.Load, "one of "+strings.Join(reset.States, ", "))
	flags.IntVar(&o.Books, "books", 500, "how many there are in the state load")
	flags.IntVar(&o.Buyers, "buyers", 50, "how many accounts there are in the state load")
	if err := flags.Parse(args); err != nil {
		return err
	}
	o.Admin.Email, o.Admin.Password = getenv("ADMIN_EMAIL"), getenv("ADMIN_PASSWORD")
	if o.Target == "" || o.Admin.Email == "" {
		return errors.New("-target must name the shop, ADMIN_EMAIL and ADMIN_PASSWORD an admin's account")
	}
	if err := reset.Run(ctx, o); err != nil {
		return err
	}
	fmt.Fprintf(stderr, "%s is in the state %s\n", o.Target, o.State)
	return nil
}
