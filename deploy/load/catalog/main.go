// Command catalog fills a shop with books that nobody ever wrote, as many as you
// like and the same ones for the same seed:
//
//	go run ./deploy/load/catalog -books 1000000 -tables sqlite:data/catalog.db
//	go run ./deploy/load/catalog -books 5000 -target https://books.example.com
//
// The first writes them straight into the tables of a catalog, a million in a
// few minutes; the other lists them through the APIs, as sellers of its own.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
)

type options struct {
	books, sellers int
	seed           uint64
	tables, target string
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stderr)
	stop()
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "catalog:", err)
	}
	if err != nil {
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, stderr io.Writer) error {
	var o options
	flags := flag.NewFlagSet("catalog", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.IntVar(&o.books, "books", 10_000, "how many to list")
	flags.IntVar(&o.sellers, "sellers", 200, "how many sellers list them")
	flags.Uint64Var(&o.seed, "seed", 1, "another number gives other books")
	flags.StringVar(&o.tables, "tables", "", "the catalog's database, as in its DATABASE_URL")
	flags.StringVar(&o.target, "target", "", "address of the shop's load balancer")
	if err := flags.Parse(args); err != nil {
		return err
	}
	switch {
	case o.books < 1 || o.sellers < 1:
		return errors.New("-books and -sellers must be at least 1")
	case (o.tables == "") == (o.target == ""):
		return errors.New("either -tables or -target must say where the books go")
	case o.tables != "":
		return fillTables(ctx, stderr, o.tables, o)
	}
	return fillShop(ctx, stderr, o)
}
