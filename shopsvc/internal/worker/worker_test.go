package worker_test

import (
	"context"
	"io"
	"log/slog"
	"os"
	"testing"
	"time"

	"bookstore/shared/service"
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

func TestMain(m *testing.M) {
	slog.SetDefault(slog.New(slog.NewTextHandler(io.Discard, nil)))
	os.Exit(m.Run())
}

// noMail is an outbox that is always empty.
type noMail struct{}

func (noMail) SendDue(context.Context) (bool, error) { return false, nil }

// An order whose process died is driven on by whichever instance looks first,
// once the lease of the dead one has run out.
func TestWorkersTakeOverWhatACrashLeftBehind(t *testing.T) {
	sqldbtest.Run(t, store.Migrations, func(t *testing.T, db *sqldb.DB) {
		orders, clock, fault := store.New(db, nil), shoptest.NewClock(), &shoptest.Faults{}
		catalog := shoptest.NewCatalog(shop.Book{ID: 101, Title: "Emma", SellerID: 11, Price: 1000, Stock: 1})
		instance := func(hook faults.Hook) *shop.Service {
			return shop.NewService(shop.DefaultSettings(), faults.Store{Store: orders, Hook: hook}, catalog, shoptest.Accounts{},
				sandbox.New(db, "http://shop.test", 0, clock.Now), clock.Now)
		}
		providers, err := orders.Providers(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		fault.InjectAt(3, shoptest.Crash) // the copies are held, and nobody wrote it down
		o, err := instance(fault.Hook).PlaceOrder(t.Context(), shop.Caller{UserID: 1, Role: token.Buyer}, "the-only-key", shop.PlaceOrder{
			Lines:      []shop.PlaceLine{{BookID: 101, Quantity: 1, Price: 1000}},
			Deliveries: []shop.DeliveryChoice{{SellerID: 11, ProviderID: providers[0].ID}},
			Address:    shop.Address{Name: "Ada", Line1: "Calle 1", City: "Bogotá", Region: "Bogotá", Country: "CO"},
		})
		if err != nil || o.State != shop.Pending {
			t.Fatalf("got %+v, %v; want it pending (fault at %q)", o, err, fault.Injected())
		}

		ctx, stop := context.WithCancel(t.Context())
		done := make(chan struct{}, 2)
		for range cap(done) {
			go func() {
				service.RunLoops(ctx, worker.Loops(instance(func(string) error { return nil }), noMail{})...)
				done <- struct{}{}
			}()
		}
		clock.Advance(time.Minute)
		awaitState(t, orders, o.ID, shop.Reserved)
		clock.Advance(time.Hour)
		awaitState(t, orders, o.ID, shop.Expired)
		stop()
		for range cap(done) {
			<-done
		}
		if err := catalog.Check(); err != nil || catalog.Stock(101) != 1 {
			t.Errorf("stock is %d, %v", catalog.Stock(101), err)
		}
	})
}

func awaitState(t *testing.T, orders *store.Store, id string, want shop.State) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); ; {
		o, err := orders.Order(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		if o.State == want {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("the order is %s, want %s", o.State, want)
		}
	}
}
