// Package cart holds the cart.
package cart

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
	r.Get("/cart", p.showCart)
	r.Get("/cart/count", p.countCart)
	r.Action("/cart", p.addToCart)
	r.Action("/cart/lines/"+site.Number, p.setCartLine)
	r.Action("/cart/lines/"+site.Number+"/remove", p.removeCartLine)
}
