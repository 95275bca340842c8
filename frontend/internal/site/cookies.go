package site

import (
	"crypto/rand"
	"net/http"
	"regexp"
	"strings"
	"time"

	"bookstore/frontend/internal/ui"
	"bookstore/shared/apierr"
	"bookstore/shared/country"
	"bookstore/shared/i18n"
)

// Names of the small cookies. Each holds one fact, so that two answers on
// their way at once can't undo each other's change.
const (
	badgeCookie   = "badge"
	browserCookie = "browser"
	cartCookie    = "cart"
	countryCookie = "country"
	deviceCookie  = "device"
	flashCookie   = "flash"
	freshCookie   = "fresh"
	langCookie    = "lang"
	themeCookie   = "theme"
)

const (
	badgeSeconds = 60 // how long another device may show an old number of books
	freshSeconds = 30 // longer than any replica lags behind
	flashSeconds = 60
	cartSeconds  = 60 * 24 * 60 * 60
	yearSeconds  = 365 * 24 * 60 * 60
)

// setCookie sets a cookie that scripts can't read, for some seconds.
func (s *Site) setCookie(w http.ResponseWriter, name, value string, seconds int) {
	dropCookie(w, name)
	http.SetCookie(w, &http.Cookie{
		Name: name, Value: value, Path: "/", MaxAge: seconds,
		HttpOnly: true, Secure: s.secure(), SameSite: http.SameSiteLaxMode,
	})
}

func (s *Site) expireCookie(w http.ResponseWriter, name string) {
	s.setCookie(w, name, "", -1)
}

// dropCookie takes back what this answer set before under the same name.
func dropCookie(w http.ResponseWriter, name string) {
	set := w.Header()["Set-Cookie"]
	kept := set[:0]
	for _, line := range set {
		if !strings.HasPrefix(line, name+"=") {
			kept = append(kept, line)
		}
	}
	if len(kept) == 0 {
		w.Header().Del("Set-Cookie")
		return
	}
	w.Header()["Set-Cookie"] = kept
}

func cookie(r *http.Request, name string) string {
	c, err := r.Cookie(name)
	if err != nil {
		return ""
	}
	return c.Value
}

// language is the one that the visitor chose, or the one the browser asks for.
func language(r *http.Request) string {
	if lang := cookie(r, langCookie); i18n.Speaks(lang) {
		return lang
	}
	return i18n.Match(r.Header.Get("Accept-Language"))
}

// Country is where the visitor's books are to be sent (ISO 3166-1 alpha-2): the
// country that the visitor chose, or the shop's own.
func (s *Site) Country(r *http.Request) string {
	if chosen := cookie(r, countryCookie); country.Valid(chosen) {
		return chosen
	}
	return s.HomeCountry
}

// SetCountry remembers the country that the visitor chose.
func (s *Site) SetCountry(w http.ResponseWriter, chosen string) {
	s.setCookie(w, countryCookie, chosen, yearSeconds)
}

func theme(r *http.Request) string {
	switch t := cookie(r, themeCookie); t {
	case "light", "dark":
		return t
	}
	return ""
}

var saneCartToken = regexp.MustCompile(`^[A-Za-z0-9_-]{16,100}$`)

func cartToken(r *http.Request) string {
	if t := cookie(r, cartCookie); saneCartToken.MatchString(t) {
		return t
	}
	return ""
}

// EnsureCart gives a guest a cart of their own before something is put into
// it. A signed-in visitor has one already.
func (s *Site) EnsureCart(w http.ResponseWriter, r *http.Request) {
	v := visitorFrom(r.Context())
	if v.session != nil || v.cart != "" {
		return
	}
	v.cart = rand.Text()
	v.needsCookie = true
	s.setCookie(w, cartCookie, v.cart, cartSeconds)
}

// refusesCookies tells whether the browser may not keep the cookie that the answer
// to r sets and that all depends on: it has not shown yet that it keeps any.
func refusesCookies(r *http.Request) bool {
	return visitorFrom(r.Context()).needsCookie && len(r.Cookies()) == 0
}

// errCookiesRefused says that the browser did not keep a cookie.
var errCookiesRefused = apierr.New(apierr.KindForbidden, "cookies_refused")

// checkCookies answers GET /cookies, to which a first form that needs a cookie
// leads, with the way on if the browser has kept it.
func (s *Site) checkCookies(w http.ResponseWriter, r *http.Request) error {
	if len(r.Cookies()) == 0 {
		return errCookiesRefused
	}
	if IsPartial(r) {
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	return s.Redirect(w, r, LocalPath(r.URL.Query().Get("next"), "/"))
}

// Flash says something at the top of the next page that the visitor sees. The
// message is one of those whose key begins with "flash.".
func (s *Site) Flash(w http.ResponseWriter, kind, key string) {
	s.setCookie(w, flashCookie, kind+":"+strings.TrimPrefix(key, "flash."), flashSeconds)
}

// readFlash takes nothing from the cookie but the choice of a message.
func readFlash(r *http.Request, words *i18n.Translator) *ui.Flash {
	kind, key, _ := strings.Cut(cookie(r, flashCookie), ":")
	switch kind {
	case ui.FlashSuccess, ui.FlashInfo, ui.FlashWarning, ui.FlashError:
	default:
		return nil
	}
	key = "flash." + key
	if !words.Has(key) {
		return nil
	}
	return &ui.Flash{Kind: kind, Text: words.T(key)}
}

const sessionLife = 30 * 24 * time.Hour
