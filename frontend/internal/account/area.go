// Package account holds signing in and out, and a user's own account.
package account

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
	r.Get("/login", p.loginPage)
	r.Post("/login", p.login)
	r.Get("/register", p.registerPage)
	r.Post("/register", p.register)
	r.Post("/logout", p.logout)

	users := r.SignedIn()
	users.Get("/account", p.accountPage)
	users.Post("/account", p.saveProfile)
	users.Post("/account/password", p.changePassword)
	users.Post("/account/sessions", p.endSession)
}
