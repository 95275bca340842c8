package site

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"time"

	"bookstore/frontend/internal/ui"
	"bookstore/shared/apierr"
	"bookstore/shared/authapi"
	"bookstore/shared/token"

	"github.com/gorilla/sessions"
)

const (
	// refreshBefore is how long before its end an access token is replaced.
	refreshBefore = time.Minute
	// refreshTimeout bounds what a page waits for a new token.
	refreshTimeout = 2 * time.Second
)

// session is what the encrypted cookie of a signed-in visitor holds. Who they
// are is kept beside the token, so that it is known while authsvc is away.
type session struct {
	Access    string
	Refresh   string
	ExpiresAt time.Time // of Access
	User      ui.User
}

func newSessionStore(cfg Config) *sessions.CookieStore {
	store := sessions.NewCookieStore(cfg.SessionKeys...)
	store.Options = &sessions.Options{
		Path: "/", HttpOnly: true, SameSite: http.SameSiteLaxMode,
		Secure: cfg.PublicURL.Scheme == "https",
	}
	store.MaxAge(int(sessionLife.Seconds()))
	return store
}

// sessionCookie is the cookie's name: browsers accept the prefix only over
// https, and then from no other host.
func (s *Site) sessionCookie() string {
	if s.secure() {
		return "__Host-session"
	}
	return "session"
}

// readSession returns the session in the request's cookie, nil if there is
// none that we wrote.
func (s *Site) readSession(r *http.Request) *session {
	if cookie(r, s.sessionCookie()) == "" {
		return nil
	}
	stored, err := s.sessions.New(r, s.sessionCookie())
	if err != nil {
		return nil // its keys were retired, or somebody made it up
	}
	text := func(key string) string { v, _ := stored.Values[key].(string); return v }
	number := func(key string) int64 { v, _ := stored.Values[key].(int64); return v }
	return &session{
		Access:    text("access"),
		Refresh:   text("refresh"),
		ExpiresAt: time.Unix(number("expires"), 0),
		User:      ui.User{ID: number("id"), Name: text("name"), Role: token.Role(text("role"))},
	}
}

func (s *Site) saveSession(w http.ResponseWriter, r *http.Request, sess *session) error {
	stored := sessions.NewSession(s.sessions, s.sessionCookie())
	options := *s.sessions.Options
	stored.Options = &options
	stored.Values = map[any]any{
		"access": sess.Access, "refresh": sess.Refresh, "expires": sess.ExpiresAt.Unix(),
		"id": sess.User.ID, "name": sess.User.Name, "role": string(sess.User.Role),
	}
	dropCookie(w, s.sessionCookie())
	return s.sessions.Save(r, w, stored)
}

// SignIn makes the visitor the holder of a grant, from this request on.
func (s *Site) SignIn(w http.ResponseWriter, r *http.Request, g authapi.Grant) error {
	v := visitorFrom(r.Context())
	v.session = sessionOf(g, v.session)
	v.needsCookie = true
	return s.saveSession(w, r, v.session)
}

// SignOut makes the visitor a guest, from this request on.
func (s *Site) SignOut(w http.ResponseWriter, r *http.Request) {
	visitorFrom(r.Context()).session = nil
	s.dropSession(w)
}

// dropSession takes the session out of the browser, with the pages that it kept
// while the visitor was signed in. Nothing else is cleared: the other cookies
// are the visitor's choices.
func (s *Site) dropSession(w http.ResponseWriter) {
	s.expireCookie(w, s.sessionCookie())
	w.Header().Set("Clear-Site-Data", `"cache"`)
}

// sessionOf returns the session that a grant makes. A grant without a refresh
// token goes on with the previous one.
func sessionOf(g authapi.Grant, previous *session) *session {
	refresh := g.RefreshToken
	if refresh == "" && previous != nil {
		refresh = previous.Refresh
	}
	return &session{
		Access: g.AccessToken, Refresh: refresh, ExpiresAt: g.ExpiresAt,
		User: ui.User{ID: g.User.ID, Name: g.User.Name, Role: g.User.Role},
	}
}

// currentSession returns the visitor's session with a token that is good for a
// while, fetching a new one if need be. Only authsvc's word ends a session:
// while it can't be asked, the visitor stays who they are.
func (s *Site) currentSession(w http.ResponseWriter, r *http.Request) *session {
	sess := s.readSession(r)
	if sess == nil || s.usable(r.Context(), sess) {
		return sess
	}
	renewed, err := s.renew(r.Context(), sess)
	switch {
	case apierr.IsKind(err, apierr.KindUnauthenticated):
		s.dropSession(w)
		return nil
	case err != nil:
		slog.WarnContext(r.Context(), "access token not renewed", "error", err)
		return sess
	}
	if err := s.saveSession(w, r, renewed); err != nil {
		slog.ErrorContext(r.Context(), "session not saved", "error", err)
	}
	return renewed
}

func (s *Site) usable(ctx context.Context, sess *session) bool {
	claims, err := s.Verifier.Verify(ctx, sess.Access)
	if errors.Is(err, token.ErrUnavailable) {
		return time.Now().Before(sess.ExpiresAt)
	}
	return err == nil && !s.Revocations.Revoked(claims.SessionID) && time.Until(claims.ExpiresAt) > refreshBefore
}

// renew asks authsvc for a new access token, once for all requests of the
// session that are under way here.
func (s *Site) renew(ctx context.Context, sess *session) (*session, error) {
	result, err, _ := s.refresh.Do(sess.Refresh, func() (any, error) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), refreshTimeout)
		defer cancel()
		return s.Auth.Refresh(ctx, sess.Refresh)
	})
	if err != nil {
		return nil, err
	}
	return sessionOf(result.(authapi.Grant), sess), nil
}

// RenewName takes a changed name into the session. If authsvc can't say it now,
// the next refresh brings it.
func (s *Site) RenewName(w http.ResponseWriter, r *http.Request) {
	renewed, err := s.renew(r.Context(), visitorFrom(r.Context()).session)
	if err == nil {
		err = s.saveSession(w, r, renewed)
	}
	if err != nil {
		slog.WarnContext(r.Context(), "session keeps the old name", "error", err)
	}
}
