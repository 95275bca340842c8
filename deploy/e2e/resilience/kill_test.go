// Package resilience proves what customers notice, and what they do not, while
// processes and databases die, lag behind or are replaced.
package resilience

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"bookstore/deploy/internal/cluster"
	"bookstore/deploy/internal/customers"
	"bookstore/deploy/internal/shoptest"
)

// How long instances are killed, such as
//
//	go test ./deploy/e2e/resilience -run KilledInstances -kill-run 10m -timeout 1h -v
var killRun = flag.Duration("kill-run", 15*time.Second, "how long instances are killed while customers shop")

// crowd is a shop behind the load balancer with customers in it.
type crowd struct {
	*customers.Crowd
	database *replicatedDatabase // nil where the test does not come near it
}

func newCrowd(t *testing.T) *crowd {
	t.Helper()
	return newCrowdWith(t, shoptest.Programs(t))
}

// newCrowdWith is newCrowd with the programs of another folder.
func newCrowdWith(t *testing.T, programs string) *crowd {
	t.Helper()
	d := startReplicatedDatabase(t)
	o := d.options()
	o.Bin, o.Frontends, o.Backends = programs, 3, 2
	o.Env = []string{"LOG_LEVEL=warn", fmt.Sprint("DRAIN_DELAY=", shoptest.DrainDelay), "DRAIN_TIMEOUT=10s"}
	c := &crowd{customers.Gather(t, shoptest.Open(t, o)), d}
	d.catchUp(t)
	return c
}

func TestKilledInstancesLoseNoSessionNoCartAndNoOrder(t *testing.T) {
	c := newCrowd(t)
	kills := map[string]int{}
	c.ShopWhile(t, func() { c.killFor(t, *killRun, kills) })
	inside := c.Log.Check(t)
	c.CheckNothingLost(t)
	shoptest.Table(t, "Instances killed under load: HAProxy, 3 frontends, 2 of each backend, MariaDB with 2 replicas",
		"kills", fmt.Sprint(kills),
		"requests of customers", c.Log.Sent(),
		"failed inside a killed process", inside,
		"orders, all paid", c.OrderCount(),
		"p50, p99 of a request", fmt.Sprint(c.Log.Percentile(50), ", ", c.Log.Percentile(99)))
}

// killFor kills a frontend and a backend at once, starts them again, and goes on
// with others when the load balancer has found them.
func (c *crowd) killFor(t *testing.T, length time.Duration, kills map[string]int) {
	t.Helper()
	backends := []string{cluster.Shop, cluster.Catalog, cluster.Auth}
	ctx, cancel := context.WithTimeout(t.Context(), length)
	defer cancel()
	for round := 0; shoptest.Pause(ctx, 500*time.Millisecond+rand.N(time.Second)); round++ {
		victims := []*cluster.Process{
			anyOf(c.Processes(cluster.Frontend)),
			anyOf(c.Processes(backends[round%len(backends)])),
		}
		c.Log.During(func() {
			for _, p := range victims {
				kills[p.Program]++
				if err := p.Kill(); err != nil {
					t.Error(err)
				}
			}
		})
		shoptest.Pause(t.Context(), rand.N(time.Second))
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
	c.Customers[0].Card = shoptest.CardLate // its payment holds on to instances for seconds
	c.ShopWhile(t, func() {
		for i := range 3 {
			c.replace(t, i, shoptest.Programs(t))
		}
	})
	failed := c.Log.Check(t)
	c.CheckNothingLost(t)
	shoptest.Table(t, "Everything restarted under load, one of each program at a time",
		"seconds", int(time.Since(start).Seconds()),
		"requests of customers", c.Log.Sent(),
		"failed", failed,
		"orders, all paid", c.OrderCount(),
		"p50, p99 of a request", fmt.Sprint(c.Log.Percentile(50), ", ", c.Log.Percentile(99)))
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
