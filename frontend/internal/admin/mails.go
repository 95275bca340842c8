package admin

import (
	"net/http"

	"bookstore/frontend/internal/site"
	"bookstore/shared/shopapi"
)

// listMails answers GET /admin/mails.
func (s pages) listMails(w http.ResponseWriter, r *http.Request) error {
	mails, err := s.Shop.Mails(s.Call(r), shopapi.MailQuery{Cursor: r.URL.Query().Get("cursor")})
	if err != nil {
		return err
	}
	p := s.Page(r, site.Words(r).T("mails.title"))
	return s.Render(w, r, http.StatusOK, AdminMailsPage(p, mails.Items, site.NextURL(r, mails.NextCursor)), nil)
}
