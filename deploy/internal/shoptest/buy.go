package shoptest

import (
	"context"
	"errors"
	"fmt"
	"time"

	"bookstore/shared/apierr"
	"bookstore/shared/catalogapi"
	"bookstore/shared/shopapi"
)

// Buy takes one copy through cart, order and payment, as whoever ctx speaks for.
func (s *Shop) Buy(ctx context.Context, book catalogapi.Book, provider int64) error {
	cart, err := s.Orders.SetCartLine(ctx, book.ID, shopapi.SetCartLine{Quantity: 1})
	if err != nil {
		return fmt.Errorf("cart: %w", err)
	}
	return s.placeAndPay(ctx, cart.CheckoutKey, OrderOf(provider, book))
}

// BuyAtOnce buys one copy without a cart, as whoever ctx speaks for.
func (s *Shop) BuyAtOnce(ctx context.Context, book catalogapi.Book, provider int64) error {
	return s.placeAndPay(ctx, "one-copy-at-once", OrderOf(provider, book))
}

// OrderOf returns the order of one copy of each book, to be delivered to Home.
func OrderOf(provider int64, books ...catalogapi.Book) shopapi.PlaceOrder {
	in := shopapi.PlaceOrder{Address: Home}
	chosen := map[int64]bool{}
	for _, b := range books {
		in.Lines = append(in.Lines, shopapi.PlaceLine{BookID: b.ID, Quantity: 1, Price: b.Price.Amount})
		if !chosen[b.SellerID] {
			in.Deliveries = append(in.Deliveries, shopapi.DeliveryChoice{SellerID: b.SellerID, ProviderID: provider})
		}
		chosen[b.SellerID] = true
	}
	return in
}

func (s *Shop) placeAndPay(ctx context.Context, key string, in shopapi.PlaceOrder) error {
	order, err := settled(func() (shopapi.Order, error) { return s.Orders.PlaceOrder(ctx, key, in) })
	if err != nil {
		return fmt.Errorf("order: %w", err)
	}
	pay := shopapi.Pay{Method: shopapi.MethodCard, Card: NewCard(CardPays)}
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

// Home is an address in the shop's own country.
var Home = shopapi.Address{Name: "Ana Torres", Line1: "Calle 10 # 5-51", City: "Bogotá", Region: "Bogotá", Country: "CO"}
