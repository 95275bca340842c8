package resilience

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"bookstore/deploy/internal/customers"
	"bookstore/deploy/internal/mariadb"
	"bookstore/deploy/internal/pages"
	"bookstore/deploy/internal/shoptest"
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
	strangers := &pages.Log{}
	var killed time.Time
	var promotion, writes time.Duration
	if err := c.database.primary.WaitForReplicas(t.Context()); err != nil {
		t.Fatal(err)
	}
	c.ShopWhile(t, func() {
		c.awaitOrders(t, 10)
		if err := c.database.primary.AwaitSemiSync(t.Context(), len(c.database.replicas)); err != nil {
			t.Fatal(err)
		}
		stop := c.browseAsStranger(t, strangers)
		defer stop()
		killed = time.Now()
		c.Log.During(func() {
			c.database.failOver(t)
			promotion = time.Since(killed)
			writes = c.awaitWrites(t, killed)
		})
		sent := c.Log.Sent()
		shoptest.Await(t, "customers go on", func() bool { return c.Log.Sent() > sent+200 })
	})
	failed := c.Log.Check(t)
	c.Log.WantExcuses(t)
	failedReads := strangers.Check(t)
	c.database.catchUp(t)
	c.CheckNothingLost(t)
	shoptest.Table(t, "The primary killed under checkout load, a replica promoted",
		"seconds until the name leads to it", fmt.Sprintf("%.1f", promotion.Seconds()),
		"seconds until every service writes again", fmt.Sprintf("%.1f", writes.Seconds()),
		"requests of customers", c.Log.Sent(),
		"failed in between, with 503 and Retry-After", failed,
		"pages that only read, and failed", fmt.Sprint(strangers.Sent(), ", ", failedReads),
		"orders, none lost, all paid", c.OrderCount())
}

// awaitOrders waits until the customers have bought.
func (c *crowd) awaitOrders(t *testing.T, n int) {
	t.Helper()
	ctx := c.SignIn(t, shoptest.Admin).As(t.Context())
	shoptest.Await(t, "the customers buy", func() bool {
		orders, err := c.Orders.AllOrders(ctx, shopapi.OrderQuery{State: shopapi.OrderPaid, Limit: 100})
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
	someone := c.Customers[0].Account
	ctx, cancel := context.WithDeadline(someone.As(t.Context()), beginning.Add(failoverDeadline))
	defer cancel()
	first := map[string]time.Duration{}
	var mu sync.Mutex
	var all sync.WaitGroup
	for name, write := range map[string]func() error{
		"authsvc": func() error {
			_, err := c.Auth.UpdateMe(ctx, authapi.Profile{Name: &someone.Name})
			return err
		},
		"catalogsvc": func() error {
			_, err := c.Catalog.CreateBook(c.Seller.As(ctx), catalogapi.BookInput{
				Title: "After the Storm", Authors: []string{"A. Survivor"}, Category: "classics", Language: "en",
				Condition: catalogapi.ConditionGood, Price: 100, Stock: 1,
			})
			return err
		},
		"shopsvc": func() error {
			_, err := c.Orders.MergeCart(httpclient.WithFresh(ctx), "a-guest-who-has-no-cart")
			return err
		},
	} {
		all.Go(func() {
			for inARow := 0; inARow < steady && shoptest.Pause(ctx, 20*time.Millisecond); inARow++ {
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
func (c *crowd) browseAsStranger(t *testing.T, log *pages.Log) (stop func()) {
	ctx, cancel := context.WithCancel(t.Context())
	var browsing sync.WaitGroup
	for i := range 2 {
		stranger := &customers.Customer{Shop: c.Shop, Log: log, Browser: pages.NewBrowser(), Account: shoptest.Account{Name: "A stranger"}}
		book := c.Customers[0].Books[i]
		browsing.Go(func() {
			for n := 0; ctx.Err() == nil; n++ {
				for _, path := range []string{"/", fmt.Sprintf("/books?q=lighthouse+%d", n), fmt.Sprintf("/books/%d", book.ID)} {
					if a, ok := stranger.Get(ctx, path); ok && a.StatusCode != http.StatusOK {
						log.Wrongf("a stranger got %s at %s", a.Status, path)
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
