// Package shopapi is the contract of shopsvc: its wire types and the client
// that calls it. Carts are in cart.go, orders in order.go, deliveries and
// sales in delivery.go, payments in payment.go.
package shopapi

// HeaderCart carries a guest's cart token: 16 to 100 URL-safe characters that
// the guest's browser keeps. A signed-in caller needs none.
const HeaderCart = "Cart-Token"

// HeaderCountry carries the country (ISO 3166-1 alpha-2) that a cart's books are
// to be sent to. It is a header, which releases that know nothing of it pass over.
const HeaderCountry = "Delivery-Country"

// HeaderLanguage carries the language in which the buyer wants to hear of an
// order. It is a header, which releases that know nothing of languages pass over.
const HeaderLanguage = "Accept-Language"
