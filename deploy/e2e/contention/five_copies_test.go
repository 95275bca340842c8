// Package contention proves that no copy is sold twice, however many want it.
package contention

import (
	"fmt"
	"sync"
	"testing"

	"bookstore/deploy/internal/cluster"
	"bookstore/deploy/internal/shoptest"
	"bookstore/shared/shopapi"
)

func TestTwentyBuyersOfFiveCopiesMakeFivePaidOrders(t *testing.T) {
	shoptest.OnEachDatabase(t, cluster.Options{}, func(t *testing.T, s *shoptest.Shop) {
		const copies, rush = 5, 20
		seller := s.RegisterSeller(t, "Lantern Books")
		book := s.List(t, seller, "Frankenstein", 1299, copies)
		provider := s.NationalProvider(t)
		buyers := make([]shoptest.Account, rush)
		for i := range buyers {
			buyers[i] = s.Register(t, fmt.Sprintf("Buyer %d", i))
		}

		results := make([]error, rush)
		var buying sync.WaitGroup
		for i, buyer := range buyers {
			buying.Go(func() { results[i] = s.Buy(t, buyer, book, provider.ID) })
		}
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
		if paid != copies || refused != rush-copies {
			t.Errorf("%d paid and %d were refused, want %d and %d", paid, refused, copies, rush-copies)
		}
		if got := s.Stock(t, book.ID); got != 0 {
			t.Errorf("the stock is %d, want 0", got)
		}
		sales, err := s.Orders.Sales(seller.As(t.Context()), shopapi.SaleQuery{Limit: 100})
		if err != nil || len(sales.Items) != copies {
			t.Errorf("the seller sees %d sales (%v), want %d", len(sales.Items), err, copies)
		}
	})
}
