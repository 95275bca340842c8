// Package catalog holds the pages on which visitors find books.
package catalog

import "bookstore/frontend/internal/site"

// Area is the part of the shop that this package holds.
var Area = site.Area{Routes: routes}

// pages answers for the area.
type pages struct{ *site.Site }

func routes(s *site.Site, r site.Routes) {
	p := pages{s}
	r.Get("/", p.home)
	r.Get("/books", p.listBooks)
	r.Get("/books/suggestions", p.suggestBooks)
	r.Get("/books/"+site.Number, p.showBook)
}
