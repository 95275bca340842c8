// Command audit loads a shop with buyers and sellers who write down what each
// answer promised, and compares their book with the shop afterwards:
//
//	go run ./deploy/load/audit -target https://books.example.com
//
// It prints PASS or FAIL with every broken promise, beside throughput and times,
// and exits with 0 if all was kept, 1 if something was broken, and 2 if there
// could be no verdict. README.md in the folder above tells how to read it.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
	"time"

	"bookstore/deploy/internal/audit"
)

// The exit codes.
const (
	kept = iota
	broken
	unjudged
)

func main() {
	slog.SetDefault(slog.New(slog.DiscardHandler)) // what the clients say of slow answers is in the report
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Getenv, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

func run(ctx context.Context, args []string, getenv func(string) string, stdout, stderr io.Writer) int {
	o, files, err := parse(args, getenv, stderr)
	if errors.Is(err, flag.ErrHelp) {
		return unjudged
	}
	var report *audit.Report
	if err == nil {
		report, err = audit.Run(ctx, o)
	}
	if err == nil {
		err = errors.Join(report.WriteText(stdout), files.write(report))
	}
	switch {
	case err != nil:
		fmt.Fprintf(stderr, "audit: %v\n", err)
		return unjudged
	case report.Verdict != audit.Pass:
		return broken
	}
	return kept
}

// files are where the report is written to, beside the terminal.
type files struct{ json, html string }

func parse(args []string, getenv func(string) string, stderr io.Writer) (o audit.Options, to files, err error) {
	flags := flag.NewFlagSet("audit", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.StringVar(&o.Target, "target", "", "address of the shop's load balancer, such as https://books.example.com")
	flags.Float64Var(&o.Rate, "rate", 10, "visits that begin in a second, on average, however long the shop takes")
	flags.DurationVar(&o.Duration, "duration", time.Minute, "how long visits begin")
	flags.DurationVar(&o.Think, "think", time.Second, "between an answer and the same visitor's next request")
	flags.IntVar(&o.Buyers, "buyers", 100, "accounts that buy; a visitor waits for a free one, and the wait counts")
	flags.IntVar(&o.Sellers, "sellers", 20, "accounts that sell")
	flags.DurationVar(&o.Settle, "settle", time.Minute, "how long refunds, returned copies and mails may take afterwards")
	flags.StringVar(&o.MailDomain, "mail-domain", "example.com", "of the accounts' addresses; the shop writes to them")
	flags.Uint64Var(&o.Seed, "seed", uint64(time.Now().UnixNano()), "of the dice")
	flags.StringVar(&to.json, "json", "", "file to write the report to, for programs")
	flags.StringVar(&to.html, "html", "", "file to write the report to, as a page with charts")
	if err := flags.Parse(args); err != nil {
		return o, to, err
	}
	if o.Target == "" || o.Rate <= 0 || o.Duration <= 0 {
		return o, to, errors.New("-target must name the shop, -rate and -duration must be more than nothing")
	}
	o.Admin.Email, o.Admin.Password = getenv("ADMIN_EMAIL"), getenv("ADMIN_PASSWORD")
	return o, to, nil
}

func (f files) write(r *audit.Report) error {
	return errors.Join(writeFile(f.json, r.WriteJSON), writeFile(f.html, r.WriteHTML))
}

func writeFile(path string, write func(io.Writer) error) error {
	if path == "" {
		return nil
	}
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	return errors.Join(write(file), file.Close())
}
