package web

import (
	"net/http"

	"bookstore/frontend/internal/i18n"

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
	}
	switch theme := form.Value("theme"); theme {
	case "light", "dark":
		s.setCookie(w, themeCookie, theme, yearSeconds)
	case "auto":
		s.expireCookie(w, themeCookie)
	}
	return s.redirect(w, r, localPath(form.Value("next"), "/"))
}
