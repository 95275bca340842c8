// Package faults proves that nothing is lost or doubled while many things break at once.
package faults

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"bookstore/deploy/internal/cluster"
	"bookstore/deploy/internal/mariadb"
	"bookstore/deploy/internal/needs"
	"bookstore/deploy/internal/shoptest"
	"bookstore/shared/catalogapi"
	"bookstore/shared/httpclient"
	"bookstore/shared/shopapi"
	"bookstore/shared/sqldb/sqldbtest"
)

// How long the faults last, and with which dice. A long run, such as
//
//	go test ./deploy/e2e/faults -fault-run 10m -timeout 1h -v
//
// takes as long on each database, and about a minute more to come to rest.
var (
	faultRun  = flag.Duration("fault-run", 0, "how long the fault run buys under faults, on each database (default 30s on MariaDB, 12s on SQLite)")
	faultSeed = flag.Uint64("fault-seed", 0, "seed of the fault run's dice (default: another one each time)")
)

const (
	faultShoppers = 12
	// faultRecovery is how long everything may take to come to rest after the
	// last fault, on a machine that has much else to do.
	faultRecovery = 3 * time.Minute
)

// Many buyers check out mixed carts while programs are killed and the database
// is restarted. Every request is sent up to five times, the gateway answers late
// or after it has charged. When all is quiet again, nobody was charged twice or
// for nothing, nothing was sold twice, and no order is lost or stuck.
func TestFaultRun(t *testing.T) {
	seed := *faultSeed
	if seed == 0 {
		seed = rand.Uint64()
	}
	fmt.Printf("fault run: -fault-seed %d\n", seed)
	options := cluster.Options{Frontends: 2, Backends: 2, Env: []string{"LOG_LEVEL=warn"}}

	t.Run("mysql", func(t *testing.T) {
		server := startMariaDB(t)
		t.Setenv(sqldbtest.EnvMySQL, server.URL())
		f := newFaultyShop(t, shoptest.OpenOn(t, "mysql", options), seed)
		f.database = server
		f.run(t, 30*time.Second)
	})
	t.Run("sqlite", func(t *testing.T) {
		newFaultyShop(t, shoptest.OpenOn(t, "sqlite", options), seed).run(t, 12*time.Second)
	})
}

// startMariaDB starts a server that this test may kill. A machine without
// MariaDB skips the test, unless it is CI's.
func startMariaDB(t *testing.T) *mariadb.Server {
	t.Helper()
	server, err := mariadb.Start(t.Context(), mariadb.Options{Dir: t.TempDir(), Fast: true})
	needs.MariaDB(t, err)
	t.Cleanup(func() {
		if err := server.Kill(); err != nil {
			t.Error(err)
		}
	})
	return server
}

// faultyShop is a shop in which things break.
type faultyShop struct {
	*shoptest.Shop
	database *mariadb.Server // to be restarted; nil: none
	seed     uint64
	shelf    shelf
	tally    *tally
	shoppers []*shopper
	sellers  []*session
	admin    *session
}

func newFaultyShop(t *testing.T, s *shoptest.Shop, seed uint64) *faultyShop {
	t.Helper()
	f := &faultyShop{Shop: s, seed: seed, tally: newTally()}
	f.admin = f.session(s.SignIn(t, shoptest.Admin))
	for _, name := range []string{"Lantern Books", "Owl & Co", "The Last Page"} {
		f.sellers = append(f.sellers, f.session(s.RegisterSeller(t, name)))
	}
	dice := f.dice(0)
	for _, seller := range f.sellers {
		for range 4 {
			f.list(t.Context(), seller, dice)
		}
	}
	provider := s.NationalProvider(t).ID
	for i, buyer := range s.RegisterMany(t, faultShoppers) {
		b := &shopper{
			faultyShop: f, session: f.session(buyer), orders: shopapi.NewClient(httpclient.New(s.ClientConfig(cluster.Shop))),
			dice: f.dice(uint64(i + 1)), provider: provider,
		}
		if i%3 == 0 {
			b.browser = s.SignedIn(t, buyer)
		}
		f.shoppers = append(f.shoppers, b)
	}
	return f
}

func (f *faultyShop) dice(n uint64) *rand.Rand { return rand.New(rand.NewPCG(f.seed, n)) }

// run buys under faults, lets everything come to rest, and checks what became
// of it.
func (f *faultyShop) run(t *testing.T, usual time.Duration) {
	length := usual
	if *faultRun > 0 {
		length = *faultRun
	}
	faults, quiet := context.WithTimeout(t.Context(), length)
	defer quiet()
	answers, enough := context.WithTimeout(t.Context(), length+faultRecovery)
	defer enough()

	var breaking, shopping sync.WaitGroup
	breaking.Go(func() { f.kill(faults, t) })
	if f.database != nil {
		breaking.Go(func() { f.restartDatabase(t, length/2) })
	}
	for i, seller := range f.sellers {
		breaking.Go(func() { f.keepListing(faults, seller, f.dice(uint64(100+i))) })
	}
	for _, b := range f.shoppers {
		shopping.Go(func() { b.keepBuying(faults, answers) })
	}
	breaking.Wait()
	f.tally.quietSince = time.Now()
	f.awaitAllReady(t)
	shopping.Wait()
	f.askAgain(answers)
	f.awaitAtRest(t)
	f.check(t)
	f.tally.print(t, f.Shop)
	f.buyAfterwards(t)
}

// kill kills instances at random moments, now and then all of a program, and
// starts them again a moment later.
func (f *faultyShop) kill(ctx context.Context, t *testing.T) {
	dice := f.dice(50)
	programs := []string{cluster.Shop, cluster.Shop, cluster.Catalog, cluster.Frontend}
	for shoptest.Pause(ctx, between(dice, 300*time.Millisecond, 1500*time.Millisecond)) {
		program := programs[dice.IntN(len(programs))]
		victims := f.Processes(program)
		if dice.IntN(6) > 0 {
			victims = victims[dice.IntN(len(victims)):][:1]
		}
		for _, p := range victims {
			if err := p.Kill(); err != nil {
				t.Error(err)
			}
			f.tally.killed(program)
		}
		shoptest.Pause(ctx, between(dice, 0, time.Second))
		for _, p := range victims {
			if err := p.Start(); err != nil {
				t.Error(err)
			}
		}
	}
}

// restartDatabase kills the database server once, and starts it again.
func (f *faultyShop) restartDatabase(t *testing.T, after time.Duration) {
	if !shoptest.Pause(t.Context(), after) {
		return
	}
	if err := f.database.Kill(); err != nil {
		t.Error(err)
	}
	if err := f.database.Restart(t.Context()); err != nil {
		t.Error(err)
	}
	f.tally.count(&f.tally.databaseRestarts, 1)
}

func (f *faultyShop) awaitAllReady(t *testing.T) {
	t.Helper()
	for _, program := range cluster.Programs {
		for _, p := range f.Processes(program) {
			if err := p.WaitReady(t.Context()); err != nil {
				t.Error(err)
			}
		}
	}
}

// keepListing lets a seller offer one book after the other, of which there are
// few copies.
func (f *faultyShop) keepListing(ctx context.Context, seller *session, dice *rand.Rand) {
	for shoptest.Pause(ctx, between(dice, 150*time.Millisecond, 450*time.Millisecond)) {
		f.list(ctx, seller, dice)
	}
}

func (f *faultyShop) list(ctx context.Context, seller *session, dice *rand.Rand) {
	book, err := f.Catalog.CreateBook(seller.as(ctx), catalogapi.BookInput{
		Title: "Frankenstein", Authors: []string{"Mary Shelley"}, Category: "classics", Language: "en",
		Condition: catalogapi.ConditionGood, Price: 500 + dice.Int64N(3000), Stock: 1 + dice.Int64N(3),
	})
	if err == nil {
		f.shelf.add(book)
	}
}

// askAgain has every buyer who was refused, but at some time got no answer at
// all, send the request once more: it may have made an order after all.
func (f *faultyShop) askAgain(ctx context.Context) {
	for _, b := range f.shoppers {
		for _, c := range b.checkouts {
			if c.unanswered == 0 || c.order != "" {
				continue
			}
			b.send(ctx, c)
		}
	}
}

// shelf holds the books that were listed last.
type shelf struct {
	mu    sync.Mutex
	books []catalogapi.Book
}

const shelfRoom = 24

func (s *shelf) add(b catalogapi.Book) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.books = append(s.books, b)
	if len(s.books) > shelfRoom {
		s.books = s.books[1:]
	}
}

// pick returns up to n different books.
func (s *shelf) pick(dice *rand.Rand, n int) []catalogapi.Book {
	s.mu.Lock()
	defer s.mu.Unlock()
	var picked []catalogapi.Book
	for _, i := range dice.Perm(len(s.books))[:min(n, len(s.books))] {
		picked = append(picked, s.books[i])
	}
	return picked
}

func between(dice *rand.Rand, from, to time.Duration) time.Duration {
	return from + time.Duration(dice.Int64N(int64(to-from)))
}
