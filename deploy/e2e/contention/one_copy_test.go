package contention

import (
	"sync"
	"testing"

	"bookstore/deploy/internal/cluster"
	"bookstore/deploy/internal/shoptest"
	"bookstore/shared/shopapi"
)

func TestTwoHundredBuyersOfOneCopyMakeOnePaidOrder(t *testing.T) {
	shoptest.OnEachDatabase(t, cluster.Options{Backends: 2}, func(t *testing.T, s *shoptest.Shop) {
		const rush = 200
		book := s.List(t, s.RegisterSeller(t, "Lantern Books"), "The only copy", 1299, 1)
		provider := s.NationalProvider(t)
		buyers := s.RegisterMany(t, rush)

		results := make([]error, rush)
		start := make(chan struct{})
		var buying sync.WaitGroup
		for i, buyer := range buyers {
			buying.Go(func() {
				<-start
				results[i] = s.BuyAtOnce(buyer.As(t.Context()), book, provider.ID)
			})
		}
		close(start)
		buying.Wait()

		paid, refused := 0, 0
		for i, err := range results {
			switch {
			case err == nil:
				paid++
			case shoptest.IsOutOfStock(err):
				refused++
			default:
				t.Errorf("buyer %d: %v", i, err)
			}
		}
		if paid != 1 || refused != rush-1 {
			t.Errorf("%d paid and %d were refused, want 1 and %d", paid, refused, rush-1)
		}
		if got := s.Stock(t, book.ID); got != 0 {
			t.Errorf("the stock is %d, want 0", got)
		}
		placed := s.Query(t, cluster.Shop, "SELECT state FROM orders WHERE idempotency_key IS NOT NULL")
		if len(placed) != 1 || placed[0] != shopapi.OrderPaid {
			t.Errorf("orders: %q, want one that is paid", placed)
		}
		s.WantBooksBalanced(t, 0)
	})
}
