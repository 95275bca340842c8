package admin

import (
	"context"
	"net/http"
	"strconv"

	"bookstore/frontend/internal/site"
	"bookstore/frontend/internal/ui"
	"bookstore/shared/mailapi"

	"github.com/gorilla/mux"
)

// ofAccounts names the mails about accounts in addresses and forms; without
// it, those about orders are meant.
const ofAccounts = "accounts"

// listMails answers GET /admin/mails.
func (s pages) listMails(w http.ResponseWriter, r *http.Request) error {
	of, list := r.URL.Query().Get("of"), s.Shop.Mails
	if of == ofAccounts {
		list = s.Auth.Mails
	}
	mails, err := list(s.Call(r), mailapi.Query{Cursor: r.URL.Query().Get("cursor")})
	if err != nil {
		return err
	}
	p := s.Page(r, site.Words(r).T("mails.title"))
	return s.Render(w, r, http.StatusOK, AdminMailsPage(p, of, mails.Items, site.NextURL(r, mails.NextCursor)), nil)
}

// resendMail answers POST /admin/mails/{id}/resend.
func (s pages) resendMail(w http.ResponseWriter, r *http.Request, form *ui.Form) error {
	id, err := strconv.ParseInt(mux.Vars(r)["id"], 10, 64)
	if err != nil {
		return err // the path holds nothing but digits
	}
	var resend func(context.Context, int64) error = s.Shop.SendMailAgain
	back := "/admin/mails"
	if form.Value("of") == ofAccounts {
		resend, back = s.Auth.SendMailAgain, back+"?of="+ofAccounts
	}
	if err := resend(s.Call(r), id); err != nil {
		return err
	}
	s.Flash(w, ui.FlashSuccess, "flash.mail_resent")
	return s.Redirect(w, r, back)
}

// mailState returns what became of a mail, and how that looks.
func mailState(p ui.Page, m mailapi.Mail) (word, class string) {
	state := m.State
	if state == "" { // a release that did not say so
		state = mailapi.Queued
		if m.SentAt != nil {
			state = mailapi.Sent
		}
	}
	classes := map[string]string{mailapi.Sent: "is-done", mailapi.Failed: "is-failed", mailapi.Kept: "is-inactive"}
	class, ok := classes[state]
	if !ok {
		class = "is-pending"
	}
	return p.T("mails.state." + state), class
}
