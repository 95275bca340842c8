// Package checkout leads a buyer from the cart to a paid order.
package checkout

import (
	"embed"

	"bookstore/frontend/internal/site"
)

//go:embed messages
var messages embed.FS

// Area is the part of the shop that this package holds.
var Area = site.Area{Routes: routes, Messages: messages}

// pages answers for the area.
type pages struct{ *site.Site }

func routes(s *site.Site, r site.Routes) {
	p := pages{s}
	buyers := r.SignedIn()
	buyers.Get("/checkout", p.showCheckout)
	buyers.Form("/checkout", p.placeOrder, p.showAgain)
	buyers.Get("/orders/"+site.UUID+"/payment", p.showPayment)
	buyers.Form("/orders/"+site.UUID+"/payment", p.payOrder, p.paymentAgain)

	r.Get(sandboxPayPalPath, p.showSandboxPayPal)
	r.Action(sandboxPayPalPath, p.decideSandboxPayPal)
}
