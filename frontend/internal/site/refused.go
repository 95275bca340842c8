package site

import (
	"context"
	"log/slog"
	"net/http"

	"bookstore/frontend/internal/ui"
	"bookstore/shared/apierr"
	"bookstore/shared/httpserver"
)

type overloadedKey struct{}

// Refused answers requests for which there is no room: with a small page that
// costs next to nothing. A form goes through pages instead, where nothing is done
// with it, for what was typed to be kept.
func (s *Site) Refused(pages http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if isRead(r) || s.MaxUpload(r) > 0 {
			s.plainProblem(w, r, httpserver.ErrOverloaded)
			return
		}
		pages.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), overloadedKey{}, true)))
	})
}

// isOverloaded reports whether there is no room for what r asks.
func isOverloaded(r *http.Request) bool { return r.Context().Value(overloadedKey{}) != nil }

// plainProblem says what is wrong without a look at who asks and without a call
// of a backend.
func (s *Site) plainProblem(w http.ResponseWriter, r *http.Request, e *apierr.Error) {
	p := ui.Page{Translator: s.words.For(language(r)), Theme: theme(r)}
	problem := describe(p.Translator, e)
	p.Title = problem.Heading
	content := ui.PlainProblemPage(p, problem)
	h := w.Header()
	if IsPartial(r) {
		h.Set("HX-Retarget", "#flash")
		h.Set("HX-Reswap", "innerHTML")
		content = ui.FlashBar(p, &ui.Flash{Kind: ui.FlashError, Text: problem.Text})
	}
	httpserver.SetProblemHeaders(h.Set, e)
	h.Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(e.GetStatus())
	if err := content.Render(r.Context(), w); err != nil {
		slog.InfoContext(r.Context(), "error page not sent", "error", err)
	}
}
