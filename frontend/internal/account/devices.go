package account

import (
	"net/http"
	"strings"

	"bookstore/frontend/internal/ui"
	"bookstore/shared/apierr"
)

// endSession answers POST /account/sessions: it signs another browser out.
func (s pages) endSession(w http.ResponseWriter, r *http.Request, form *ui.Form) error {
	err := s.Auth.EndSession(s.Call(r), form.Value("session_id"))
	if err != nil && !apierr.IsKind(err, apierr.KindNotFound) { // gone already is as good
		return err
	}
	s.Flash(w, ui.FlashSuccess, "flash.session_ended")
	return s.Redirect(w, r, "/account")
}

// endOtherSessions answers POST /account/sessions/others: it signs every other
// browser out.
func (s pages) endOtherSessions(w http.ResponseWriter, r *http.Request, _ *ui.Form) error {
	if err := s.Auth.EndOtherSessions(s.Call(r)); err != nil {
		return err
	}
	s.Flash(w, ui.FlashSuccess, "flash.other_sessions_ended")
	return s.Redirect(w, r, "/account")
}

// Signs of browsers and systems in what browsers call themselves. The order
// matters: each names those it resembles as well.
var (
	browsers = []sign{
		{"Edg", "Edge"}, {"OPR/", "Opera"}, {"SamsungBrowser", "Samsung Internet"}, {"FxiOS", "Firefox"},
		{"CriOS", "Chrome"}, {"Firefox", "Firefox"}, {"Chrome", "Chrome"}, {"Safari", "Safari"},
	}
	systems = []sign{
		{"Android", "Android"}, {"iPhone", "iPhone"}, {"iPad", "iPad"}, {"Windows", "Windows"},
		{"Mac OS", "macOS"}, {"CrOS", "ChromeOS"}, {"Linux", "Linux"},
	}
)

type sign struct{ token, name string }

// named returns the name of the first sign in userAgent, or "".
func named(userAgent string, signs []sign) string {
	for _, s := range signs {
		if strings.Contains(userAgent, s.token) {
			return s.name
		}
	}
	return ""
}

// device says in plain words what a browser calls itself: "Firefox on Linux".
func device(p ui.Page, userAgent string) string {
	browser, system := named(userAgent, browsers), named(userAgent, systems)
	switch {
	case browser != "" && system != "":
		return p.T("account.device_on", "Browser", browser, "System", system)
	case browser+system != "":
		return browser + system
	}
	return p.T("account.unknown_device")
}
