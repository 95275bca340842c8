package account

import (
	"context"
	"log/slog"
	"net/http"

	"bookstore/frontend/internal/site"
	"bookstore/frontend/internal/ui"
	"bookstore/shared/apierr"
	"bookstore/shared/authapi"
	"bookstore/shared/httpclient"

	"golang.org/x/sync/errgroup"
)

// loginPage answers GET /login.
func (s pages) loginPage(w http.ResponseWriter, r *http.Request) error {
	next := site.LocalPath(r.FormValue("next"), "")
	if site.UserFrom(r) != nil {
		return s.Redirect(w, r, site.LocalPath(next, "/"))
	}
	return s.showLogin(w, r, http.StatusOK, ui.NewForm("next", next))
}

func (s pages) showLogin(w http.ResponseWriter, r *http.Request, status int, form ui.Form) error {
	p := s.Page(r, site.Words(r).T("login.title"))
	return s.Render(w, r, status, LoginPage(p, form, site.LocalPath(form.Value("next"), "")), nil)
}

// login answers POST /login.
func (s pages) login(w http.ResponseWriter, r *http.Request, form *ui.Form) error {
	grant, err := s.Auth.Login(s.signInCall(w, r), authapi.Login{
		Email: form.Value("email"), Password: form.Value("password"), Language: site.Words(r).Lang(),
	})
	if err != nil {
		return s.signInRefused(r, form, err)
	}
	return s.welcome(w, r, grant, form)
}

// registerPage answers GET /register.
func (s pages) registerPage(w http.ResponseWriter, r *http.Request) error {
	next := site.LocalPath(r.FormValue("next"), "")
	if site.UserFrom(r) != nil {
		return s.Redirect(w, r, site.LocalPath(next, "/"))
	}
	return s.showRegister(w, r, http.StatusOK, ui.NewForm("next", next))
}

func (s pages) showRegister(w http.ResponseWriter, r *http.Request, status int, form ui.Form) error {
	p := s.Page(r, site.Words(r).T("register.title"))
	return s.Render(w, r, status, RegisterPage(p, form, site.LocalPath(form.Value("next"), "")), nil)
}

// register answers POST /register: the account's owner is signed in at once.
func (s pages) register(w http.ResponseWriter, r *http.Request, form *ui.Form) error {
	form.Order = []string{"name", "email", "password"}
	grant, err := s.Auth.Register(httpclient.WithKey(s.signInCall(w, r), form.Value(ui.FieldFormKey)), authapi.Register{
		Email: form.Value("email"), Password: form.Value("password"), Name: form.Value("name"), Language: site.Words(r).Lang(),
	})
	if err != nil {
		return s.signInRefused(r, form, err)
	}
	return s.welcome(w, r, grant, form)
}

// signInCall is the context of a call that makes a session: anonymous, with the
// browser's name, by which its owner knows the session later, and its device.
func (s pages) signInCall(w http.ResponseWriter, r *http.Request) context.Context {
	ctx := httpclient.WithHeader(r.Context(), "User-Agent", site.Shorten(r.UserAgent(), 400))
	return s.FromDevice(ctx, w, r)
}

// signInRefused returns why nobody was signed in. Wrong credentials and
// suspended accounts are the form's own matter.
func (s pages) signInRefused(r *http.Request, form *ui.Form, err error) error {
	if site.IsCode(err, authapi.CodeBadCredentials) || site.IsCode(err, authapi.CodeSuspended) {
		e, _ := apierr.As(err)
		form.Problem = site.Sentence(site.Words(r), e)
		return form.Err()
	}
	return err
}

// welcome signs a visitor in, with the cart they filled before, and sends them
// where they wanted to go, or shows what they typed before.
func (s pages) welcome(w http.ResponseWriter, r *http.Request, g authapi.Grant, form *ui.Form) error {
	if err := s.SignIn(w, r, g); err != nil {
		return err
	}
	s.MergeCart(w, r)
	next := site.LocalPath(form.Value("next"), "/")
	if kept := form.Value(ui.FieldKept); kept != "" {
		return s.ShowKept(w, r, kept, next)
	}
	return s.Redirect(w, r, next)
}

// logout answers POST /logout. The cookie goes even if authsvc can't be told:
// its session then ends by itself.
func (s pages) logout(w http.ResponseWriter, r *http.Request, _ *ui.Form) error {
	if site.UserFrom(r) != nil {
		if err := s.Auth.Logout(s.Call(r)); err != nil && !apierr.IsKind(err, apierr.KindUnauthenticated) {
			slog.WarnContext(r.Context(), "session not ended", "error", err)
		}
		s.SignOut(w, r)
		s.Flash(w, ui.FlashInfo, "flash.signed_out")
	}
	return s.Redirect(w, r, "/")
}

// accountPage answers GET /account.
func (s pages) accountPage(w http.ResponseWriter, r *http.Request) error {
	return s.renderAccount(w, r, http.StatusOK, Account{})
}

// renderAccount shows the account with the forms as they are in a; a form that
// is none yet shows what is stored.
func (s pages) renderAccount(w http.ResponseWriter, r *http.Request, status int, a Account) error {
	ctx := s.Call(r)
	var group errgroup.Group
	group.Go(func() error {
		var err error
		a.User, err = s.Auth.Me(ctx)
		return err
	})
	group.Go(func() error {
		ctx, cancel := context.WithTimeout(ctx, site.OrnamentTimeout)
		defer cancel()
		sessions, err := s.Auth.Sessions(ctx)
		if err != nil {
			slog.InfoContext(ctx, "sessions not shown", "error", err)
		}
		a.Sessions = sessions.Items
		return nil
	})
	if err := group.Wait(); err != nil {
		return err
	}
	if a.Profile.Values == nil {
		a.Profile = ui.NewForm("name", a.User.Name, "email", a.User.Email, "seller_name", a.User.SellerName)
	}
	return s.Render(w, r, status, AccountPage(s.Page(r, site.Words(r).T("account.title")), a), nil)
}

func (s pages) showProfile(w http.ResponseWriter, r *http.Request, status int, form ui.Form) error {
	return s.renderAccount(w, r, status, Account{Profile: form})
}

func (s pages) showPassword(w http.ResponseWriter, r *http.Request, status int, form ui.Form) error {
	return s.renderAccount(w, r, status, Account{Password: form})
}

// saveProfile answers POST /account.
func (s pages) saveProfile(w http.ResponseWriter, r *http.Request, form *ui.Form) error {
	form.Order = []string{"name", "email", "seller_name"}
	name, email := form.Value("name"), form.Value("email")
	change := authapi.Profile{Name: &name, Email: &email}
	if form.Values.Has("seller_name") {
		sellerName := form.Value("seller_name")
		change.SellerName = &sellerName
	}
	if _, err := s.Auth.UpdateMe(s.Call(r), change); err != nil {
		return err
	}
	s.RenewName(w, r)
	s.Flash(w, ui.FlashSuccess, "flash.profile_saved")
	return s.Redirect(w, r, "/account")
}

// changePassword answers POST /account/password.
func (s pages) changePassword(w http.ResponseWriter, r *http.Request, form *ui.Form) error {
	form.Order = []string{"current_password", "new_password"}
	err := s.Auth.ChangePassword(s.Call(r), authapi.ChangePassword{
		CurrentPassword: form.Value("current_password"), NewPassword: form.Value("new_password"),
	})
	if err != nil {
		return err
	}
	s.Flash(w, ui.FlashSuccess, "flash.password_changed")
	return s.Redirect(w, r, "/account")
}
