package e2e

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"bookstore/deploy/internal/cluster"
	"bookstore/shared/catalogapi"
)

// How long instances are killed, such as
//
//	go test ./deploy/e2e -run KilledInstances -kill-run 10m -timeout 1h -v
var killRun = flag.Duration("kill-run", 15*time.Second, "how long instances are killed while patrons shop")

const (
	patrons = 6
	// patience is how long patrons go on with what they began when nothing
	// breaks any more.
	patience = time.Minute
	// drainDelay is longer than the load balancer takes to notice that an
	// instance drains: two health checks, half a second apart.
	drainDelay = 2 * time.Second
)

// crowd is a shop behind the load balancer, on a replicated database, with
// patrons in it.
type crowd struct {
	*shop
	database *replicatedDatabase // nil where the test does not come near it
	log      *pageLog
	seller   account
	patrons  []*patron
}

func newCrowd(t *testing.T) *crowd {
	t.Helper()
	return newCrowdWith(t, bin)
}

// newCrowdWith is newCrowd with the programs of another folder.
func newCrowdWith(t *testing.T, programs string) *crowd {
	t.Helper()
	d := startReplicatedDatabase(t)
	o := d.options()
	o.Bin, o.Frontends, o.Backends = programs, 3, 2
	o.Env = []string{"LOG_LEVEL=warn", fmt.Sprint("DRAIN_DELAY=", drainDelay), "DRAIN_TIMEOUT=10s"}
	c := gather(t, open(t, o))
	c.database = d
	d.catchUp(t)
	return c
}

// gather lists books in a shop and brings patrons in.
func gather(t *testing.T, s *shop) *crowd {
	t.Helper()
	c := &crowd{shop: s, log: &pageLog{}}
	t.Cleanup(func() { c.killAll() }) // nobody is left to drain for
	c.seller = c.registerSeller(t, "Lantern Books")
	var books []catalogapi.Book
	for i := range 10 {
		books = append(books, c.list(t, c.seller, fmt.Sprintf("Tale %d of the Lighthouse", i+1), 500+int64(i)*100, 10_000))
	}
	for _, a := range c.registerMany(t, patrons) {
		c.patrons = append(c.patrons, newPatron(t, c.shop, c.log, a, books))
	}
	return c
}

func (s *shop) killAll() {
	for _, program := range cluster.Programs {
		for _, p := range s.Processes(program) {
			p.Kill()
		}
	}
}

// shopWhile lets the patrons shop as long as do runs, and then finish.
func (c *crowd) shopWhile(t *testing.T, do func()) {
	t.Helper()
	shopping, close := context.WithCancel(t.Context())
	var all sync.WaitGroup
	finish, enough := context.WithCancel(t.Context())
	defer enough()
	for _, p := range c.patrons {
		all.Go(func() { p.keepShopping(shopping, finish) })
	}
	do()
	close()
	late := time.AfterFunc(patience, enough)
	defer late.Stop()
	all.Wait()
	if finish.Err() != nil {
		t.Errorf("patrons could not finish within %v", patience)
	}
}

// checkNothingLost wants every session and order to be there, and the books of
// the shop to balance.
func (c *crowd) checkNothingLost(t *testing.T) {
	t.Helper()
	for _, p := range c.patrons {
		p.checkNothingLost(t)
	}
	c.wantBooksBalanced(t, 0)
}

func (c *crowd) orderCount() (n int) {
	for _, p := range c.patrons {
		n += len(p.orders)
		for _, f := range p.friends {
			n += len(f.orders)
		}
	}
	return n
}

func TestKilledInstancesLoseNoSessionNoCartAndNoOrder(t *testing.T) {
	c := newCrowd(t)
	kills := map[string]int{}
	c.shopWhile(t, func() { c.killFor(t, *killRun, kills) })
	inside := c.log.check(t)
	c.checkNothingLost(t)
	table(t, "Instances killed under load: HAProxy, 3 frontends, 2 of each backend, MariaDB with 2 replicas",
		"kills", fmt.Sprint(kills),
		"requests of patrons", c.log.sent(),
		"failed inside a killed process", inside,
		"orders, all paid", c.orderCount(),
		"p50, p99 of a request", fmt.Sprint(c.log.percentile(50), ", ", c.log.percentile(99)))
}

// killFor kills a frontend and a backend at once, starts them again, and goes on
// with others when the load balancer has found them.
func (c *crowd) killFor(t *testing.T, length time.Duration, kills map[string]int) {
	t.Helper()
	backends := []string{cluster.Shop, cluster.Catalog, cluster.Auth}
	ctx, cancel := context.WithTimeout(t.Context(), length)
	defer cancel()
	for round := 0; pause(ctx, 500*time.Millisecond+rand.N(time.Second)); round++ {
		victims := []*cluster.Process{
			anyOf(c.Processes(cluster.Frontend)),
			anyOf(c.Processes(backends[round%len(backends)])),
		}
		c.log.during(func() {
			for _, p := range victims {
				kills[p.Program]++
				if err := p.Kill(); err != nil {
					t.Error(err)
				}
			}
		})
		pause(t.Context(), rand.N(time.Second))
		for _, p := range victims {
			if err := p.Start(); err != nil {
				t.Error(err)
			}
		}
		if err := c.AwaitBalanced(t.Context(), victims...); err != nil {
			t.Error(err)
		}
	}
}

func anyOf(ps []*cluster.Process) *cluster.Process { return ps[rand.IntN(len(ps))] }

// A release replaces machine after machine, each with one of every program.
func TestARollingRestartOfEverythingFailsNoRequest(t *testing.T) {
	c := newCrowd(t)
	start := time.Now()
	c.patrons[0].card = cardLate // its payment holds on to instances for seconds
	c.shopWhile(t, func() {
		for i := range 3 {
			c.replace(t, i, bin)
		}
	})
	failed := c.log.check(t)
	c.checkNothingLost(t)
	table(t, "Everything restarted under load, one of each program at a time",
		"seconds", int(time.Since(start).Seconds()),
		"requests of patrons", c.log.sent(),
		"failed", failed,
		"orders, all paid", c.orderCount(),
		"p50, p99 of a request", fmt.Sprint(c.log.percentile(50), ", ", c.log.percentile(99)))
}

// machine returns the i-th instance of each program that has one.
func (c *crowd) machine(i int) []*cluster.Process {
	var on []*cluster.Process
	for _, program := range cluster.Programs {
		if ps := c.Processes(program); i < len(ps) {
			on = append(on, ps[i])
		}
	}
	return on
}

// replace drains a machine and starts the programs of a folder in its place.
func (c *crowd) replace(t *testing.T, machine int, programs string) {
	t.Helper()
	var restarting sync.WaitGroup
	for _, p := range c.machine(machine) {
		p.RunFrom(programs)
		restarting.Go(func() { c.restart(t, p) })
	}
	restarting.Wait()
}

func (c *crowd) restart(t *testing.T, p *cluster.Process) {
	if err := p.Restart(t.Context()); err != nil {
		t.Error(err)
		return
	}
	if err := c.AwaitBalanced(t.Context(), p); err != nil {
		t.Error(err)
	}
}
