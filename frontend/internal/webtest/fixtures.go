package webtest

import (
	"time"

	"bookstore/frontend/internal/web"
	"bookstore/shared/authapi"
	"bookstore/shared/catalogapi"
	"bookstore/shared/money"
	"bookstore/shared/page"
	"bookstore/shared/shopapi"
)

// USD is an amount of cents.
func USD(amount int64) money.Money { return money.New(amount, "USD") }

// CartLine is two copies of Dracula by default, which the Seller has four of.
func CartLine(change func(*shopapi.CartLine)) shopapi.CartLine {
	line := shopapi.CartLine{
		BookID: 1, Title: "Dracula", Authors: []string{"Bram Stoker"}, Condition: catalogapi.ConditionGood,
		SellerID: 8, SellerName: "Blue Door Books", Price: USD(1000), Quantity: 2, Total: USD(2000), Available: 4,
	}
	if change != nil {
		change(&line)
	}
	return line
}

// CartOf is a cart of lines, with their sum.
func CartOf(lines ...shopapi.CartLine) shopapi.Cart {
	c := shopapi.Cart{CheckoutKey: "0197a000-0000-7000-8000-000000000001", Lines: lines, Subtotal: USD(0)}
	for _, line := range lines {
		c.Count += line.Quantity
		c.Subtotal = c.Subtotal.Add(line.Total)
	}
	return c
}

// Dracula is a book that the Seller offers two copies of.
func Dracula() catalogapi.Book {
	return catalogapi.Book{
		ID: 7, Version: 3, SellerID: Seller.ID, SellerName: "Blue Door", Title: "Dracula", Authors: []string{"Bram Stoker"},
		ISBN: "9780141439846", Description: "First.\n\nSecond.", Category: "classics", Language: "en",
		Condition: catalogapi.ConditionGood, Price: money.New(1299, "USD"), Stock: 2,
	}
}

// SomeBooks is a page of books that has Dracula only; next is the cursor of the
// page after it.
func SomeBooks(next string) catalogapi.Books {
	return catalogapi.Books{Page: page.Page[catalogapi.Book]{Items: []catalogapi.Book{Dracula()}, NextCursor: next}, Total: 1}
}

// CatalogAnswers are those of a catalog that has Dracula only.
func CatalogAnswers() map[string]any {
	return map[string]any{
		"GET /v1/books":      SomeBooks(""),
		"GET /v1/books/7":    Dracula(),
		"GET /v1/categories": catalogapi.Categories{Items: []catalogapi.Category{{Slug: "classics", Books: 1}}},
	}
}

// OrderID is the id of the sample order.
const OrderID = "0197a000-0000-7000-8000-0000000000aa"

// DeliveryProviders are those of a shop in Colombia.
var DeliveryProviders = shopapi.DeliveryProviders{HomeCountry: "CO", Items: []shopapi.DeliveryProvider{
	{ID: 1, Name: "DHL", Coverage: shopapi.CoverageInternational, Cost: USD(5000), Active: true},
	{ID: 2, Name: "Envia", Coverage: shopapi.CoverageNational, Cost: USD(2000), Active: true},
	{ID: 3, Name: "FedEx", Coverage: shopapi.CoverageInternational, Cost: USD(4500), Active: true},
	{ID: 4, Name: "Pigeon", Coverage: shopapi.CoverageInternational, Cost: USD(1), Active: false},
}}

// SampleOrder is an order of one shipment in a state.
func SampleOrder(state string, change func(*shopapi.Order)) shopapi.Order {
	at := time.Date(2026, 5, 3, 10, 12, 0, 0, time.UTC)
	expires := at.Add(15 * time.Minute)
	o := shopapi.Order{
		ID: OrderID, Number: "7K3M-22PX", BuyerID: Buyer.ID, State: state,
		Subtotal: USD(2000), DeliveryTotal: USD(5000), Total: USD(7000), Refunded: USD(0),
		Address: shopapi.Address{Name: "Ana Gómez", Line1: "Calle 1 # 2-3", City: "Bogotá", Region: "Bogotá", Country: "CO"},
		Shipments: []shopapi.Shipment{{
			ID: ShipmentID, SellerID: 8, SellerName: "Blue Door Books", State: shopapi.ShipmentPending,
			ProviderName: "DHL", DeliveryCost: USD(5000), Subtotal: USD(2000), Total: USD(7000), Refunded: USD(0),
			Lines: []shopapi.OrderLine{{BookID: 1, Title: "Dracula", Authors: []string{"Bram Stoker"}, Condition: catalogapi.ConditionGood, Price: USD(1000), Quantity: 2, Total: USD(2000)}},
		}},
		PlacedAt: at,
	}
	switch state {
	case shopapi.OrderReserved:
		o.CanPay, o.CanCancel, o.ExpiresAt = true, true, &expires
	case shopapi.OrderPaid:
		o.CanCancel, o.PaidAt = true, &at
		o.Shipments[0].State = shopapi.ShipmentNew
		o.Payment = &shopapi.Payment{ID: "p", Method: shopapi.MethodCard, State: shopapi.PaymentCaptured, Amount: USD(7000)}
	}
	if change != nil {
		change(&o)
	}
	return o
}

// WithPayment changes the sample order: it has this payment, of its whole total.
func WithPayment(p shopapi.Payment) func(*shopapi.Order) {
	p.ID, p.Amount = "0197a000-0000-7000-8000-0000000000cc", USD(7000)
	return func(o *shopapi.Order) { o.Payment = &p }
}

// PaymentBackend is a shopsvc that knows an order, and takes any payment for it.
func PaymentBackend(o shopapi.Order) *Stub {
	return &Stub{Answers: map[string]any{
		OrderCall: o,
		PayCall:   SampleOrder(shopapi.OrderPaid, nil),
		"GET /v1/payment-methods": shopapi.PaymentMethods{
			Gateway: "sandbox", Methods: []string{shopapi.MethodCard, shopapi.MethodPayPal, shopapi.MethodBankTransfer}},
	}}
}

// SampleSale is the sample order's shipment as its seller sees it, in a state.
func SampleSale(state string) shopapi.Sale {
	order := SampleOrder(shopapi.OrderPaid, nil)
	sale := shopapi.Sale{
		Shipment: order.Shipments[0], OrderID: OrderID, OrderNumber: order.Number, Address: order.Address,
		PaidAt: time.Date(2026, 5, 3, 10, 13, 0, 0, time.UTC),
	}
	sale.State = state
	return sale
}

// AccountAnswers let the account page be shown.
func AccountAnswers() map[string]any {
	return map[string]any{
		"GET /v1/users/me":   authapi.User{ID: Buyer.ID, Name: Buyer.Name, Email: "ana@example.com", Role: Buyer.Role},
		"GET /v1/sessions":   authapi.Sessions{Items: []authapi.Session{}},
		"GET /v1/cart/count": shopapi.CartCount{},
	}
}

const (
	PaymentPath = "/orders/" + OrderID + "/payment"
	PayCall     = "POST /v1/orders/" + OrderID + "/payment"
	OrderCall   = "GET /v1/orders/" + OrderID
	ShipmentID  = "0197a000-0000-7000-8000-0000000000bb"
)

// English returns the English message of a key.
func English(key string) string { return web.Words("en").T(key) }

// Grant is what authsvc answers to whoever signs in.
func Grant() authapi.Grant {
	return authapi.Grant{AccessToken: "access", RefreshToken: "refresh", User: authapi.User{ID: 7, Name: "Ana", Role: "buyer"}}
}
