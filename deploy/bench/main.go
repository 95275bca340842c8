// Command bench measures the shop, as real processes on SQLite and on MariaDB,
// beside yardsticks that take turns with it: net/http that answers the same
// bytes, handlers of one query, argon2id alone, the databases' bare commits. It
// prints a table with what each row must reach.
//
//	go run ./deploy/bench
//	go run ./deploy/bench -books 1000000 -database mysql -rows rest,lists,search,updates
//
// RESULTS.md has what was measured so far.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"bookstore/deploy/internal/cluster"
)

// options say what is measured.
type options struct {
	kinds   []string // of databases
	rows    []string // names of groups of rows
	books   int
	buyers  int
	sellers int   // in each cart, a book of each
	logins  []int // how many log in at once
	turns   int
	slice   time.Duration // that a turn of the shop takes; its yardstick takes half of it

	json, svg, results string // files, none where empty

	bin, data string // folders
	say       func(format string, args ...any)
	command   string
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	slog.SetLogLoggerLevel(slog.LevelWarn) // a crowd waits for services, which is measured
	o, err := parse(os.Args[1:], os.Stderr)
	if err == nil {
		err = run(ctx, os.Stdout, o)
	}
	stop()
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "bench:", err)
	}
	if err != nil {
		os.Exit(1)
	}
}

func parse(args []string, stderr io.Writer) (options, error) {
	var names []string
	for _, r := range allRows {
		names = append(names, r.name)
	}
	o := options{sellers: 2, logins: []int{1, 8, 64}, command: strings.Join(append([]string{"go run ./deploy/bench"}, args...), " ")}
	o.say = func(format string, args ...any) { fmt.Fprintf(stderr, format+"\n", args...) }
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.SetOutput(stderr)
	database := flags.String("database", "both", "sqlite, mysql (a private MariaDB) or both")
	rows := flags.String("rows", strings.Join(names, ","), "which rows of the table, with commas in between")
	flags.IntVar(&o.books, "books", 20_000, "how many books there are, 1000 to 1000000")
	flags.IntVar(&o.buyers, "buyers", manyBuyers, "how many accounts of buyers there are, at least 8")
	flags.IntVar(&o.turns, "turns", 5, "how often the shop and its yardstick take turns")
	flags.DurationVar(&o.slice, "slice", time.Second, "how long a turn of the shop takes")
	flags.StringVar(&o.json, "json", "", "file for the results as JSON")
	flags.StringVar(&o.svg, "svg", "", "file for a chart of the ratios")
	flags.StringVar(&o.results, "results", "", "file of Markdown in which the table of the same databases and books is replaced, or added")
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	kinds := map[string][]string{"sqlite": {"sqlite"}, "mysql": {"mysql"}, "both": {"sqlite", "mysql"}}
	o.kinds, o.rows = kinds[*database], strings.Split(*rows, ",")
	for _, name := range o.rows {
		if !slices.Contains(names, name) {
			return o, fmt.Errorf("-rows knows no %q, only %s", name, strings.Join(names, ", "))
		}
	}
	switch {
	case flags.NArg() > 0:
		return o, fmt.Errorf("%q is no flag", flags.Arg(0))
	case o.kinds == nil:
		return o, errors.New("-database must be sqlite, mysql or both")
	case o.books < few || o.books > million:
		return o, fmt.Errorf("-books must be %d to %d", few, million)
	case o.buyers < fewBuyers:
		return o, fmt.Errorf("-buyers must be at least %d", fewBuyers)
	case o.turns < 1 || o.slice <= 0:
		return o, errors.New("-turns and -slice must be positive")
	}
	return o, nil
}

func run(ctx context.Context, w io.Writer, o options) (err error) {
	dir, err := os.MkdirTemp("", "bookstore-bench-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	o.bin, o.data = filepath.Join(dir, "bin"), dir
	if err := build(ctx, o.bin); err != nil {
		return err
	}
	report := newReport(ctx, o)
	for _, kind := range o.kinds {
		results, err := measure(ctx, o, kind)
		if err != nil {
			return fmt.Errorf("%s: %w", kind, err)
		}
		report.Results = append(report.Results, results...)
	}
	return report.write(w, o)
}

// build compiles the programs as the images have them, and the bench's own.
func build(ctx context.Context, bin string) error {
	root, err := cluster.Root(ctx)
	if err != nil {
		return err
	}
	const stripped = "-ldflags=-s -w"
	if err := cluster.Build(ctx, root, bin, func(string) {}, stripped); err != nil {
		return err
	}
	own := exec.CommandContext(ctx, "go", "build", "-o", bin+string(filepath.Separator), "./deploy/bench/bare", "./deploy/load/catalog")
	own.Dir = root
	if said, err := own.CombinedOutput(); err != nil {
		return fmt.Errorf("build the yardstick: %w: %s", err, said)
	}
	return nil
}
