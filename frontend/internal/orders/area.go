// Package orders holds a buyer's orders, and the parts of an order that sellers and admins see as well.
package orders

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
	buyers.Get("/orders", p.listOrders)
	buyers.Get("/orders/"+site.UUID, p.showOrder)
	buyers.Form("/orders/"+site.UUID+"/cancel", p.cancelOrder, p.renderOrder)
}
