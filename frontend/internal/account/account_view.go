package account

import (
	"bookstore/frontend/internal/ui"
	"bookstore/shared/authapi"
)

// Account is what a user's account page shows.
type Account struct {
	User     authapi.User
	Profile  ui.Form
	Password ui.Form
	Sessions []authapi.Session // empty if they are not known at the moment
}
