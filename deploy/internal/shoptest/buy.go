package shoptest

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"bookstore/shared/apierr"
	"bookstore/shared/catalogapi"
	"bookstore/shared/shopapi"
)

// Buy takes one copy through cart, order and payment, as the pages do.
func (s *Shop) Buy(t *testing.T, buyer Account, book catalogapi.Book, providerID int64) error {
	ctx := buyer.As(t.Context())
	cart, err := s.Orders.SetCartLine(ctx, book.ID, shopapi.SetCartLine{Quantity: 1})
	if err != nil {
		return fmt.Errorf("cart: %w", err)
	}
	order, err := s.Orders.PlaceOrder(ctx, cart.CheckoutKey, shopapi.PlaceOrder{
		Lines:      []shopapi.PlaceLine{{BookID: book.ID, Quantity: 1, Price: book.Price.Amount}},
		Deliveries: []shopapi.DeliveryChoice{{SellerID: book.SellerID, ProviderID: providerID}},
		Address:    Home,
	})
	if err != nil {
		return fmt.Errorf("order: %w", err)
	}
	order, err = s.Orders.PayOrder(ctx, order.ID, shopapi.Pay{Method: shopapi.MethodCard, Card: &TestCard})
	if err != nil {
		return fmt.Errorf("payment: %w", err)
	}
	if order.State != shopapi.OrderPaid {
		return fmt.Errorf("the order is %s after the payment", order.State)
	}
	return nil
}

// IsOutOfStock reports whether the buyer was told clearly that no copy is left.
func IsOutOfStock(err error) bool {
	e, ok := errors.AsType[*apierr.Error](err)
	if !ok || e.Kind != apierr.KindConflict {
		return false
	}
	if e.Code == catalogapi.CodeOutOfStock {
		return true
	}
	return e.Code == catalogapi.CodeLinesChanged && len(e.Fields) == 1 && e.Fields[0].Code == catalogapi.CodeOutOfStock
}

// BuyAtOnce buys one copy without a cart.
func (s *Shop) BuyAtOnce(ctx context.Context, book catalogapi.Book, providerID int64) error {
	const key = "one-copy-at-once"
	in := shopapi.PlaceOrder{
		Lines:      []shopapi.PlaceLine{{BookID: book.ID, Quantity: 1, Price: book.Price.Amount}},
		Deliveries: []shopapi.DeliveryChoice{{SellerID: book.SellerID, ProviderID: providerID}},
		Address:    Home,
	}
	order, err := settled(func() (shopapi.Order, error) { return s.Orders.PlaceOrder(ctx, key, in) })
	if err != nil {
		return fmt.Errorf("order: %w", err)
	}
	pay := shopapi.Pay{Method: shopapi.MethodCard, Card: &TestCard}
	order, err = settled(func() (shopapi.Order, error) { return s.Orders.PayOrder(ctx, order.ID, pay) })
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

// Home is an address in the shop's own country.
var Home = shopapi.Address{Name: "Ana Torres", Line1: "Calle 10 # 5-51", City: "Bogotá", Region: "Bogotá", Country: "CO"}
