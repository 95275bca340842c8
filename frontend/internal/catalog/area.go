// Package catalog holds the pages on which visitors find books.
package catalog

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
	kept := r.Kept()
	kept.Get("/", p.home)
	kept.Get("/books", p.listBooks)
	kept.Get("/categories/{slug:[a-z-]+}", p.listCategory)
	kept.Get("/sellers/"+site.Number, p.nameSeller)
	kept.Get("/sellers/"+site.Number+"/{name:[^/]+}", p.listSeller)
	kept.Get("/authors/{name:[^/]+}", p.listAuthor)
	kept.Get(recentPath, p.listRecent)
	kept.Get("/books/suggestions", p.suggestBooks)
	kept.Get("/books/"+site.Number, p.showBook)
}
