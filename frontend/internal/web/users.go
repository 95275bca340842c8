package web

import (
	"net/http"
	"net/url"

	"bookstore/frontend/internal/view"
	"bookstore/shared/authapi"
	"bookstore/shared/token"

	"github.com/gorilla/mux"
)

// usersRoutes registers what admins do with accounts.
func (s *Server) usersRoutes(r *mux.Router) {
	s.get(r, "/admin/users", s.admin(s.listUsers))
	s.post(r, "/admin/users/{id:[0-9]+}", s.admin(s.updateUser))
}

// listUsers answers GET /admin/users.
func (s *Server) listUsers(w http.ResponseWriter, r *http.Request) error {
	q := authapi.UserQuery{
		Q:      shorten(r.FormValue("q"), 200),
		Role:   oneOf(r.FormValue("role"), []string{string(token.Buyer), string(token.Seller), string(token.Admin)}),
		Cursor: r.FormValue("cursor"),
	}
	users, err := s.Auth.Users(s.call(r), q)
	if err != nil {
		return err
	}
	list := view.Users{Q: q.Q, Role: q.Role, Items: users.Items, Self: userFrom(r.Context()).ID}
	if users.NextCursor != "" {
		list.NextURL = "/admin/users?" + url.Values{"q": {q.Q}, "role": {q.Role}, "cursor": {users.NextCursor}}.Encode()
	}
	return s.render(w, r, http.StatusOK, view.UsersPage(s.page(r, words(r).T("users.title")), list), nil)
}

// updateUser answers POST /admin/users/{id}: a new role or status.
func (s *Server) updateUser(w http.ResponseWriter, r *http.Request) error {
	id, err := pathID(r)
	if err != nil {
		return err
	}
	form, err := readForm(r)
	if err != nil {
		return err
	}
	var change authapi.AdminUpdate
	if role := token.Role(form.Value("role")); role != "" {
		change.Role = &role
	}
	if status := form.Value("status"); status != "" {
		change.Status = &status
	}
	if _, err := s.Auth.UpdateUser(s.call(r), id, change); err != nil {
		return err
	}
	s.flash(w, view.FlashSuccess, "flash.user_saved")
	return s.redirect(w, r, here(r))
}
