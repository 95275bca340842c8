package admin

import (
	"net/url"
	"strconv"

	"bookstore/frontend/internal/ui"
	"bookstore/shared/authapi"
	"bookstore/shared/token"

	"github.com/a-h/templ"
)

// Users is a part of the accounts, for admins.
type Users struct {
	Q, Role string
	Items   []authapi.User
	Self    int64  // the admin's own account, which they can't change here
	NextURL string // "" on the last part
}

func roleOptions(p ui.Page) []ui.Option {
	var options []ui.Option
	for _, role := range []token.Role{token.Buyer, token.Seller, token.Admin} {
		options = append(options, ui.Option{Value: string(role), Label: p.T("role." + string(role))})
	}
	return options
}

// accountURL lists the account with this number.
func accountURL(id int64) templ.SafeURL {
	return templ.URL("/admin/users?q=" + url.QueryEscape("#"+strconv.FormatInt(id, 10)))
}
