package site

import (
	"context"
	"log/slog"
	"net/http"

	"bookstore/frontend/internal/ui"
	"bookstore/shared/authapi"
	"bookstore/shared/i18n"
)

// setPreferences answers POST /preferences: the language or the appearance.
func (s *Site) setPreferences(w http.ResponseWriter, r *http.Request, form *ui.Form) error {
	if lang := form.Value("lang"); i18n.Speaks(lang) {
		s.setCookie(w, langCookie, lang, yearSeconds)
		visitorFrom(r.Context()).words = s.words.For(lang)
		s.keepLanguage(r, lang)
	}
	switch theme := form.Value("theme"); theme {
	case "light", "dark":
		s.setCookie(w, themeCookie, theme, yearSeconds)
		visitorFrom(r.Context()).theme = theme
	case "auto":
		s.expireCookie(w, themeCookie)
		visitorFrom(r.Context()).theme = ""
	}
	next := LocalPath(form.Value("next"), "/")
	if kept := form.Value(ui.FieldKept); kept != "" {
		return s.ShowKept(w, r, kept, next)
	}
	return s.Redirect(w, r, next)
}

// keepLanguage lets a signed-in visitor's mails follow the language of the
// pages. The choice holds for the pages even if authsvc can't be told.
func (s *Site) keepLanguage(r *http.Request, lang string) {
	if UserFrom(r) == nil {
		return
	}
	ctx, cancel := context.WithTimeout(s.Call(r), OrnamentTimeout)
	defer cancel()
	if _, err := s.Auth.UpdateMe(ctx, authapi.Profile{Language: &lang}); err != nil {
		slog.WarnContext(ctx, "language of mails not changed", "error", err)
	}
}
