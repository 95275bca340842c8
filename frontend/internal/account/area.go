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
	r.SignInForm("/login", p.login, p.showLogin)
	r.Get("/register", p.registerPage)
	r.Form("/register", p.register, p.showRegister)
	r.Get("/password/forgot", p.forgotPage)
	r.Form("/password/forgot", p.forgot, p.showForgot)
	r.Get("/password/reset", p.resetPage)
	r.Form("/password/reset", p.reset, p.showReset)
	r.Action("/logout", p.logout)

	users := r.SignedIn()
	users.Get("/account", p.accountPage)
	users.Form("/account", p.saveProfile, p.showProfile)
	users.Form("/account/password", p.changePassword, p.showPassword)
	users.Action("/account/sessions", p.endSession)
	users.Action("/account/sessions/others", p.endOtherSessions)
}
