// Package site is what the pages of all areas stand on: it knows who visits and
// in which language, reads their forms, renders pages or parts of them, and says
// what went wrong. It keeps no state, so that any instance can answer any
// request.
package site

import (
	"net/http"
	"net/url"
	"path"
	"strings"
	"time"

	"bookstore/frontend/internal/pagecache"
	"bookstore/frontend/internal/texts"
	"bookstore/shared/apierr"
	"bookstore/shared/authapi"
	"bookstore/shared/catalogapi"
	"bookstore/shared/httpserver"
	"bookstore/shared/i18n"
	"bookstore/shared/shopapi"
	"bookstore/shared/token"

	"github.com/gorilla/mux"
	"github.com/gorilla/securecookie"
	"github.com/gorilla/sessions"
	"golang.org/x/sync/singleflight"
)

// Config is what a Site works with.
type Config struct {
	PublicURL    *url.URL       // where browsers reach the shop; its scheme decides about cookies
	Currency     string         // ISO 4217
	HomeCountry  string         // ISO 3166-1 alpha-2
	TimeZone     *time.Location // the shop's, for browsers that don't tell times in their own
	ContactEmail string         // to which visitors may write; "" if there is none
	Texts        *texts.Pages   // that the operator writes
	SessionKeys  [][]byte       // pairs of a hash and an encryption key; the first pair writes, all read
	Limits       httpserver.Limits
	Clients      httpserver.Clients

	Auth        *authapi.Client
	Catalog     *catalogapi.Client
	Shop        *shopapi.Client
	Verifier    *token.Verifier
	Revocations *token.Revocations
}

// Site is the web shop, without its pages.
type Site struct {
	Config
	words    *i18n.Bundle
	areas    []Area
	uploads  *mux.Router // the forms with a file
	sessions *sessions.CookieStore
	pages    *pagecache.Cache   // of what is the same for everybody
	refresh  singleflight.Group // one refresh per session at a time
	methods  payMethods

	signIn     FormPage    // asks visitors to sign in
	keptForms  *mux.Router // shows forms again, filled in with what was kept
	keptCodecs []securecookie.Codec

	deviceCodecs []securecookie.Codec
}

// New returns a site of these areas that speaks with words.
func New(cfg Config, words *i18n.Bundle, areas []Area) *Site {
	return &Site{
		Config: cfg, words: words.In(cfg.HomeCountry, cfg.TimeZone), areas: areas, uploads: mux.NewRouter(), pages: pagecache.NewCache(),
		sessions: newSessionStore(cfg), keptForms: mux.NewRouter(), keptCodecs: newKeptCodecs(cfg.SessionKeys),
		deviceCodecs: newDeviceCodecs(cfg.SessionKeys),
	}
}

// Pages returns the handler of the areas' pages and forms, which are router's.
func (s *Site) Pages(router *mux.Router) http.Handler {
	return Compress(s.withVisitor(s.protect(router)))
}

// Router returns the routes of the areas' pages and forms.
func (s *Site) Router() *mux.Router {
	router := mux.NewRouter().StrictSlash(true)
	router.Use(httpserver.NameRoute)
	routes := s.newRoutes(router)
	routes.Action("/preferences", s.setPreferences)
	routes.Action("/kept-form", s.showKeptAgain)
	routes.Get("/cookies", s.checkCookies)
	for _, area := range s.areas {
		area.Routes(s, routes)
	}
	router.NotFoundHandler = s.Handle(func(http.ResponseWriter, *http.Request) error {
		return ErrNotFound
	})
	router.MethodNotAllowedHandler = s.Handle(s.leadToPage(router))
	return router
}

// leadToPage answers a request for the address of a form, as after a reload of a
// form that was refused, with the way to the page where it stands: the nearest
// above it.
func (s *Site) leadToPage(router *mux.Router) Handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		if !isRead(r) {
			return errMethodNotAllowed
		}
		page := r.Clone(r.Context())
		for above := path.Dir(r.URL.Path); ; above = path.Dir(above) {
			page.URL.Path = above
			var match mux.RouteMatch
			if router.Match(page, &match) && match.MatchErr == nil || above == "/" {
				return s.Redirect(w, r, above)
			}
		}
	}
}

// What a page answers to a visitor who asks for what is not there, or not theirs.
var (
	ErrNotFound  = apierr.New(apierr.KindNotFound, apierr.CodeNotFound)
	ErrForbidden = apierr.New(apierr.KindForbidden, apierr.CodeForbidden)
)

// codeCrossOrigin is the code of a form that another site sends. It crosses no
// wire: only pages say it.
const codeCrossOrigin = "cross_origin"

var (
	errMethodNotAllowed = apierr.New(apierr.KindMethodNotAllowed, apierr.CodeMethodNotAllowed)
	errUnauthenticated  = apierr.New(apierr.KindUnauthenticated, apierr.CodeUnauthenticated)
	errCrossOrigin      = apierr.New(apierr.KindForbidden, codeCrossOrigin)
	errMalformed        = apierr.New(apierr.KindMalformed, apierr.CodeMalformedBody)
	errTooLarge         = apierr.New(apierr.KindTooLarge, apierr.CodeBodyTooLarge)
)

// protect refuses forms that other sites send in a visitor's name.
func (s *Site) protect(next http.Handler) http.Handler {
	protection := http.NewCrossOriginProtection()
	protection.SetDenyHandler(s.Handle(func(http.ResponseWriter, *http.Request) error {
		return errCrossOrigin
	}))
	return protection.Handler(next)
}

// WithHeaders tells browsers what our pages never do.
func (s *Site) WithHeaders(next http.Handler) http.Handler {
	policy := strings.Join([]string{
		"default-src 'self'",
		"img-src 'self' blob: data:", // a picture that was chosen, before it is sent; drawn covers
		"object-src 'none'",
		"base-uri 'none'",
		"frame-ancestors 'none'",
		// Governs redirects after a form as well: to ourselves, and to the page
		// where Stripe takes cards.
		"form-action 'self' " + s.origin() + " https://checkout.stripe.com",
	}, "; ")
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		if s.secure() {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		next.ServeHTTP(w, r)
	})
}

func (s *Site) secure() bool { return s.PublicURL.Scheme == "https" }

func (s *Site) origin() string { return s.PublicURL.Scheme + "://" + s.PublicURL.Host }

// Absolute returns the public address of a path.
func (s *Site) Absolute(path string) string { return s.origin() + path }
