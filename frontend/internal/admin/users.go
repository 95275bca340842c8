package admin

import (
	"net/http"
	"net/url"

	"bookstore/frontend/internal/site"
	"bookstore/frontend/internal/ui"
	"bookstore/shared/authapi"
	"bookstore/shared/token"
)

// listUsers answers GET /admin/users.
func (s pages) listUsers(w http.ResponseWriter, r *http.Request) error {
	q := authapi.UserQuery{
		Q:      site.Shorten(r.FormValue("q"), 200),
		Role:   site.OneOf(r.FormValue("role"), []string{string(token.Buyer), string(token.Seller), string(token.Admin)}),
		Cursor: r.FormValue("cursor"),
	}
	users, err := s.Auth.Users(s.Call(r), q)
	if err != nil {
		return err
	}
	list := Users{Q: q.Q, Role: q.Role, Items: users.Items, Self: site.UserFrom(r).ID}
	if users.NextCursor != "" {
		list.NextURL = "/admin/users?" + url.Values{"q": {q.Q}, "role": {q.Role}, "cursor": {users.NextCursor}}.Encode()
	}
	return s.Render(w, r, http.StatusOK, UsersPage(s.Page(r, site.Words(r).T("users.title")), list), nil)
}

// updateUser answers POST /admin/users/{id}: a new role or status.
func (s pages) updateUser(w http.ResponseWriter, r *http.Request, form *ui.Form) error {
	id, err := site.PathID(r)
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
	if _, err := s.Auth.UpdateUser(s.Call(r), id, change); err != nil {
		return err
	}
	s.Flash(w, ui.FlashSuccess, "flash.user_saved")
	return s.Redirect(w, r, site.Here(r))
}
