package site

import (
	"context"
	"embed"
	"errors"
	"log/slog"
	"maps"
	"net/http"
	"slices"

	"bookstore/frontend/internal/ui"
	"bookstore/shared/apierr"
	"bookstore/shared/authapi"
	"bookstore/shared/httpserver"
	"bookstore/shared/i18n"
)

// fail answers a request whose handler returned err: visitors who have to sign
// in are sent there, a partial request gets a message at the top of its page,
// everything else a page that says what is wrong.
func (s *Site) fail(w http.ResponseWriter, r *http.Request, err error) {
	if errors.Is(err, context.Canceled) && r.Context().Err() != nil {
		return // the visitor has gone
	}
	e := s.classify(r, err)
	if e.Kind == apierr.KindUnauthenticated {
		err = s.askToSignIn(w, r)
	} else {
		err = s.renderProblem(w, r, e)
	}
	if err != nil {
		slog.ErrorContext(r.Context(), "error page not rendered", "error", err)
		http.Error(w, http.StatusText(http.StatusInternalServerError), http.StatusInternalServerError)
	}
}

// classify returns what may be said about err, and logs what is not the
// visitor's doing.
func (s *Site) classify(r *http.Request, err error) *apierr.Error {
	e, ok := apierr.As(err)
	switch {
	case !ok || e.Kind == apierr.KindInternal:
		slog.ErrorContext(r.Context(), "request failed", "error", err)
		return apierr.New(apierr.KindInternal, apierr.CodeInternal)
	case e.Kind == apierr.KindUnauthenticated && UserFrom(r) != nil:
		// A backend does not know a token that authsvc holds good. Signing in
		// again would not help.
		slog.WarnContext(r.Context(), "a backend refused a good token", "error", err)
		return apierr.New(apierr.KindUnavailable, apierr.CodeUnavailable)
	case e.Kind == apierr.KindUnavailable:
		slog.WarnContext(r.Context(), "request failed", "error", err)
	}
	return e
}

func (s *Site) renderProblem(w http.ResponseWriter, r *http.Request, e *apierr.Error) error {
	status := e.GetStatus()
	sayWhen(w, e)
	if IsPartial(r) {
		w.Header().Set("HX-Retarget", "#flash")
		w.Header().Set("HX-Reswap", "innerHTML")
		said := &ui.Flash{Kind: ui.FlashError, Text: Sentence(Words(r), e)}
		message := ui.FlashBar(s.Page(r, ""), said)
		return s.Render(w, r, status, message, message)
	}
	problem := describe(Words(r), e)
	if e.Kind == apierr.KindInternal {
		problem.RequestID = httpserver.RequestID(r.Context())
	}
	if problem.Retry {
		problem.Unsent = s.unsentForm(w, r)
	}
	return s.Render(w, r, status, ui.ProblemPage(s.Page(r, problem.Heading), problem), nil)
}

// unsentForm returns what can be sent again from the page that says why r could
// not be answered: nothing but what was typed, to be shown in its form, or else
// what r's button sends.
func (s *Site) unsentForm(w http.ResponseWriter, r *http.Request) *ui.UnsentForm {
	if kept := s.keep(w, r); kept != "" {
		next := LocalPath(r.URL.EscapedPath(), "/")
		return &ui.UnsentForm{Action: "/kept-form", Typed: true, Fields: []ui.FieldValue{{Name: ui.FieldKept, Value: kept}, {Name: "next", Value: next}}}
	}
	if fields := unsentFields(r); len(fields) > 0 {
		return &ui.UnsentForm{Action: LocalPath(r.URL.RequestURI(), "/"), Fields: fields}
	}
	return nil
}

// unsentFields returns what r's button sends, for its visitor to press it again;
// none if r sends nothing.
func unsentFields(r *http.Request) []ui.FieldValue {
	if isRead(r) {
		return nil
	}
	var fields []ui.FieldValue
	values := withoutSecrets(r.PostForm)
	for _, name := range slices.Sorted(maps.Keys(values)) {
		for _, value := range values[name] {
			fields = append(fields, ui.FieldValue{Name: name, Value: value})
		}
	}
	return fields
}

// Messages are the sentences about what went wrong.
//
//go:embed messages
var Messages embed.FS

// problemKeys begin the messages of a kind's error page.
var problemKeys = map[apierr.Kind]string{
	apierr.KindMalformed:        "problem.malformed",
	apierr.KindForbidden:        "problem.forbidden",
	apierr.KindNotFound:         "problem.not_found",
	apierr.KindMethodNotAllowed: "problem.malformed",
	apierr.KindConflict:         "problem.conflict",
	apierr.KindTooLarge:         "problem.too_large",
	apierr.KindInvalid:          "problem.invalid",
	apierr.KindRateLimited:      "problem.rate_limited",
	apierr.KindUnavailable:      "problem.unavailable",
	apierr.KindInternal:         "problem.internal",
}

// sayWhen says in the answer's header when to try again what came too often.
func sayWhen(w http.ResponseWriter, err error) {
	if e, ok := apierr.As(err); ok && e.Kind == apierr.KindRateLimited {
		httpserver.SetProblemHeaders(w.Header().Set, e)
	}
}

func describe(t *i18n.Translator, e *apierr.Error) ui.Problem {
	key, ok := problemKeys[e.Kind]
	if !ok {
		key = "problem.internal"
	}
	if e.Code == errCookiesRefused.Code {
		key = "problem.cookies_refused"
	}
	return ui.Problem{
		Status:  e.GetStatus(),
		Heading: t.T(key + ".heading"),
		Text:    Sentence(t, e),
		Retry:   e.Kind == apierr.KindUnavailable || e.Kind == apierr.KindInternal || e.Kind == apierr.KindRateLimited,
	}
}

// Sentence says what e means: its code's message, or its kind's.
func Sentence(t *i18n.Translator, e *apierr.Error) string {
	if seconds, ok := ErrorNumber(e.Params, "retry_after"); ok && e.Code == authapi.CodeTooManyAttempts {
		if seconds <= 90 {
			return t.N("error.too_many_attempts_seconds", int(seconds))
		}
		return t.N("error.too_many_attempts_for", int((seconds+59)/60))
	}
	if key := "error." + e.Code; t.Has(key) {
		return t.With(key, e.Params)
	}
	if key, ok := problemKeys[e.Kind]; ok {
		return t.T(key + ".text")
	}
	return t.T("problem.internal.text")
}

// IsCode reports whether err is a refusal with this code.
func IsCode(err error, code string) bool {
	e, ok := apierr.As(err)
	return ok && e.Code == code
}
