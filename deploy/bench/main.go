// Command bench measures how many checkouts per second the shop takes, from
// the cart to the captured payment, with every commit on the disk before it
// counts: the programs as real processes, on SQLite and on MariaDB. Beside it,
// in the same run, it measures the database alone at as many commits, and
// prints the ratio.
//
//	go run ./deploy/bench
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"bookstore/deploy/internal/cluster"
)

type options struct {
	databases []string
	buyers    int
	sellers   int
	time      time.Duration
	bin, data string // folders
}

func main() {
	o := options{}
	databases := flag.String("databases", "sqlite,mariadb", "which to measure")
	flag.IntVar(&o.buyers, "buyers", 8, "how many check out at once")
	flag.IntVar(&o.sellers, "sellers", 2, "how many sellers are in each cart, one book of each")
	flag.DurationVar(&o.time, "time", 30*time.Second, "how long to measure each database, a third of it the database alone")
	flag.Parse()
	o.databases = strings.Split(*databases, ",")

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Stdout, o); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, w io.Writer, o options) (err error) {
	dir, err := os.MkdirTemp("", "bookstore-bench-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	o.bin, o.data = filepath.Join(dir, "bin"), dir
	root, err := cluster.Root(ctx)
	if err != nil {
		return err
	}
	if err := cluster.Build(ctx, root, o.bin, func(string) {}); err != nil {
		return err
	}
	var results []result
	for _, kind := range o.databases {
		r, err := measure(ctx, o, kind)
		if err != nil {
			return fmt.Errorf("%s: %w", kind, err)
		}
		results = append(results, r)
	}
	return printResults(w, o, results)
}
