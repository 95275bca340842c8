package site

import (
	"io/fs"
	"net/http"

	"github.com/gorilla/mux"
)

// Area is a part of the shop: pages that belong together, and their words.
type Area struct {
	Routes func(*Site, Routes)
	// Messages are the files of the area's sentences, as shared/i18n reads them.
	Messages fs.FS
}

// Handler answers a request, or returns why it can't; the error is then shown
// as a page, or as a message for a partial request.
type Handler func(w http.ResponseWriter, r *http.Request) error

// Handle makes an HTTP handler of h.
func (s *Site) Handle(h Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := h(w, r); err != nil {
			s.fail(w, r, err)
		}
	})
}

// Routes registers pages and forms for the visitors to whom they are open.
type Routes struct {
	site   *Site
	router *mux.Router
	guard  func(Handler) Handler // lets through those to whom the routes are open
}

// newRoutes returns the routes of router that are open to everybody.
func (s *Site) newRoutes(router *mux.Router) Routes {
	return Routes{s, router, func(h Handler) Handler { return h }}
}

// Get registers a page.
func (r Routes) Get(path string, h Handler) {
	r.router.Path(path).Methods(http.MethodGet, http.MethodHead).Handler(r.site.Handle(r.guard(h)))
}

// Post registers what a form does.
func (r Routes) Post(path string, h Handler) {
	r.router.Path(path).Methods(http.MethodPost).Handler(r.site.Handle(r.guard(h)))
}

// behind returns the routes that open only to whom g lets through as well.
func (r Routes) behind(g func(Handler) Handler) Routes {
	before := r.guard
	r.guard = func(h Handler) Handler { return before(g(h)) }
	return r
}

// SignedIn returns the routes for signed-in visitors; others are sent to sign
// in and come back.
func (r Routes) SignedIn() Routes {
	return r.behind(func(h Handler) Handler {
		return func(w http.ResponseWriter, req *http.Request) error {
			if UserFrom(req) == nil {
				return errUnauthenticated
			}
			return h(w, req)
		}
	})
}

// Sellers returns the routes for sellers, and for admins, who may sell as well;
// other users are shown how to become one.
func (r Routes) Sellers() Routes {
	return r.SignedIn().behind(func(h Handler) Handler {
		return func(w http.ResponseWriter, req *http.Request) error {
			if user := UserFrom(req); !user.IsSeller() && !user.IsAdmin() {
				return r.site.Redirect(w, req, "/selling")
			}
			return h(w, req)
		}
	})
}

// Admins returns the routes for admins.
func (r Routes) Admins() Routes {
	return r.SignedIn().behind(func(h Handler) Handler {
		return func(w http.ResponseWriter, req *http.Request) error {
			if !UserFrom(req).IsAdmin() {
				return ErrForbidden
			}
			return h(w, req)
		}
	})
}
