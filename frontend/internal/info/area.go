// Package info shows the pages that whoever runs the shop writes: how to reach
// them, help, terms and privacy.
package info

import (
	"embed"
	"net/http"

	"bookstore/frontend/internal/site"
	"bookstore/frontend/internal/texts"
)

//go:embed messages
var messages embed.FS

// Area is the part of the shop that this package holds.
var Area = site.Area{Routes: routes, Messages: messages}

// pages answers for the area.
type pages struct{ *site.Site }

func routes(s *site.Site, r site.Routes) {
	p := pages{s}
	for _, name := range texts.Names {
		r.Kept().Get("/"+name, p.show(name))
	}
}

// show answers GET /contact and the others.
func (s pages) show(name string) site.Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		text := s.Texts.Page(site.Words(r).Lang(), name)
		p := s.Page(r, text.Title)
		p.Public = s.Public("/" + name)
		info := Info{Page: text}
		if name == texts.Contact {
			info.Asks, info.Email = true, s.ContactEmail
		}
		return s.Render(w, r, http.StatusOK, InfoPage(p, info), nil)
	}
}
