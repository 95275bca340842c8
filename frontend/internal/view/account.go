package view

import (
	"net/url"
	"strconv"
	"strings"

	"bookstore/shared/authapi"

	"github.com/a-h/templ"
)

// Account is what a user's account page shows.
type Account struct {
	User     authapi.User
	Profile  Form
	Password Form
	Sessions []authapi.Session // empty if they are not known at the moment
}

// device is what a browser calls itself, in short: "Firefox, Linux".
func device(p Page, userAgent string) string {
	found := func(names ...string) string {
		for _, name := range names {
			token, label, _ := strings.Cut(name, "=")
			if strings.Contains(userAgent, token) {
				return label
			}
		}
		return ""
	}
	// The order matters: each browser names those it resembles as well.
	browser := found("Edg=Edge", "OPR=Opera", "Firefox=Firefox", "Chrome=Chrome", "Safari=Safari")
	system := found("Android=Android", "iPhone=iPhone", "iPad=iPad", "Windows=Windows", "Mac OS=macOS", "Linux=Linux")
	switch {
	case browser != "" && system != "":
		return browser + ", " + system
	case browser+system != "":
		return browser + system
	}
	return p.T("account.unknown_device")
}

// Users is a part of the accounts, for admins.
type Users struct {
	Q, Role string
	Items   []authapi.User
	Self    int64  // the admin's own account, which they can't change here
	NextURL string // "" on the last part
}

func roleOptions(p Page) []Option {
	return []Option{
		{Value: "buyer", Label: p.T("role.buyer")},
		{Value: "seller", Label: p.T("role.seller")},
		{Value: "admin", Label: p.T("role.admin")},
	}
}

// accountURL lists the account with this number for admins.
func accountURL(id int64) templ.SafeURL {
	return templ.URL("/admin/users?q=" + url.QueryEscape("#"+strconv.FormatInt(id, 10)))
}
