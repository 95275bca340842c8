package e2e

import (
	"errors"
	"fmt"
	"sync"
	"testing"

	"bookstore/deploy/internal/cluster"
	"bookstore/shared/apierr"
	"bookstore/shared/catalogapi"
	"bookstore/shared/shopapi"
)

func TestTwentyBuyersOfFiveCopiesMakeFivePaidOrders(t *testing.T) {
	onEachDatabase(t, cluster.Options{}, func(t *testing.T, s *shop) {
		const copies, rush = 5, 20
		seller := s.registerSeller(t, "Lantern Books")
		book := s.list(t, seller, "Frankenstein", 1299, copies)
		provider := s.nationalProvider(t)
		buyers := make([]account, rush)
		for i := range buyers {
			buyers[i] = s.register(t, fmt.Sprintf("Buyer %d", i))
		}

		results := make([]error, rush)
		var buying sync.WaitGroup
		for i, buyer := range buyers {
			buying.Go(func() { results[i] = s.buy(t, buyer, book, provider.ID) })
		}
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
		if paid != copies || refused != rush-copies {
			t.Errorf("%d paid and %d were refused, want %d and %d", paid, refused, copies, rush-copies)
		}
		if got := s.stock(t, book.ID); got != 0 {
			t.Errorf("the stock is %d, want 0", got)
		}
		sales, err := s.orders.Sales(seller.as(t.Context()), shopapi.SaleQuery{Limit: 100})
		if err != nil || len(sales.Items) != copies {
			t.Errorf("the seller sees %d sales (%v), want %d", len(sales.Items), err, copies)
		}
	})
}

// buy takes one copy through cart, order and payment, as the pages do.
func (s *shop) buy(t *testing.T, buyer account, book catalogapi.Book, providerID int64) error {
	ctx := buyer.as(t.Context())
	cart, err := s.orders.SetCartLine(ctx, book.ID, shopapi.SetCartLine{Quantity: 1})
	if err != nil {
		return fmt.Errorf("cart: %w", err)
	}
	order, err := s.orders.PlaceOrder(ctx, cart.CheckoutKey, shopapi.PlaceOrder{
		Lines:      []shopapi.PlaceLine{{BookID: book.ID, Quantity: 1, Price: book.Price.Amount}},
		Deliveries: []shopapi.DeliveryChoice{{SellerID: book.SellerID, ProviderID: providerID}},
		Address:    home,
	})
	if err != nil {
		return fmt.Errorf("order: %w", err)
	}
	order, err = s.orders.PayOrder(ctx, order.ID, shopapi.Pay{Method: shopapi.MethodCard, Card: &testCard})
	if err != nil {
		return fmt.Errorf("payment: %w", err)
	}
	if order.State != shopapi.OrderPaid {
		return fmt.Errorf("the order is %s after the payment", order.State)
	}
	return nil
}

// isOutOfStock tells whether the buyer was told clearly that no copy is left.
func isOutOfStock(err error) bool {
	e, ok := errors.AsType[*apierr.Error](err)
	if !ok || e.Kind != apierr.KindConflict {
		return false
	}
	if e.Code == catalogapi.CodeOutOfStock {
		return true
	}
	return e.Code == catalogapi.CodeLinesChanged && len(e.Fields) == 1 && e.Fields[0].Code == catalogapi.CodeOutOfStock
}
