package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"bookstore/deploy/internal/cluster"
	"bookstore/deploy/internal/verify"
	"bookstore/shared/catalogapi"
	"bookstore/shared/httpclient"
	"bookstore/shared/seal"
)

const (
	// few is how many books the lists are compared with.
	few = 1000
	// mostChecked is how many books a shop may have for its books to be checked
	// afterwards, which takes a statement for each.
	mostChecked = 50_000
	// indexTime is how long catalogsvc may take to read all books.
	indexTime = 5 * time.Minute
)

// shop is a running shop with its yardsticks.
type shop struct {
	*cluster.Cluster
	o       options
	place   *place
	market  *market
	bare    *yardstick
	commits *bareCommits
	small   map[string]time.Duration // how long the lists took with few books
	started time.Duration            // how long catalogsvc last took until it was ready
	results []result
}

// measure starts a shop on new databases of a kind and measures what o asks for.
func measure(ctx context.Context, o options, kind string) (results []result, err error) {
	o.data = filepath.Join(o.data, kind)
	place, err := openPlace(ctx, kind, o.data)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, place.Close()) }()
	c, err := cluster.Start(ctx, cluster.Options{
		Bin: o.bin, Data: o.data, Databases: place.shop, Private: true, Env: []string{"LOG_LEVEL=warn"},
	})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, c.Stop()) }()
	s := &shop{Cluster: c, o: o, place: place, small: map[string]time.Duration{}}
	defer func() { err = errors.Join(err, s.stopYardsticks()) }()
	if err := s.prepare(ctx); err != nil {
		return nil, err
	}
	for _, r := range allRows {
		if !slices.Contains(o.rows, r.name) {
			continue
		}
		o.say("%s: %s", place.name, r.name)
		if err := r.measure(ctx, s); err != nil {
			return nil, fmt.Errorf("%s: %w", r.name, err)
		}
	}
	for i := range s.results {
		s.results[i].Database = place.kind
		s.results[i] = judged(s.results[i], o.books)
	}
	return s.results, s.checkBooks(ctx)
}

func (s *shop) add(results ...result) { s.results = append(s.results, results...) }

// prepare fills the shop with books and people. What needs few books is
// measured in between.
func (s *shop) prepare(ctx context.Context) error {
	if err := s.fill(ctx, min(few, s.o.books), 1); err != nil {
		return err
	}
	if slices.Contains(s.o.rows, "lists") {
		if err := s.smallLists(ctx); err != nil {
			return fmt.Errorf("lists of few books: %w", err)
		}
	}
	if slices.Contains(s.o.rows, "rest") {
		if err := s.rest(ctx); err != nil {
			return err
		}
	}
	if s.o.books > few {
		if err := s.fill(ctx, s.o.books-few, 2); err != nil {
			return err
		}
	}
	if err := s.fullCatalog(ctx); err != nil {
		return err
	}
	var err error
	if s.market, err = openMarket(ctx, s.Cluster, s.o); err != nil {
		return err
	}
	hash, err := s.place.passwordHash(ctx)
	if err != nil {
		return err
	}
	if s.bare, err = startYardstick(ctx, filepath.Join(s.o.bin, "bare"), s.DatabaseURL(cluster.Catalog), hash); err != nil {
		return err
	}
	s.commits, err = openBare(ctx, s.place.bare)
	return err
}

// fill writes books into the catalog's tables while catalogsvc is away, and
// lets it index them as at a first start.
func (s *shop) fill(ctx context.Context, books int, seed int) error {
	s.o.say("%s: %d books", s.place.name, books)
	process := s.Processes(cluster.Catalog)[0]
	if err := process.Stop(); err != nil {
		return err
	}
	fill := exec.CommandContext(ctx, filepath.Join(s.o.bin, "catalog"), "-books", strconv.Itoa(books),
		"-seed", strconv.Itoa(seed), "-tables", s.DatabaseURL(cluster.Catalog))
	if said, err := fill.CombinedOutput(); err != nil {
		return fmt.Errorf("fill the catalog: %w: %s", err, said)
	}
	if err := os.RemoveAll(filepath.Join(s.o.data, "search")); err != nil {
		return err
	}
	began := time.Now()
	if err := process.Start(); err != nil {
		return err
	}
	for err := process.WaitReady(ctx); err != nil; err = process.WaitReady(ctx) {
		if time.Since(began) > indexTime || ctx.Err() != nil {
			return err
		}
	}
	s.started = time.Since(began)
	return nil
}

func (s *shop) stopYardsticks() error {
	if s.commits != nil {
		s.commits.Close()
	}
	if s.bare == nil {
		return nil
	}
	return s.bare.stop()
}

// checkBooks returns an error if a checkout was not what it should have been.
func (s *shop) checkBooks(ctx context.Context) error {
	if s.o.books > mostChecked {
		return nil
	}
	report, err := verify.Check(ctx, verify.Databases{
		Catalog: s.DatabaseURL(cluster.Catalog), Shop: s.DatabaseURL(cluster.Shop),
		EventKey: seal.Key(s.EventKey()), Sandbox: true,
	})
	if err != nil {
		return fmt.Errorf("check the books: %w", err)
	}
	if !report.OK() {
		return fmt.Errorf("the books do not balance:\n%s", report)
	}
	return nil
}

// address returns where a program listens.
func (s *shop) address(program string) string {
	return strings.TrimPrefix(s.Processes(program)[0].URL, "http://")
}

// side is one of two that take turns.
type side func(ctx context.Context, d time.Duration) (tally, error)

// asking is a side whose clients ask one of some requests after the other.
func asking(addr string, clients int, requests ...request) side {
	return func(ctx context.Context, d time.Duration) (tally, error) {
		at := make([]int, clients)
		return closedLoop(ctx, addr, clients, d, func(client int) request {
			at[client]++
			return requests[(client+at[client])%len(requests)]
		})
	}
}

// compare lets the shop and its yardstick take turns, so that what else happens
// on the machine meets both.
func (s *shop) compare(ctx context.Context, work string, shop, yardstick side) (result, error) {
	var ours, theirs tally
	var all ratios
	var used time.Duration
	for turn := range s.o.turns + warmUps(s.o) {
		before, err := cpuOf(ctx, s.Cluster)
		if err != nil {
			return result{}, err
		}
		own, err := shop(ctx, s.o.slice)
		if err != nil {
			return result{}, fmt.Errorf("%s: %w", work, err)
		}
		after, err := cpuOf(ctx, s.Cluster)
		if err != nil {
			return result{}, err
		}
		other, err := yardstick(ctx, s.o.slice/2)
		if err != nil {
			return result{}, fmt.Errorf("%s: the yardstick: %w", work, err)
		}
		if turn < warmUps(s.o) {
			continue
		}
		ours.add(own)
		theirs.add(other)
		used += after - before
		if other.rate() > 0 {
			all = append(all, own.rate()/other.rate())
		}
	}
	r := measured(work, ours)
	r.Bare = theirs.rate()
	if len(ours.times) > 0 {
		r.CPU = float64(used.Microseconds()) / float64(len(ours.times))
	}
	if len(all) == 0 || r.Rate == 0 {
		return r, fmt.Errorf("%s: nothing to compare: %.1f/s beside %.1f/s", work, r.Rate, r.Bare)
	}
	r.Ratio, r.Spread = all.median(), all.spread()
	return r, nil
}

// longer is a side whose turns last so many times as long: of a crowd each waits
// for its answer longer than a turn of a few should last.
func longer(times int, s side) side {
	return func(ctx context.Context, d time.Duration) (tally, error) { return s(ctx, time.Duration(times)*d) }
}

// warmUps is how many turns come before those that count. One turn is no
// measurement anyway.
func warmUps(o options) int { return min(1, o.turns-1) }

// compareAll adds the results of works whose names are in order.
func (s *shop) compareAll(ctx context.Context, works []work) error {
	for _, w := range works {
		r, err := s.compare(ctx, w.name, w.shop, w.yardstick)
		if err != nil {
			return err
		}
		s.add(r)
	}
	return nil
}

// work is a row with its yardstick.
type work struct {
	name            string
	shop, yardstick side
}

// seller returns a context of a seller of the market.
func (m *market) seller(ctx context.Context, i int) context.Context {
	return httpclient.WithBearer(ctx, m.sellers[i])
}

// anyBook returns a book of the market.
func (m *market) anyBook() catalogapi.Book { return m.shelves[0][0] }
