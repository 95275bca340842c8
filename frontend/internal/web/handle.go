package web

import (
	"net/http"

	"github.com/gorilla/mux"
)

// handlerFunc answers a request, or returns why it can't; the error is then
// shown as a page, or as a message for a partial request (see fail).
type handlerFunc func(w http.ResponseWriter, r *http.Request) error

func (s *Server) handle(h handlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := h(w, r); err != nil {
			s.fail(w, r, err)
		}
	})
}

// get registers a page.
func (s *Server) get(r *mux.Router, path string, h handlerFunc) {
	r.Path(path).Methods(http.MethodGet, http.MethodHead).Handler(s.handle(h))
}

// post registers what a form does.
func (s *Server) post(r *mux.Router, path string, h handlerFunc) {
	r.Path(path).Methods(http.MethodPost).Handler(s.handle(h))
}

// signedIn lets only signed-in visitors through; others are sent to sign in
// and come back.
func (s *Server) signedIn(h handlerFunc) handlerFunc {
	return func(w http.ResponseWriter, r *http.Request) error {
		if userFrom(r.Context()) == nil {
			return errUnauthenticated
		}
		return h(w, r)
	}
}

// seller lets sellers through, and admins, who may sell as well; other users
// are shown how to become one.
func (s *Server) seller(h handlerFunc) handlerFunc {
	return s.signedIn(func(w http.ResponseWriter, r *http.Request) error {
		if user := userFrom(r.Context()); !user.IsSeller() && !user.IsAdmin() {
			return s.redirect(w, r, "/selling")
		}
		return h(w, r)
	})
}

// admin lets only admins through.
func (s *Server) admin(h handlerFunc) handlerFunc {
	return s.signedIn(func(w http.ResponseWriter, r *http.Request) error {
		if !userFrom(r.Context()).IsAdmin() {
			return errForbidden
		}
		return h(w, r)
	})
}
