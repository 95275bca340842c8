package e2e

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"bookstore/deploy/internal/mariadb"
	"bookstore/shared/authapi"
	"bookstore/shared/catalogapi"
	"bookstore/shared/httpclient"
	"bookstore/shared/shopapi"
)

const (
	// failoverDeadline is how long writes may take to succeed again, on a
	// machine that has much else to do.
	failoverDeadline = time.Minute
	// steady is how many writes in a row succeed when a fail-over is over: each
	// instance finds out for itself.
	steady = 10
)

// The primary dies under checkout load. The replica that has received most is
// promoted and the writer's name leads there.
func TestAFailoverLosesNothingThatWasAcknowledged(t *testing.T) {
	c := newCrowd(t)
	strangers := &pageLog{}
	var killed time.Time
	var promotion, writes time.Duration
	if err := c.database.primary.WaitForReplicas(t.Context()); err != nil {
		t.Fatal(err)
	}
	c.shopWhile(t, func() {
		c.awaitOrders(t, 10)
		if err := c.database.primary.AwaitSemiSync(t.Context(), len(c.database.replicas)); err != nil {
			t.Fatal(err)
		}
		stop := c.browseAsStranger(t, strangers)
		defer stop()
		killed = time.Now()
		c.log.during(func() {
			c.database.failOver(t)
			promotion = time.Since(killed)
			writes = c.awaitWrites(t, killed)
		})
		sent := c.log.sent()
		await(t, "patrons go on", func() bool { return c.log.sent() > sent+200 })
	})
	failed := c.log.check(t)
	c.log.wantExcuses(t)
	failedReads := strangers.check(t)
	c.database.catchUp(t)
	c.checkNothingLost(t)
	table(t, "The primary killed under checkout load, a replica promoted",
		"seconds until the name leads to it", fmt.Sprintf("%.1f", promotion.Seconds()),
		"seconds until every service writes again", fmt.Sprintf("%.1f", writes.Seconds()),
		"requests of patrons", c.log.sent(),
		"failed in between, with 503 and Retry-After", failed,
		"pages that only read, and failed", fmt.Sprint(strangers.sent(), ", ", failedReads),
		"orders, none lost, all paid", c.orderCount())
}

// awaitOrders waits until the patrons have bought.
func (c *crowd) awaitOrders(t *testing.T, n int) {
	t.Helper()
	ctx := c.signIn(t, admin).as(t.Context())
	await(t, "the patrons buy", func() bool {
		orders, err := c.orders.AllOrders(ctx, shopapi.OrderQuery{State: shopapi.OrderPaid, Limit: 100})
		return err == nil && len(orders.Items) >= n
	})
}

// failOver kills the primary, promotes a replica, and lets the names lead to
// who is left.
func (d *replicatedDatabase) failOver(t *testing.T) {
	t.Helper()
	if err := d.primary.Kill(); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), failoverDeadline)
	defer cancel()
	promoted, err := mariadb.Promote(ctx, d.replicas...)
	if err != nil {
		t.Fatal(err)
	}
	d.writer.Point(promoted)
	d.primary = promoted
	d.replicas = []*mariadb.Server{other(d.replicas, promoted)}
	d.reader.Point(d.replicas...)
}

func other(servers []*mariadb.Server, than *mariadb.Server) *mariadb.Server {
	if servers[0] == than {
		return servers[1]
	}
	return servers[0]
}

// awaitWrites returns how long after the beginning each service wrote again,
// the slowest one's first success. It returns when none of them fails any more.
func (c *crowd) awaitWrites(t *testing.T, beginning time.Time) time.Duration {
	t.Helper()
	someone := c.patrons[0].account
	ctx, cancel := context.WithDeadline(someone.as(t.Context()), beginning.Add(failoverDeadline))
	defer cancel()
	first := map[string]time.Duration{}
	var mu sync.Mutex
	var all sync.WaitGroup
	for name, write := range map[string]func() error{
		"authsvc": func() error {
			_, err := c.auth.UpdateMe(ctx, authapi.Profile{Name: &someone.name})
			return err
		},
		"catalogsvc": func() error {
			_, err := c.catalog.CreateBook(c.seller.as(ctx), catalogapi.BookInput{
				Title: "After the Storm", Authors: []string{"A. Survivor"}, Category: "classics", Language: "en",
				Condition: catalogapi.ConditionGood, Price: 100, Stock: 1,
			})
			return err
		},
		"shopsvc": func() error {
			_, err := c.orders.MergeCart(httpclient.WithFresh(ctx), "a-guest-who-has-no-cart")
			return err
		},
	} {
		all.Go(func() {
			for inARow := 0; inARow < steady && pause(ctx, 20*time.Millisecond); inARow++ {
				if err := write(); err != nil {
					inARow = -1
					continue
				}
				mu.Lock()
				if _, again := first[name]; !again {
					first[name] = time.Since(beginning)
				}
				mu.Unlock()
			}
		})
	}
	all.Wait()
	slowest := time.Duration(0)
	for _, d := range first {
		slowest = max(slowest, d)
	}
	if len(first) < 3 || ctx.Err() != nil {
		t.Fatalf("services that wrote again within %v: %v", failoverDeadline, first)
	}
	return slowest
}

// browseAsStranger looks at public pages until stop is called.
func (c *crowd) browseAsStranger(t *testing.T, log *pageLog) (stop func()) {
	ctx, cancel := context.WithCancel(t.Context())
	var browsing sync.WaitGroup
	for i := range 2 {
		stranger := &patron{shop: c.shop, log: log, browser: newBrowser(), account: account{name: "A stranger"}}
		book := c.patrons[0].books[i]
		browsing.Go(func() {
			for n := 0; ctx.Err() == nil; n++ {
				for _, path := range []string{"/", fmt.Sprintf("/books?q=lighthouse+%d", n), fmt.Sprintf("/books/%d", book.ID)} {
					if a, ok := stranger.get(ctx, path); ok && a.StatusCode != http.StatusOK {
						log.wrongf("a stranger got %s at %s", a.Status, path)
					}
				}
			}
		})
	}
	return func() {
		cancel()
		browsing.Wait()
	}
}
