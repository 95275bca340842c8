package site

import (
	"net/http"
	"regexp"
)

// mailTokenSeconds is longer than any link of a mail that leads to a form is
// good.
const mailTokenSeconds = 60 * 60

var saneMailToken = regexp.MustCompile(`^[A-Za-z0-9_-]{16,200}$`)

// TakeMailToken moves the token of a mail's link out of the address, where logs
// and the next page would see it, into a cookie of this name. It reports whether
// there was one: then the visitor is sent to the same page's clean address.
func (s *Site) TakeMailToken(w http.ResponseWriter, r *http.Request, name string) bool {
	token := r.URL.Query().Get("token")
	if !saneMailToken.MatchString(token) {
		return false
	}
	s.setCookie(w, name, token, mailTokenSeconds)
	return true
}

// MailToken returns the token that TakeMailToken has taken, "" if there is none.
func MailToken(r *http.Request, name string) string {
	if token := cookie(r, name); saneMailToken.MatchString(token) {
		return token
	}
	return ""
}

// DropMailToken forgets the token, which is used or good for nothing.
func (s *Site) DropMailToken(w http.ResponseWriter, name string) { s.expireCookie(w, name) }
