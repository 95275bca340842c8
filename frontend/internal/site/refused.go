package site

import (
	"context"
	"log/slog"
	"net/http"

	"bookstore/frontend/internal/ui"
	"bookstore/shared/apierr"
	"bookstore/shared/httpserver"
)

type refusedKey struct{}

// Refused returns what answers requests that are not let in: with a small page
// that costs next to nothing. A form for which there is no room goes through
// pages instead, where nothing is done with it, for what was typed to be kept.
func (s *Site) Refused(pages http.Handler) func(http.ResponseWriter, *http.Request, *apierr.Error) {
	return func(w http.ResponseWriter, r *http.Request, why *apierr.Error) {
		next := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { s.plainProblem(w, r, why) })
		if !isRead(r) && s.MaxUpload(r) == 0 && why.Kind == apierr.KindUnavailable {
			next = pages.ServeHTTP
		}
		s.WithHeaders(next).ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), refusedKey{}, why)))
	}
}

// refusal returns why nothing is to be done for r, or nil.
func refusal(r *http.Request) error {
	if why, ok := r.Context().Value(refusedKey{}).(*apierr.Error); ok {
		return why
	}
	return nil
}

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
