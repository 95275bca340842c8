package e2e

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"bookstore/deploy/internal/cluster"
	"bookstore/shared/catalogapi"
	"bookstore/shared/shopapi"
)

func TestTwoHundredBuyersOfOneCopyMakeOnePaidOrder(t *testing.T) {
	onEachDatabase(t, cluster.Options{Backends: 2}, func(t *testing.T, s *shop) {
		const rush = 200
		book := s.list(t, s.registerSeller(t, "Lantern Books"), "The only copy", 1299, 1)
		provider := s.nationalProvider(t)
		buyers := s.registerMany(t, rush)

		results := make([]error, rush)
		start := make(chan struct{})
		var buying sync.WaitGroup
		for i, buyer := range buyers {
			buying.Go(func() {
				<-start
				results[i] = s.buyAtOnce(buyer.as(t.Context()), book, provider.ID)
			})
		}
		close(start)
		buying.Wait()

		paid, refused := 0, 0
		for i, err := range results {
			switch {
			case err == nil:
				paid++
			case isOutOfStock(err):
				refused++
			default:
				t.Errorf("buyer %d: %v", i, err)
			}
		}
		if paid != 1 || refused != rush-1 {
			t.Errorf("%d paid and %d were refused, want 1 and %d", paid, refused, rush-1)
		}
		if got := s.stock(t, book.ID); got != 0 {
			t.Errorf("the stock is %d, want 0", got)
		}
		placed := s.query(t, cluster.Shop, "SELECT state FROM orders WHERE idempotency_key IS NOT NULL")
		if len(placed) != 1 || placed[0] != shopapi.OrderPaid {
			t.Errorf("orders: %q, want one that is paid", placed)
		}
		s.wantBooksBalanced(t, 0)
	})
}

// registerMany makes accounts, a few at a time.
func (s *shop) registerMany(t *testing.T, n int) []account {
	t.Helper()
	accounts := make([]account, n)
	errs := make([]error, n)
	free := make(chan struct{}, 8)
	var registering sync.WaitGroup
	for i := range accounts {
		free <- struct{}{}
		registering.Go(func() {
			defer func() { <-free }()
			accounts[i], errs[i] = s.newAccount(t.Context(), fmt.Sprintf("Buyer %d", i+1))
		})
	}
	registering.Wait()
	for _, err := range errs {
		if err != nil {
			t.Fatal(err)
		}
	}
	return accounts
}

// buyAtOnce buys one copy without a cart.
func (s *shop) buyAtOnce(ctx context.Context, book catalogapi.Book, providerID int64) error {
	const key = "one-copy-at-once"
	in := shopapi.PlaceOrder{
		Lines:      []shopapi.PlaceLine{{BookID: book.ID, Quantity: 1, Price: book.Price.Amount}},
		Deliveries: []shopapi.DeliveryChoice{{SellerID: book.SellerID, ProviderID: providerID}},
		Address:    home,
	}
	order, err := settled(func() (shopapi.Order, error) { return s.orders.PlaceOrder(ctx, key, in) })
	if err != nil {
		return fmt.Errorf("order: %w", err)
	}
	pay := shopapi.Pay{Method: shopapi.MethodCard, Card: &testCard}
	order, err = settled(func() (shopapi.Order, error) { return s.orders.PayOrder(ctx, order.ID, pay) })
	if err != nil {
		return fmt.Errorf("payment: %w", err)
	}
	if order.State != shopapi.OrderPaid {
		return fmt.Errorf("the order is %s after the payment", order.State)
	}
	return nil
}

// settled repeats a request, as a page that waits does, until the order is no
// longer on its way.
func settled(ask func() (shopapi.Order, error)) (shopapi.Order, error) {
	for deadline := time.Now().Add(time.Minute); ; {
		order, err := ask()
		if err != nil || order.State == shopapi.OrderReserved || order.State == shopapi.OrderPaid {
			return order, err
		}
		if time.Now().After(deadline) {
			return order, fmt.Errorf("order %s is still %s", order.ID, order.State)
		}
	}
}
