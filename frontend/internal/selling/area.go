// Package selling holds what sellers do: list books and send what was sold.
package selling

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
	users := r.SignedIn()
	users.Get("/selling", p.startSellingPage)
	users.Post("/selling", p.startSelling)

	sellers := r.Sellers()
	sellers.Get("/selling/books", p.listListings)
	sellers.Get("/selling/books/new", p.newListingPage)
	sellers.Post("/selling/books/new", p.createListing)
	sellers.Get("/selling/books/"+site.Number+"/edit", p.editListingPage)
	sellers.Post("/selling/books/"+site.Number+"/edit", p.saveListing)
	sellers.Post("/selling/books/"+site.Number+"/cover/delete", p.removeCover)
	sellers.Get("/selling/books/"+site.Number+"/delete", p.deleteListingPage)
	sellers.Post("/selling/books/"+site.Number+"/delete", p.deleteListing)

	sellers.Get("/selling/orders", p.listSales)
	sellers.Get("/selling/orders/"+site.UUID, p.showSale)
	sellers.Post("/selling/orders/"+site.UUID+"/accept", p.acceptSale)
	sellers.Post("/selling/orders/"+site.UUID+"/dispatch", p.dispatchSale)
	sellers.Post("/selling/orders/"+site.UUID+"/deliver", p.deliverSale)
	sellers.Post("/selling/orders/"+site.UUID+"/reject", p.rejectSale)
}
