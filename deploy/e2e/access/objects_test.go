package access

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"bookstore/deploy/internal/shoptest"
	"bookstore/shared/shopapi"
)

// objects are what the paths and bodies of a line name, such as {order}. They
// are made when they are first named, and are new with each line.
type objects struct {
	shop   *shoptest.Shop
	people people
	made   map[string]string
}

var named = regexp.MustCompile(`\{[a-z]+\}`)

// fill replaces the names in a text.
func (o objects) fill(t *testing.T, text string) string {
	t.Helper()
	return named.ReplaceAllStringFunc(text, func(name string) string {
		if o.made[name] == "" {
			o.make(t, name)
		}
		return o.made[name]
	})
}

func (o objects) make(t *testing.T, name string) {
	t.Helper()
	buyer, seller := o.people["buyer"][0], o.people["seller"][0]
	switch name {
	case "{book}":
		o.made[name] = fmt.Sprint(o.shop.List(t, seller.Account, "Frankenstein", 1299, 50).ID)
	case "{seller}":
		o.made[name] = fmt.Sprint(seller.ID)
	case "{provider}":
		o.made[name] = fmt.Sprint(o.shop.NationalProvider(t).ID)
	case "{key}":
		o.made[name] = strings.Repeat("0", 64) // of no picture and no payment
	case "{uuid}":
		o.made[name] = "00000000-0000-4000-8000-000000000000"
	case "{mail}", "{rule}", "{nobody}":
		o.made[name] = "999999" // that never was
	case "{category}":
		o.made[name] = "classics"
	case "{range}":
		o.made[name] = "0"
	case "{name}":
		o.made[name] = "frankenstein"
	case "{email}":
		o.made[name] = shoptest.NewEmail()
	case "{user}":
		o.made[name] = fmt.Sprint(o.shop.Register(t, "Somebody").ID)
	case "{session}":
		o.shop.SignIn(t, buyer.Account)
		sessions, err := o.shop.Auth.Sessions(buyer.As(t.Context()))
		if err != nil || len(sessions.Items) < 3 {
			t.Fatalf("sessions: %v, %v", sessions, err)
		}
		o.made[name] = sessions.Items[0].ID
	case "{order}", "{shipment}":
		order := o.order(t, shopapi.Pay{Method: shopapi.MethodCard, Card: shoptest.NewCard(shoptest.CardPays)})
		o.made["{order}"], o.made["{shipment}"] = order.ID, order.Shipments[0].ID
	case "{sent}":
		shipment := o.fill(t, "{shipment}")
		_, err := o.shop.Orders.AcceptShipment(seller.As(t.Context()), shipment)
		if err == nil {
			_, err = o.shop.Orders.DispatchShipment(seller.As(t.Context()), shipment, shopapi.Dispatch{TrackingNumber: "X1000"})
		}
		if err != nil {
			t.Fatal(err)
		}
		o.made[name] = shipment
	case "{transfer}", "{payment}":
		order := o.order(t, shopapi.Pay{Method: shopapi.MethodBankTransfer})
		o.made["{transfer}"], o.made["{payment}"] = order.ID, order.Payment.ID
		o.made["{amount}"] = fmt.Sprint(order.Total.Amount)
	default:
		t.Fatalf("nobody knows what %s is", name)
	}
}

// order returns an order of the buyer's for a book of the seller's.
func (o objects) order(t *testing.T, pay shopapi.Pay) shopapi.Order {
	t.Helper()
	ctx := o.people["buyer"][0].As(t.Context())
	book := o.shop.List(t, o.people["seller"][0].Account, "Frankenstein", 1299, 50)
	order, err := o.shop.Orders.PlaceOrder(ctx, "order-"+fmt.Sprint(book.ID), shoptest.OrderOf(o.shop.NationalProvider(t).ID, book))
	if err == nil {
		order, err = o.shop.Orders.PayOrder(ctx, order.ID, pay)
	}
	if err != nil {
		t.Fatal(err)
	}
	return order
}

// forget has objects that a single call may use up made again.
func (o objects) forget() {
	for name := range o.made {
		if strings.HasPrefix(name, "{book") || name == "{email}" {
			delete(o.made, name)
		}
	}
}
