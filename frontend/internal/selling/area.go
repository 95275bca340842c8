// Package selling holds what sellers do: list books and send what was sold.
package selling

import (
	"embed"

	"bookstore/frontend/internal/site"
	"bookstore/shared/catalogapi"
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
	users.Form("/selling", p.startSelling, p.renderStartSelling)

	sellers := r.Sellers()
	sellers.Get("/selling/books", p.listListings)
	sellers.Get("/selling/books/new", p.newListingPage)
	sellers.Get(previewPath, p.previewListing)
	sellers.FormWithFile("/selling/books/new", "cover", catalogapi.MaxCover, p.createListing, p.showListing)
	sellers.Get("/selling/books/"+site.Number+"/edit", p.editListingPage)
	sellers.FormWithFile("/selling/books/"+site.Number+"/edit", "cover", catalogapi.MaxCover, p.saveListing, p.showListing)
	sellers.Action("/selling/books/"+site.Number+"/cover/delete", p.removeCover)
	sellers.Get("/selling/books/"+site.Number+"/delete", p.deleteListingPage)
	sellers.Action("/selling/books/"+site.Number+"/delete", p.deleteListing)

	sellers.Get("/selling/balance", p.showBalance)

	sellers.Get("/selling/orders", p.listSales)
	sellers.Get("/selling/orders/"+site.UUID, p.showSale)
	sellers.Form("/selling/orders/"+site.UUID+"/accept", p.acceptSale, p.renderSale)
	sellers.Form("/selling/orders/"+site.UUID+"/dispatch", p.dispatchSale, p.renderSale)
	sellers.Form("/selling/orders/"+site.UUID+"/deliver", p.deliverSale, p.renderSale)
	sellers.Form("/selling/orders/"+site.UUID+"/reject", p.rejectSale, p.renderSale)
}
