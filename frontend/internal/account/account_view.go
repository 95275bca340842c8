package account

import (
	"strings"

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

// device is what a browser calls itself, in short: "Firefox, Linux".
func device(p ui.Page, userAgent string) string {
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
