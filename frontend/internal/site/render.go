package site

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"bookstore/frontend/internal/ui"

	"github.com/a-h/templ"
)

// Page returns what the layout shows around a page with this title. It waits
// a moment for the cart's badge, so call it after the page's own calls.
func (s *Site) Page(r *http.Request, title string) ui.Page {
	v := visitorFrom(r.Context())
	p := ui.Page{
		Translator: v.words,
		Title:      title,
		Here:       Here(r),
		Theme:      v.theme,
		User:       UserFrom(r),
		Flash:      v.flash,
		Kept:       v.kept,
	}
	if v.badge != nil && !IsPartial(r) {
		v.count, v.counted = <-v.badge
		v.badge = nil
	}
	p.CartCount = v.count
	return p
}

// Here is where the visitor is, to come back to: this page, or the page whose
// form or part was sent.
func Here(r *http.Request) string {
	if isRead(r) && !IsPartial(r) {
		return LocalPath(r.URL.RequestURI(), "/")
	}
	from := r.Header.Get("HX-Current-URL")
	if from == "" {
		from = r.Referer()
	}
	u, err := url.Parse(from)
	if err != nil || u.Host != r.Host {
		return "/"
	}
	return LocalPath(u.RequestURI(), "/")
}

// Render answers with the whole page, or with the fragment if only a part of
// the page is asked for. A nil fragment means that there is only the page.
func (s *Site) Render(w http.ResponseWriter, r *http.Request, status int, full, fragment templ.Component) error {
	component := full
	partial := fragment != nil && IsPartial(r)
	if partial {
		component = fragment
	}
	var body bytes.Buffer
	if partial && refusesCookies(r) {
		component = templ.Join(component, ui.CookieCheck())
	}
	if err := component.Render(r.Context(), &body); err != nil {
		return fmt.Errorf("render: %w", err)
	}
	v := visitorFrom(r.Context())
	if !partial && v.flash != nil {
		s.expireCookie(w, flashCookie)
	}
	setPageHeaders(w, r)
	if status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", "2")
	}
	w.WriteHeader(status)
	_, _ = w.Write(body.Bytes()) // fails only when the visitor has gone
	return nil
}

// setPageHeaders says what an answer is and depends on, and who may keep it.
func setPageHeaders(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Add("Vary", "HX-Request-Type, Accept-Language, Cookie")
	switch {
	case h.Get("Cache-Control") != "": // a page that may be kept
	case visitorFrom(r.Context()).session != nil:
		h.Set("Cache-Control", "private, no-store")
	default:
		h.Set("Cache-Control", "private, no-cache")
	}
}

// Redirect sends the browser to another page, by GET. Where to is a local path
// or an address that a backend gave; what visitors send goes through LocalPath.
// No page leads to itself: the browser would go round until it gives up.
func (s *Site) Redirect(w http.ResponseWriter, r *http.Request, to string) error {
	if isRead(r) && !IsPartial(r) && to == r.URL.RequestURI() {
		return fmt.Errorf("%s redirects to itself", r.URL.Path)
	}
	if refusesCookies(r) {
		to = "/cookies?next=" + url.QueryEscape(to)
	}
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Add("Vary", "HX-Request-Type")
	if IsPartial(r) { // fetch would follow a 303 and put that page into the target
		w.Header().Set("HX-Redirect", to)
		w.WriteHeader(http.StatusOK)
		return nil
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
	return nil
}

// Moved leads from an address of old, or from one of several, to the one where the
// page stands.
func (s *Site) Moved(w http.ResponseWriter, r *http.Request, to string) error {
	http.Redirect(w, r, to, http.StatusMovedPermanently)
	return nil
}

// LocalPath returns next if it leads to a page of ours, and otherwise fallback.
func LocalPath(next, fallback string) string {
	if !strings.HasPrefix(next, "/") || strings.HasPrefix(next, "//") || strings.Contains(next, `\`) {
		return fallback
	}
	if strings.ContainsFunc(next, func(c rune) bool { return c < ' ' || c == 0x7f }) {
		return fallback
	}
	if u, err := url.Parse(next); err != nil || u.IsAbs() || u.Host != "" {
		return fallback
	}
	return next
}
