package web

import (
	"net/http"

	"bookstore/frontend/internal/view"
	"bookstore/shared/shopapi"
)

// listMails answers GET /admin/mails.
func (s *Server) listMails(w http.ResponseWriter, r *http.Request) error {
	mails, err := s.Shop.Mails(s.call(r), shopapi.MailQuery{Cursor: r.URL.Query().Get("cursor")})
	if err != nil {
		return err
	}
	p := s.page(r, words(r).T("mails.title"))
	return s.render(w, r, http.StatusOK, view.AdminMailsPage(p, mails.Items, nextURL(r, mails.NextCursor)), nil)
}
