// Package delivery lets visitors say where their books are to be sent.
package delivery

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
	r.Get("/delivery-country", p.showCountry)
	r.Form("/delivery-country", p.chooseCountry, p.countryAgain)
}
