// Package contention proves that no copy is sold twice, however many want it.
package contention

import (
	"context"
	"sync"
	"testing"

	"bookstore/deploy/internal/cluster"
	"bookstore/deploy/internal/shoptest"
	"bookstore/shared/catalogapi"
	"bookstore/shared/shopapi"
)

func TestTwentyBuyersOfFiveCopiesMakeFivePaidOrders(t *testing.T) {
	shoptest.OnEachDatabase(t, cluster.Options{}, func(t *testing.T, s *shoptest.Shop) {
		provider := s.NationalProvider(t).ID
		sell(t, s, 5, 20, func(ctx context.Context, book catalogapi.Book) error {
			return s.Buy(ctx, book, provider)
		})
	})
}

func TestTwoHundredBuyersOfOneCopyMakeOnePaidOrder(t *testing.T) {
	shoptest.OnEachDatabase(t, cluster.Options{Backends: 2}, func(t *testing.T, s *shoptest.Shop) {
		provider := s.NationalProvider(t).ID
		sell(t, s, 1, 200, func(ctx context.Context, book catalogapi.Book) error {
			return s.BuyAtOnce(ctx, book, provider)
		})
	})
}

// sell offers copies of a book to more buyers, who all buy at once. It wants as
// many paid orders as there are copies, and everybody else to be told that none
// is left.
func sell(t *testing.T, s *shoptest.Shop, copies, buyers int, buy func(ctx context.Context, book catalogapi.Book) error) {
	t.Helper()
	seller := s.RegisterSeller(t, "Lantern Books")
	book := s.List(t, seller, "Frankenstein", 1299, int64(copies))
	accounts := s.RegisterMany(t, buyers)
	results := make([]error, buyers)
	start := make(chan struct{})
	var buying sync.WaitGroup
	for i, buyer := range accounts {
		buying.Go(func() {
			<-start
			results[i] = buy(buyer.As(t.Context()), book)
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
	if paid != copies || refused != buyers-copies {
		t.Errorf("%d paid and %d were refused, want %d and %d", paid, refused, copies, buyers-copies)
	}
	if got := s.Stock(t, book.ID); got != 0 {
		t.Errorf("the stock is %d, want 0", got)
	}
	unpaid := s.Query(t, cluster.Shop, "SELECT state FROM orders WHERE idempotency_key IS NOT NULL AND state <> '"+shopapi.OrderPaid+"'")
	if len(unpaid) != 0 {
		t.Errorf("orders that are not paid: %q", unpaid)
	}
	sales, err := s.Orders.Sales(seller.As(t.Context()), shopapi.SaleQuery{Limit: 100})
	if err != nil || len(sales.Items) != copies {
		t.Errorf("the seller sees %d sales (%v), want %d", len(sales.Items), err, copies)
	}
	s.WantBooksBalanced(t, 0)
}
