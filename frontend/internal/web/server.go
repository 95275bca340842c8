// Package web answers browsers: it reads requests, asks the backends and hands
// the answers to package view. It keeps no state, so that any instance can
// answer any request.
package web

import (
	"net/http"
	"net/url"
	"strings"

	"bookstore/assets"
	"bookstore/shared/apierr"
	"bookstore/shared/authapi"
	"bookstore/shared/catalogapi"
	"bookstore/shared/httpserver"
	"bookstore/shared/shopapi"
	"bookstore/shared/token"

	"github.com/gorilla/mux"
	"github.com/gorilla/sessions"
	"golang.org/x/sync/singleflight"
)

// Config is what a Server works with.
type Config struct {
	PublicURL   *url.URL // where browsers reach the shop; its scheme decides about cookies
	Currency    string   // ISO 4217
	HomeCountry string   // ISO 3166-1 alpha-2
	SessionKeys [][]byte // pairs of a hash and an encryption key; the first pair writes, all read

	Auth        *authapi.Client
	Catalog     *catalogapi.Client
	Shop        *shopapi.Client
	Verifier    *token.Verifier
	Revocations *token.Revocations
}

// Server is the web shop.
type Server struct {
	Config
	books    *bookCache // public reads of the catalogue
	sessions *sessions.CookieStore
	refresh  singleflight.Group // one refresh per session at a time
}

// New returns the web shop's handler.
func New(cfg Config) http.Handler {
	s := &Server{Config: cfg, books: newBookCache(cfg.Catalog), sessions: newSessionStore(cfg)}

	files := mux.NewRouter()
	files.Use(httpserver.NameRoute)
	files.PathPrefix("/assets/").Handler(assets.Handler())
	files.Path("/covers/{name}.svg").Methods(http.MethodGet, http.MethodHead).Handler(compress(http.HandlerFunc(serveCover)))
	files.Path("/covers/{key:[0-9a-f]{64}}.jpg").Methods(http.MethodGet, http.MethodHead).HandlerFunc(s.servePicture)
	files.PathPrefix("/").Handler(compress(s.withVisitor(s.protect(s.pages()))))

	return httpserver.Wrap(s.withHeaders(files), httpserver.Options{IgnoreCacheControl: true, MaxUpload: maxUpload})
}

// pages returns the router of everything that is a page or a form. Each area
// registers its own routes.
func (s *Server) pages() *mux.Router {
	r := mux.NewRouter().StrictSlash(true)
	r.Use(httpserver.NameRoute)
	s.catalogueRoutes(r)
	s.preferenceRoutes(r)
	s.accountRoutes(r)
	s.sellingRoutes(r)
	s.usersRoutes(r)
	s.shoppingRoutes(r)
	r.NotFoundHandler = s.handle(func(http.ResponseWriter, *http.Request) error {
		return errNotFound
	})
	r.MethodNotAllowedHandler = s.handle(func(http.ResponseWriter, *http.Request) error {
		return errMethodNotAllowed
	})
	return r
}

var (
	errNotFound         = apierr.New(apierr.KindNotFound, "not_found")
	errMethodNotAllowed = apierr.New(apierr.KindMethodNotAllowed, "method_not_allowed")
	errForbidden        = apierr.New(apierr.KindForbidden, "forbidden")
	errUnauthenticated  = apierr.New(apierr.KindUnauthenticated, "unauthenticated")
	errCrossOrigin      = apierr.New(apierr.KindForbidden, "cross_origin")
	errMalformed        = apierr.New(apierr.KindMalformed, "malformed_body")
	errTooLarge         = apierr.New(apierr.KindTooLarge, "body_too_large")
)

// protect refuses forms that other sites send in a visitor's name.
func (s *Server) protect(next http.Handler) http.Handler {
	protection := http.NewCrossOriginProtection()
	protection.SetDenyHandler(s.handle(func(http.ResponseWriter, *http.Request) error {
		return errCrossOrigin
	}))
	return protection.Handler(next)
}

// withHeaders tells browsers what our pages never do.
func (s *Server) withHeaders(next http.Handler) http.Handler {
	policy := strings.Join([]string{
		"default-src 'self'",
		"img-src 'self' data:",
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

func (s *Server) secure() bool { return s.PublicURL.Scheme == "https" }

func (s *Server) origin() string { return s.PublicURL.Scheme + "://" + s.PublicURL.Host }

// absolute returns the public address of a path.
func (s *Server) absolute(path string) string { return s.origin() + path }
