package faults

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"text/tabwriter"
	"time"

	"bookstore/deploy/internal/cluster"
	"bookstore/deploy/internal/shoptest"
	"bookstore/shared/shopapi"
)

// tally counts what happened in a fault run. It is safe for concurrent use.
type tally struct {
	mu sync.Mutex

	tried            int // checkouts
	refused          int
	unanswered       int // requests
	replays          int
	databaseRestarts int
	kills            map[string]int  // by program
	paid             map[string]bool // orders of which a buyer was told so
	wrong            []string
	quietSince       time.Time
	quietFor         time.Duration // until everything had come to rest
}

func newTally() *tally { return &tally{kills: map[string]int{}, paid: map[string]bool{}} }

func (c *tally) count(what *int, n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	*what += n
}

func (c *tally) killed(program string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.kills[program]++
}

func (c *tally) toldPaid(order string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.paid[order] = true
}

// wrongf notes an answer that nobody should ever get.
func (c *tally) wrongf(format string, args ...any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.wrong = append(c.wrong, fmt.Sprintf(format, args...))
}

// moving are the states in which an order is on its way.
var moving = []string{
	shopapi.OrderPending, shopapi.OrderAuthorising, shopapi.OrderAuthorised, shopapi.OrderCommitted,
	shopapi.OrderCapturing, shopapi.OrderVoiding, shopapi.OrderRestocking,
}

// awaitAtRest waits until no order is on its way, nothing is to be given back
// any more, and every transfer that was booked is found.
func (f *faultyShop) awaitAtRest(t *testing.T) {
	t.Helper()
	statement := `SELECT id, state, attempts FROM orders WHERE state IN ('` + strings.Join(moving, "', '") + `')
		OR id IN (SELECT order_id FROM refunds WHERE state = 'due')
		OR id IN (SELECT order_id FROM shipments WHERE restock = 'due')
		OR id IN (SELECT order_id FROM payments WHERE method = 'bank_transfer' AND poll_at IS NOT NULL)`
	for deadline := f.tally.quietSince.Add(faultRecovery); ; time.Sleep(200 * time.Millisecond) {
		left := f.Query(t, cluster.Shop, statement)
		if len(left) == 0 {
			f.tally.quietFor = time.Since(f.tally.quietSince)
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%d orders do not come to rest:\n%s", len(left), strings.Join(left, "\n"))
		}
	}
}

// check fails the test unless everybody got what they were told, once.
func (f *faultyShop) check(t *testing.T) {
	t.Helper()
	for _, wrong := range f.tally.wrong {
		t.Error(wrong)
	}
	f.WantBooksBalanced(t, 0)
	f.checkOrders(t)
	f.checkCaptures(t)
}

// buyAfterwards fails the test unless the shop is as good as new.
func (f *faultyShop) buyAfterwards(t *testing.T) {
	t.Helper()
	book := f.Shop.List(t, f.sellers[0].Account, "The first book after it all", 1299, 1)
	if err := f.BuyAtOnce(f.shoppers[0].as(t.Context()), book, f.shoppers[0].provider); err != nil {
		t.Errorf("the first purchase after it all: %v", err)
	}
}

// checkOrders compares the orders with what the buyers were answered.
func (f *faultyShop) checkOrders(t *testing.T) {
	t.Helper()
	visible, refusedLater := map[string]string{}, map[string]bool{}
	for _, row := range f.Query(t, cluster.Shop, "SELECT id, total, CASE WHEN idempotency_key IS NULL THEN 'refused' ELSE '' END FROM orders") {
		columns := strings.Split(row, " | ")
		if columns[2] == "" {
			visible[columns[0]] = columns[1]
		} else {
			refusedLater[columns[0]] = true
		}
	}
	placed := len(visible)
	answered := 0
	for _, b := range f.shoppers {
		for _, c := range b.checkouts {
			switch total, ok := visible[c.order]; {
			case c.order == "":
			case !ok && refusedLater[c.order] && c.onlySeen == shopapi.OrderPending:
				f.tally.refused++
			case !ok:
				t.Errorf("buyer %d was answered with order %s, which is not there", b.ID, c.order)
			case total != strconv.FormatInt(c.total, 10):
				t.Errorf("order %s costs %s, its buyer was told %d", c.order, total, c.total)
			default:
				answered++
			}
			delete(visible, c.order)
		}
	}
	if answered != placed {
		t.Errorf("%d checkouts were answered with an order, there are %d orders", answered, placed)
	}
	for id := range visible {
		t.Errorf("order %s: no buyer was told of it", id)
	}
}

// checkCaptures compares the gateway's charges with the orders: each that was
// ever paid was captured once, and no other.
func (f *faultyShop) checkCaptures(t *testing.T) {
	t.Helper()
	for _, row := range f.Query(t, cluster.Shop, `SELECT o.id, o.state, CASE WHEN o.paid_at IS NULL THEN 'not paid' ELSE 'paid' END, COUNT(c.id)
		FROM orders o LEFT JOIN sandbox_charges c ON c.order_number = o.number AND c.captured > 0
		GROUP BY o.id, o.state, o.paid_at HAVING COUNT(c.id) <> CASE WHEN o.paid_at IS NULL THEN 0 ELSE 1 END`) {
		t.Errorf("order, state, paid or not, captured charges: %s", row)
	}
	known := map[string]bool{}
	for _, id := range f.Query(t, cluster.Shop, "SELECT id FROM orders WHERE paid_at IS NOT NULL") {
		known[id] = true
	}
	for id := range f.tally.paid {
		if !known[id] {
			t.Errorf("order %s: its buyer was told that it is paid, but it is not", id)
		}
	}
}

// longest returns the longest time that an order, or a refund, took to come to
// rest, and which it was.
func longest(t *testing.T, s *shoptest.Shop) (time.Duration, string) {
	t.Helper()
	var most time.Duration
	var of, order string
	var since int64 // when the order set out; 0: it rests
	for _, row := range s.Query(t, cluster.Shop, "SELECT order_id, to_state, at FROM order_events WHERE subject = 'order' ORDER BY order_id, seq") {
		columns := strings.Split(row, " | ")
		at, err := strconv.ParseInt(columns[2], 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		if columns[0] != order {
			order, since = columns[0], 0
		}
		switch {
		case slices.Contains(moving, columns[1]) && since == 0:
			since = at
		case !slices.Contains(moving, columns[1]) && since != 0:
			if took := time.Duration(at-since) * time.Microsecond; took > most {
				most, of = took, order
			}
			since = 0
		}
	}
	return most, of
}

// print writes the table of what happened.
func (c *tally) print(t *testing.T, s *shoptest.Shop) {
	t.Helper()
	took, order := longest(t, s)
	var text strings.Builder
	table := tabwriter.NewWriter(&text, 0, 0, 2, ' ', 0)
	row := func(what string, value any) { fmt.Fprintf(table, "%s\t%v\n", what, value) }
	row(t.Name(), "")
	row("checkouts tried", c.tried)
	row("refused", c.refused)
	for _, state := range s.Query(t, cluster.Shop, "SELECT state, COUNT(*) FROM orders WHERE idempotency_key IS NOT NULL GROUP BY state ORDER BY state") {
		name, count, _ := strings.Cut(state, " | ")
		row("orders "+name, count)
	}
	row("orders ever paid", s.Query(t, cluster.Shop, "SELECT COUNT(*) FROM orders WHERE paid_at IS NOT NULL")[0])
	row("payments tried", s.Query(t, cluster.Shop, "SELECT COUNT(*) FROM payments")[0])
	row("requests repeated", c.replays)
	row("requests without an answer", c.unanswered)
	for _, program := range slices.Sorted(maps.Keys(c.kills)) {
		row(program+" killed", c.kills[program])
	}
	row("database killed", c.databaseRestarts)
	row("longest time an order took to come to rest", took.Round(time.Millisecond).String()+" ("+cmp.Or(order, "none")+")")
	row("all at rest after the last fault in", c.quietFor.Round(time.Millisecond))
	if err := table.Flush(); err != nil {
		t.Error(err)
	}
	if _, err := io.WriteString(os.Stdout, text.String()); err != nil {
		t.Error(err)
	}
}
