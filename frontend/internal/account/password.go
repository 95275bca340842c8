package account

import (
	"net/http"

	"bookstore/frontend/internal/site"
	"bookstore/frontend/internal/ui"
	"bookstore/shared/authapi"
)

// resetCookie holds the token of a mail that lets a password be replaced.
const resetCookie = "reset"

// forgotPage answers GET /password/forgot.
func (s pages) forgotPage(w http.ResponseWriter, r *http.Request) error {
	return s.showForgot(w, r, http.StatusOK, ui.NewForm())
}

func (s pages) showForgot(w http.ResponseWriter, r *http.Request, status int, form ui.Form) error {
	return s.Render(w, r, status, ForgotPage(s.Page(r, site.Words(r).T("forgot.title")), form), nil)
}

// forgot answers POST /password/forgot, the same for whoever has an account and
// whoever has none.
func (s pages) forgot(w http.ResponseWriter, r *http.Request, form *ui.Form) error {
	if err := s.Auth.RequestReset(r.Context(), authapi.RequestReset{Email: form.Value("email")}); err != nil {
		return err
	}
	s.Flash(w, ui.FlashInfo, "flash.reset_sent")
	return s.Redirect(w, r, "/login")
}

// resetPage answers GET /password/reset, where a mail's link leads. Opening it
// changes nothing: programs that look for harm open the links of mails.
func (s pages) resetPage(w http.ResponseWriter, r *http.Request) error {
	if s.TakeMailToken(w, r, resetCookie) {
		return s.Redirect(w, r, "/password/reset")
	}
	return s.showReset(w, r, http.StatusOK, ui.NewForm())
}

func (s pages) showReset(w http.ResponseWriter, r *http.Request, status int, form ui.Form) error {
	p := s.Page(r, site.Words(r).T("reset.title"))
	return s.Render(w, r, status, ResetPage(p, form, site.MailToken(r, resetCookie) != ""), nil)
}

// reset answers POST /password/reset.
func (s pages) reset(w http.ResponseWriter, r *http.Request, form *ui.Form) error {
	err := s.Auth.ResetPassword(s.FromDevice(r.Context(), w, r), authapi.ResetPassword{
		Token: site.MailToken(r, resetCookie), NewPassword: form.Value("new_password"),
	})
	if err != nil {
		return err
	}
	s.DropMailToken(w, resetCookie)
	if site.UserFrom(r) != nil { // whoever it was: all sessions of the account are over
		s.SignOut(w, r)
	}
	s.Flash(w, ui.FlashSuccess, "flash.password_reset")
	return s.Redirect(w, r, "/login")
}
