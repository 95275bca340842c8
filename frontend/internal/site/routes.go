package site

import (
	"io/fs"
	"net/http"

	"bookstore/frontend/internal/ui"

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

// formRoute is a form of the site.
type formRoute struct {
	read func(http.ResponseWriter, *http.Request) (ui.Form, error)
	take FormHandler
	show FormPage // nil if nothing can be typed into it
}

// newRoutes returns the routes of router that are open to everybody.
func (s *Site) newRoutes(router *mux.Router) Routes {
	return Routes{s, router, func(h Handler) Handler { return h }}
}

// Get registers a page.
func (r Routes) Get(path string, h Handler) {
	r.router.Path(path).Methods(http.MethodGet, http.MethodHead).Handler(r.site.Handle(r.guard(h)))
}

// Form registers a form: take takes what was typed, and show shows it again
// where take returned an error that the visitor can mend.
func (r Routes) Form(path string, take FormHandler, show FormPage) {
	read := func(_ http.ResponseWriter, req *http.Request) (ui.Form, error) { return readForm(req) }
	r.post(path, formRoute{read, take, show})
}

// SignInForm is Form for the form to which visitors are sent who have to sign in.
// It gets the field next, and ui.FieldKept with a form to be shown with ShowKept.
func (r Routes) SignInForm(path string, take FormHandler, show FormPage) {
	r.site.signIn = show
	r.Form(path, take, show)
}

// FormWithFile is Form for a form with a file in the field of this name, of at
// most so many bytes.
func (r Routes) FormWithFile(path, field string, limit int64, take FormHandler, show FormPage) {
	r.site.uploads.Path(path).Methods(http.MethodPost)
	read := func(w http.ResponseWriter, req *http.Request) (ui.Form, error) {
		return readUpload(w, req, field, limit)
	}
	r.post(path, formRoute{read, take, show})
}

// Action registers what a button does. What it returns is shown as a page of
// its own.
func (r Routes) Action(path string, take FormHandler) {
	r.Form(path, take, nil)
}

func (r Routes) post(path string, f formRoute) {
	answer := r.guard(func(w http.ResponseWriter, req *http.Request) error { return r.site.answerForm(w, req, f) })
	r.router.Path(path).Methods(http.MethodPost).Handler(r.site.Handle(func(w http.ResponseWriter, req *http.Request) error {
		visitorFrom(req.Context()).form = &f // from here on, what was typed can be kept
		return answer(w, req)
	}))
	if f.show != nil {
		r.site.keptForms.Path(path).Handler(r.site.Handle(r.guard(r.site.showKept(f.show))))
	}
}

// behind returns the routes that open only to whom g lets through as well.
func (r Routes) behind(g func(Handler) Handler) Routes {
	before := r.guard
	r.guard = func(h Handler) Handler { return before(g(h)) }
	return r
}

// Kept returns the routes of pages that the browser may keep, and bring back as
// they were left when its Back button is pressed. Nothing on them is private but
// the visitor's name and the number in the cart.
func (r Routes) Kept() Routes {
	return r.behind(func(h Handler) Handler {
		return func(w http.ResponseWriter, req *http.Request) error {
			w.Header().Set("Cache-Control", "private, no-cache")
			return h(w, req)
		}
	})
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
