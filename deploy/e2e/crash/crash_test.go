// Package crash proves that an order comes to its right end wherever shopsvc dies.
package crash

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"bookstore/deploy/internal/cluster"
	"bookstore/deploy/internal/shoptest"
	"bookstore/shared/catalogapi"
	"bookstore/shared/httpclient"
	"bookstore/shared/shopapi"
)

// crashed is how shopsvc ends when it dies where it was told to.
const crashed = 137

// afterLease is how far the clock goes on at each restart, so that nobody has
// to wait until the dead process's lease on its order is over.
const afterLease = 30 * time.Second

// crashing is an order at which shopsvc dies, in a shop that is used for all
// crashes one after the other.
type crashing struct {
	*shoptest.Shop
	shopsvc      *cluster.Process
	client       *shopapi.Client // of the order, so that no breaker remembers the crash before
	buyer, admin shoptest.Account
	books        []catalogapi.Book // of two sellers
	ahead        time.Duration     // of shopsvc's clock
	key          string
	request      shopapi.PlaceOrder
	order        *shopapi.Order // nil: nobody knows of one yet
	stockBefore  []int64
}

// Shopsvc dies at each point of an order's life: before and after everything
// it writes, and before and after each of its calls. It then starts again, and
// the order comes to its right end, which it reaches once.
func TestAnOrderComesToItsRightEndWhereverShopsvcDies(t *testing.T) {
	o := cluster.Options{Bin: shoptest.FaultyPrograms(t)}
	shoptest.OnEachDatabase(t, o, func(t *testing.T, s *shoptest.Shop) {
		c := newCrashing(t, s)
		crashes := 0
		for _, group := range crashPoints {
			for _, at := range group.at {
				crashes += len(at)
				name := group.during + ", " + strings.Join(at, ", ")
				if !t.Run(name, func(t *testing.T) { c.crash(t, scenarios[group.during], group.rest, at) }) {
					t.FailNow() // what comes next would not start from a shop in order
				}
			}
		}
		fmt.Printf("%s: shopsvc died %d times\n", t.Name(), crashes)
	})
}

func newCrashing(t *testing.T, s *shoptest.Shop) *crashing {
	t.Helper()
	c := &crashing{
		Shop: s, shopsvc: s.Processes(cluster.Shop)[0],
		buyer: s.Register(t, "Bea Buyer"), admin: s.SignIn(t, shoptest.Admin),
	}
	for i, seller := range []string{"Lantern Books", "Owl & Co"} {
		c.books = append(c.books, s.List(t, s.RegisterSeller(t, seller), "Frankenstein", int64(1200+i), 1000))
	}
	c.request = shoptest.OrderOf(s.NationalProvider(t).ID, c.books...)
	return c
}

// crash lets shopsvc die during a scenario, at each of the points, and fails the
// test unless the order comes to rest in that state, and then, when it was done
// again, in the scenario's last one.
func (c *crashing) crash(t *testing.T, d scenario, rest string, points []string) {
	c.begin(t)
	for _, step := range d.prepare {
		c.must(t, step(t.Context(), c))
	}
	if d.do == nil {
		c.ahead += reservedFor
	}
	c.restart(t, points[0])
	if d.do != nil {
		c.awaitReady(t)
		if err := d.do(t.Context(), c); err == nil {
			t.Logf("the caller had got its answer before shopsvc died")
		}
	}
	c.awaitCrash(t)
	for _, p := range points[1:] {
		c.ahead += afterLease
		c.restart(t, p)
		c.awaitCrash(t)
	}
	c.ahead += afterLease
	c.restart(t, "")
	c.awaitReady(t)
	c.client = shopapi.NewClient(httpclient.New(c.ClientConfig(cluster.Shop)))

	c.awaitRest(t, rest)
	for _, step := range d.again {
		c.must(t, step(t.Context(), c))
	}
	c.awaitRest(t, d.end)
	c.wantEnd(t, d)
	c.WantBooksBalanced(t, c.ahead)
}

// begin fills the buyer's cart for a new order.
func (c *crashing) begin(t *testing.T) {
	t.Helper()
	c.client = shopapi.NewClient(httpclient.New(c.ClientConfig(cluster.Shop)))
	c.order, c.stockBefore = nil, nil
	for _, b := range c.books {
		cart, err := c.client.SetCartLine(c.buyer.As(t.Context()), b.ID, shopapi.SetCartLine{Quantity: 1})
		c.must(t, err)
		c.key = cart.CheckoutKey
		c.stockBefore = append(c.stockBefore, c.Stock(t, b.ID))
	}
}

func (c *crashing) must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// restart kills shopsvc, if it lives, and starts it to die at a point.
func (c *crashing) restart(t *testing.T, point string) {
	t.Helper()
	c.must(t, c.shopsvc.Kill())
	c.shopsvc.Set("FAULT_CRASH_AT="+point, "FAULT_CLOCK_AHEAD="+c.ahead.String())
	c.must(t, c.shopsvc.Start())
}

func (c *crashing) awaitReady(t *testing.T) {
	t.Helper()
	c.must(t, c.shopsvc.WaitReady(t.Context()))
}

func (c *crashing) awaitCrash(t *testing.T) {
	t.Helper()
	ctx, stop := context.WithTimeout(t.Context(), time.Minute)
	defer stop()
	code, err := c.shopsvc.AwaitEnd(ctx)
	c.must(t, err)
	if code != crashed {
		t.Fatalf("shopsvc ended with %d, want %d", code, crashed)
	}
}

// awaitRest waits until the order is in that state, and nothing is left to do
// for it. The empty state means that there is no order.
func (c *crashing) awaitRest(t *testing.T, state string) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(20 * time.Millisecond) {
		got := c.atRest(t)
		if got == state {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("the order is %q, want %q", got, state)
		}
	}
}

// atRest returns the state of the order, with "in progress" if somebody has to
// do something for it now.
func (c *crashing) atRest(t *testing.T) string {
	t.Helper()
	rows := c.Query(t, cluster.Shop, `SELECT o.state, o.lease_until,
		(SELECT COUNT(*) FROM refunds r WHERE r.order_id = o.id AND r.state = 'due'),
		(SELECT COUNT(*) FROM shipments s WHERE s.order_id = o.id AND s.restock = 'due')
		FROM orders o WHERE o.idempotency_key = '`+c.key+`'`)
	if len(rows) == 0 {
		return ""
	}
	state, todo, _ := strings.Cut(rows[0], " | ")
	if todo != "0 | 0 | 0" {
		return state + " in progress"
	}
	return state
}

// wantEnd fails the test unless copies, money and cart are where they belong
// at a scenario's end.
func (c *crashing) wantEnd(t *testing.T, d scenario) {
	t.Helper()
	orders := c.Query(t, cluster.Shop, "SELECT number FROM orders WHERE idempotency_key = '"+c.key+"'")
	if len(orders) != 1 {
		t.Fatalf("%d orders under one key", len(orders))
	}
	money := "0 | 0" // charges captured, what of them was given back
	switch {
	case d.sentBack:
		money = fmt.Sprintf("1 | %d", c.order.Total.Amount)
	case d.end == shopapi.OrderPaid:
		money = "1 | 0"
	}
	got := c.Query(t, cluster.Shop, "SELECT COUNT(*), COALESCE(SUM(refunded), 0) FROM sandbox_charges WHERE captured > 0 AND order_number = '"+orders[0]+"'")[0]
	if got != money {
		t.Errorf("captured charges and what was given back: %s, want %s", got, money)
	}

	gone, inCart := int64(1), int64(0)
	switch d.end {
	case shopapi.OrderExpired, shopapi.OrderCancelled:
		gone, inCart = 0, int64(len(c.books))
	}
	if c.wasPaid(t) {
		inCart = 0 // what was paid once does not come back into the cart
	}
	for i, b := range c.books {
		if want, got := c.stockBefore[i]-gone, c.Stock(t, b.ID); got != want {
			t.Errorf("book %d: %d copies, want %d", b.ID, got, want)
		}
	}
	cart, err := c.client.Cart(c.buyer.As(t.Context()))
	if err != nil || cart.Count != inCart {
		t.Errorf("the cart holds %d copies (%v), want %d", cart.Count, err, inCart)
	}
}

func (c *crashing) wasPaid(t *testing.T) bool {
	t.Helper()
	return c.Query(t, cluster.Shop, "SELECT COUNT(*) FROM orders WHERE paid_at IS NOT NULL AND idempotency_key = '"+c.key+"'")[0] == "1"
}
