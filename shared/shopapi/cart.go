package shopapi

import "bookstore/shared/money"

// Cart is what a visitor intends to buy, with prices and stock as the
// catalog has them now.
type Cart struct {
	// CheckoutKey is the Idempotency-Key that places this cart. It changes once
	// an order has been placed with it.
	CheckoutKey string      `json:"checkout_key"`
	Lines       []CartLine  `json:"lines" nullable:"false"`
	Count       int64       `json:"count" doc:"copies in all"`
	Subtotal    money.Money `json:"subtotal" doc:"of the lines that can be bought"`
	// Deliveries are the cheapest to DeliveryCountry of the sellers whose books can
	// be bought; a seller whom nobody serves there is left out. Without
	// DeliveryCountry the call named none, or the costs can't be told now.
	DeliveryCountry string          `json:"delivery_country,omitempty"`
	Deliveries      []DeliveryQuote `json:"deliveries,omitempty"`
}

// CartLine is copies of one book in a cart. The oldest line comes first.
type CartLine struct {
	BookID     int64       `json:"book_id"`
	Title      string      `json:"title"`
	Authors    []string    `json:"authors" nullable:"false"`
	Condition  string      `json:"condition"`
	Cover      string      `json:"cover,omitempty" doc:"key of the copy's picture in the catalog; empty if it has none"`
	SellerID   int64       `json:"seller_id"`
	SellerName string      `json:"seller_name"`
	Price      money.Money `json:"price" doc:"each"`
	Quantity   int64       `json:"quantity"`
	Total      money.Money `json:"total"`
	Available  int64       `json:"available" doc:"copies in stock now"`
	// Problem says why the line can't be bought as it is: "out_of_stock" (fewer
	// copies than wanted), "book_gone", "own_book", or "" when nothing is wrong.
	Problem string `json:"problem,omitempty" enum:"out_of_stock,book_gone,own_book"`
}

// SetCartLine puts a number of copies of a book into the cart; with Add, that
// many more.
type SetCartLine struct {
	Quantity int64 `json:"quantity" minimum:"1" maximum:"1000"`
	Add      bool  `json:"add,omitempty"`
}

// CartCount is how many copies a cart holds: the badge beside the cart's icon.
type CartCount struct {
	Count int64 `json:"count"`
}

// MergeCart moves a guest's cart into the caller's, adding quantities up.
type MergeCart struct {
	CartToken string `json:"cart_token" minLength:"16" maxLength:"100"`
}
