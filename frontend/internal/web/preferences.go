package web

import (
	"context"
	"log/slog"
	"net/http"

	"bookstore/frontend/internal/i18n"
	"bookstore/shared/authapi"

	"github.com/gorilla/mux"
)

// preferenceRoutes registers the choice of language and appearance.
func (s *Server) preferenceRoutes(r *mux.Router) {
	s.post(r, "/preferences", s.setPreferences)
}

// setPreferences answers POST /preferences: the language or the appearance.
func (s *Server) setPreferences(w http.ResponseWriter, r *http.Request) error {
	form, err := readForm(r)
	if err != nil {
		return err
	}
	if lang := form.Value("lang"); i18n.Speaks(lang) {
		s.setCookie(w, langCookie, lang, yearSeconds)
		s.keepLanguage(r, lang)
	}
	switch theme := form.Value("theme"); theme {
	case "light", "dark":
		s.setCookie(w, themeCookie, theme, yearSeconds)
	case "auto":
		s.expireCookie(w, themeCookie)
	}
	return s.redirect(w, r, localPath(form.Value("next"), "/"))
}

// keepLanguage lets a signed-in visitor's mails follow the language of the
// pages. The choice holds for the pages even if authsvc can't be told.
func (s *Server) keepLanguage(r *http.Request, lang string) {
	if userFrom(r.Context()) == nil {
		return
	}
	ctx, cancel := context.WithTimeout(s.call(r), ornamentTimeout)
	defer cancel()
	if _, err := s.Auth.UpdateMe(ctx, authapi.Profile{Language: &lang}); err != nil {
		slog.WarnContext(ctx, "language of mails not changed", "error", err)
	}
}
