package web

import (
	"context"
	"log/slog"
	"net/http"

	"bookstore/frontend/internal/view"
	"bookstore/shared/apierr"
	"bookstore/shared/authapi"
	"bookstore/shared/httpclient"

	"github.com/gorilla/mux"
	"golang.org/x/sync/errgroup"
)

// accountRoutes registers signing in and out, and a user's own account.
func (s *Server) accountRoutes(r *mux.Router) {
	s.get(r, "/login", s.loginPage)
	s.post(r, "/login", s.login)
	s.get(r, "/register", s.registerPage)
	s.post(r, "/register", s.register)
	s.post(r, "/logout", s.logout)
	s.get(r, "/account", s.signedIn(s.accountPage))
	s.post(r, "/account", s.signedIn(s.saveProfile))
	s.post(r, "/account/password", s.signedIn(s.changePassword))
	s.post(r, "/account/sessions", s.signedIn(s.endSession))
}

// loginPage answers GET /login.
func (s *Server) loginPage(w http.ResponseWriter, r *http.Request) error {
	next := localPath(r.FormValue("next"), "")
	if userFrom(r.Context()) != nil {
		return s.redirect(w, r, localPath(next, "/"))
	}
	return s.renderLogin(w, r, http.StatusOK, view.NewForm(), next)
}

func (s *Server) renderLogin(w http.ResponseWriter, r *http.Request, status int, form view.Form, next string) error {
	p := s.page(r, words(r).T("login.title"))
	return s.render(w, r, status, view.LoginPage(p, form, next), nil)
}

// login answers POST /login.
func (s *Server) login(w http.ResponseWriter, r *http.Request) error {
	form, err := readForm(r)
	if err != nil {
		return err
	}
	next := localPath(form.Value("next"), "")
	grant, err := s.Auth.Login(s.signInCall(r), authapi.Login{
		Email: form.Value("email"), Password: form.Value("password"), Language: language(r),
	})
	if err != nil {
		status, err := s.blameSignIn(r, &form, err)
		if err != nil {
			return err
		}
		return s.renderLogin(w, r, status, form, next)
	}
	return s.welcome(w, r, grant, next)
}

// registerPage answers GET /register.
func (s *Server) registerPage(w http.ResponseWriter, r *http.Request) error {
	next := localPath(r.FormValue("next"), "")
	if userFrom(r.Context()) != nil {
		return s.redirect(w, r, localPath(next, "/"))
	}
	return s.renderRegister(w, r, http.StatusOK, view.NewForm(), next)
}

func (s *Server) renderRegister(w http.ResponseWriter, r *http.Request, status int, form view.Form, next string) error {
	p := s.page(r, words(r).T("register.title"))
	return s.render(w, r, status, view.RegisterPage(p, form, next), nil)
}

// register answers POST /register: the account's owner is signed in at once.
func (s *Server) register(w http.ResponseWriter, r *http.Request) error {
	form, err := readForm(r)
	if err != nil {
		return err
	}
	next := localPath(form.Value("next"), "")
	grant, err := s.Auth.Register(s.signInCall(r), authapi.Register{
		Email: form.Value("email"), Password: form.Value("password"), Name: form.Value("name"), Language: language(r),
	})
	if err != nil {
		status, err := s.blameSignIn(r, &form, err)
		if err != nil {
			return err
		}
		return s.renderRegister(w, r, status, form, next)
	}
	return s.welcome(w, r, grant, next)
}

// signInCall is the context of a call that makes a session: anonymous, and
// with the browser's name, by which its owner knows the session later.
func (s *Server) signInCall(r *http.Request) context.Context {
	return httpclient.WithHeader(r.Context(), "User-Agent", shorten(r.UserAgent(), 400))
}

// blameSignIn is blame for forms that sign somebody in, where wrong credentials
// and suspended accounts are the form's own matter.
func (s *Server) blameSignIn(r *http.Request, form *view.Form, err error) (int, error) {
	if isCode(err, "bad_credentials") || isCode(err, "suspended") {
		e, _ := apierr.As(err)
		form.Problem = sentence(words(r), e)
		return http.StatusUnprocessableEntity, nil
	}
	return s.blame(r, form, err, nil)
}

// welcome signs a visitor in, with the cart they filled before, and sends them
// where they wanted to go.
func (s *Server) welcome(w http.ResponseWriter, r *http.Request, g authapi.Grant, next string) error {
	if err := s.signIn(w, r, g); err != nil {
		return err
	}
	s.mergeCart(w, r)
	return s.redirect(w, r, localPath(next, "/"))
}

// logout answers POST /logout. The cookie goes even if authsvc can't be told:
// its session then ends by itself.
func (s *Server) logout(w http.ResponseWriter, r *http.Request) error {
	if userFrom(r.Context()) != nil {
		if err := s.Auth.Logout(s.call(r)); err != nil && !apierr.IsKind(err, apierr.KindUnauthenticated) {
			slog.WarnContext(r.Context(), "session not ended", "error", err)
		}
		s.signOut(w, r)
		s.flash(w, view.FlashInfo, "flash.signed_out")
	}
	return s.redirect(w, r, "/")
}

// accountPage answers GET /account.
func (s *Server) accountPage(w http.ResponseWriter, r *http.Request) error {
	return s.renderAccount(w, r, http.StatusOK, view.Account{})
}

// renderAccount shows the account with the forms as they are in a; a form that
// is none yet shows what is stored.
func (s *Server) renderAccount(w http.ResponseWriter, r *http.Request, status int, a view.Account) error {
	ctx := s.call(r)
	var group errgroup.Group
	group.Go(func() error {
		var err error
		a.User, err = s.Auth.Me(ctx)
		return err
	})
	group.Go(func() error {
		ctx, cancel := context.WithTimeout(ctx, ornamentTimeout)
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
		a.Profile = view.NewForm("name", a.User.Name, "email", a.User.Email, "seller_name", a.User.SellerName)
	}
	return s.render(w, r, status, view.AccountPage(s.page(r, words(r).T("account.title")), a), nil)
}

// saveProfile answers POST /account.
func (s *Server) saveProfile(w http.ResponseWriter, r *http.Request) error {
	form, err := readForm(r)
	if err != nil {
		return err
	}
	name, email := form.Value("name"), form.Value("email")
	change := authapi.Profile{Name: &name, Email: &email}
	if form.Values.Has("seller_name") {
		sellerName := form.Value("seller_name")
		change.SellerName = &sellerName
	}
	if _, err := s.Auth.UpdateMe(s.call(r), change); err != nil {
		status, err := s.blame(r, &form, err, nil)
		if err != nil {
			return err
		}
		return s.renderAccount(w, r, status, view.Account{Profile: form})
	}
	s.renewName(w, r)
	s.flash(w, view.FlashSuccess, "flash.profile_saved")
	return s.redirect(w, r, "/account")
}

// renewName takes a changed name into the session. If authsvc can't say it now,
// the next refresh brings it.
func (s *Server) renewName(w http.ResponseWriter, r *http.Request) {
	renewed, err := s.renew(r.Context(), visitorFrom(r.Context()).session)
	if err == nil {
		err = s.saveSession(w, r, renewed)
	}
	if err != nil {
		slog.WarnContext(r.Context(), "session keeps the old name", "error", err)
	}
}

// changePassword answers POST /account/password.
func (s *Server) changePassword(w http.ResponseWriter, r *http.Request) error {
	form, err := readForm(r)
	if err != nil {
		return err
	}
	err = s.Auth.ChangePassword(s.call(r), authapi.ChangePassword{
		CurrentPassword: form.Value("current_password"), NewPassword: form.Value("new_password"),
	})
	if err != nil {
		status, err := s.blame(r, &form, err, nil)
		if err != nil {
			return err
		}
		return s.renderAccount(w, r, status, view.Account{Password: form})
	}
	s.flash(w, view.FlashSuccess, "flash.password_changed")
	return s.redirect(w, r, "/account")
}

// endSession answers POST /account/sessions: it signs another browser out.
func (s *Server) endSession(w http.ResponseWriter, r *http.Request) error {
	form, err := readForm(r)
	if err != nil {
		return err
	}
	err = s.Auth.EndSession(s.call(r), form.Value("session_id"))
	if err != nil && !apierr.IsKind(err, apierr.KindNotFound) { // gone already is as good
		return err
	}
	s.flash(w, view.FlashSuccess, "flash.session_ended")
	return s.redirect(w, r, "/account")
}
