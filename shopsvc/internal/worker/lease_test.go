package worker_test

import (
	"bytes"
	"context"
	"log/slog"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"bookstore/shared/service"
	"bookstore/shared/shopapi"
	"bookstore/shared/sqldb"
	"bookstore/shared/sqldb/sqldbtest"
	"bookstore/shared/token"
	"bookstore/shopsvc/internal/faults"
	"bookstore/shopsvc/internal/sandbox"
	"bookstore/shopsvc/internal/shop"
	"bookstore/shopsvc/internal/shoptest"
	"bookstore/shopsvc/internal/store"
	"bookstore/shopsvc/internal/worker"
)

var buyer = shop.Caller{UserID: 1, Role: token.Buyer}

// twoInstances are two shops on one database, by the clock on the wall. The
// second one's workers are running.
type twoInstances struct {
	first, second *shop.Service
	orders        *store.Store
	provider      int64
}

// runTwo starts the instances, with points at which each may be stopped.
func runTwo(t *testing.T, db *sqldb.DB, first, second faults.Hook) *twoInstances {
	t.Helper()
	two := &twoInstances{orders: store.New(db, nil)}
	catalog := shoptest.NewCatalog(shop.Book{ID: 101, Title: "Emma", SellerID: 11, Price: 1000, Stock: 9})
	gateway := sandbox.New(db, "http://shop.test", 0, time.Now)
	instance := func(hook faults.Hook) *shop.Service {
		return shop.NewService(shop.DefaultSettings(), faults.Store{Store: two.orders, Hook: hook},
			faults.Catalog{Catalog: catalog, Hook: hook}, shoptest.Accounts{}, faults.Gateway{Gateway: gateway, Hook: hook}, time.Now)
	}
	two.first, two.second = instance(first), instance(second)
	providers, err := two.orders.Providers(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	two.provider = providers[0].ID
	ctx, stop := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() { service.RunLoops(ctx, worker.Loops(two.second, noMail{})...) })
	t.Cleanup(func() {
		stop()
		running.Wait()
		two.first.Wait(context.Background())
		two.second.Wait(context.Background())
	})
	return two
}

func (two *twoInstances) place(t *testing.T, key string) *shop.Order {
	t.Helper()
	o, err := two.first.PlaceOrder(t.Context(), buyer, key, shop.PlaceOrder{
		Lines:      []shop.PlaceLine{{BookID: 101, Quantity: 1, Price: 1000}},
		Deliveries: []shop.DeliveryChoice{{SellerID: 11, ProviderID: two.provider}},
		Address:    shop.Address{Name: "Ada", Line1: "Calle 1", City: "Bogotá", Region: "Bogotá", Country: "CO"},
	})
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// A machine may be busy with something else for a moment: the quickest of three
// orders tells.
func TestTheOrderOfADeadDriverGoesOnWithinTwoSeconds(t *testing.T) {
	sqldbtest.Run(t, store.Migrations, func(t *testing.T, db *sqldb.DB) {
		fault := &shoptest.Faults{}
		two := runTwo(t, db, fault.Hook, func(string) error { return nil })
		quickest := time.Hour
		for _, key := range []string{"first-key", "second-key", "third-key"} {
			fault.InjectAt(5, shoptest.Crash) // before the copies are reserved, the order is written
			o := two.place(t, key)
			died := time.Now()
			if o.State != shop.Pending {
				t.Fatalf("the driver lives: the order is %s (fault at %q)", o.State, fault.Injected())
			}
			awaitState(t, two.orders, o.ID, shop.Reserved)
			quickest = min(quickest, time.Since(died))
		}
		t.Logf("went on after %v", quickest)
		if quickest > 2*time.Second {
			t.Errorf("went on after %v", quickest)
		}
	})
}

// A step may take longer than a lease: heartbeats keep it.
func TestADriverKeepsItsOrderWhileItWorks(t *testing.T) {
	sqldbtest.Run(t, store.Migrations, func(t *testing.T, db *sqldb.DB) {
		log := captureLog(t)
		var calls atomic.Int64
		two := runTwo(t, db, func(point string) error {
			if point == "before begin" {
				time.Sleep(3 * shop.DefaultSettings().Lease / 2)
			}
			return nil
		}, func(string) error { calls.Add(1); return nil })
		o := two.place(t, "the-only-key")
		card := &shop.Card{Number: sandbox.CardPays, ExpMonth: 12, ExpYear: 2090, CVC: "123"}
		o, err := two.first.Pay(t.Context(), buyer, o.ID, shop.PayRequest{Method: shopapi.MethodCard, Card: card})
		if err != nil || o.State != shop.Paid {
			t.Fatalf("got %+v, %v; want it paid", o, err)
		}
		if n := calls.Load(); n != 0 {
			t.Errorf("another driver passed %d points", n)
		}
		if text := log.String(); !strings.Contains(text, "waited for an order") || !strings.Contains(text, o.ID) {
			t.Errorf("the log does not say what was waited for: %s", text)
		}
	})
}

// buffer is a bytes.Buffer for several goroutines.
type buffer struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.text.String()
}

func captureLog(t *testing.T) *buffer {
	t.Helper()
	before, log := slog.Default(), &buffer{}
	slog.SetDefault(slog.New(slog.NewTextHandler(log, nil)))
	t.Cleanup(func() { slog.SetDefault(before) })
	return log
}
