package httpserver

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"bookstore/shared/apierr"

	"github.com/gorilla/mux"
)

var (
	errInternal         = apierr.New(apierr.KindInternal, apierr.CodeInternal)
	errUnavailable      = apierr.New(apierr.KindUnavailable, apierr.CodeUnavailable)
	errNotFound         = apierr.New(apierr.KindNotFound, apierr.CodeNotFound)
	errMethodNotAllowed = apierr.New(apierr.KindMethodNotAllowed, apierr.CodeMethodNotAllowed)
	errBodyTooLarge     = apierr.New(apierr.KindTooLarge, apierr.CodeBodyTooLarge)
)

// retryAfter is what an "unavailable" answer asks its caller to wait, in seconds.
const retryAfter = "2"

// WriteProblem answers r with err as a problem document. An error that nobody
// classified is logged and leaves as a bland 500.
func WriteProblem(w http.ResponseWriter, r *http.Request, err error) {
	writeProblem(w, Problem(r.Context(), err))
}

// NotFound answers 404 as a problem document.
func NotFound(w http.ResponseWriter, r *http.Request) {
	WriteProblem(w, r, errNotFound)
}

// MethodNotAllowed answers 405 as a problem document, with the methods that
// router has for the path in Allow.
func MethodNotAllowed(router *mux.Router) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Allow", strings.Join(methodsFor(router, r), ", "))
		WriteProblem(w, r, errMethodNotAllowed)
	})
}

func methodsFor(router *mux.Router, r *http.Request) []string {
	all := []string{http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete}
	probe := r.Clone(r.Context())
	return slices.DeleteFunc(all, func(method string) bool {
		probe.Method = method
		var match mux.RouteMatch
		return !router.Match(probe, &match) || match.MatchErr != nil
	})
}

func writeProblem(w http.ResponseWriter, e *apierr.Error) {
	h := w.Header()
	h.Set("Content-Type", apierr.ContentType)
	h.Del("Content-Length")
	SetProblemHeaders(h.Set, e)
	w.WriteHeader(e.GetStatus())
	// A write fails only when the caller has gone.
	_ = json.NewEncoder(w).Encode(e)
}

// SetProblemHeaders sets the headers that an answer with e needs beside its
// content type.
func SetProblemHeaders(set func(key, value string), e *apierr.Error) {
	set("Cache-Control", "no-store")
	switch e.Kind {
	case apierr.KindUnavailable:
		set("Retry-After", retryAfter)
	case apierr.KindRateLimited:
		switch seconds := e.Params["retry_after"].(type) {
		case int:
			set("Retry-After", strconv.Itoa(seconds))
		case float64: // of an answer of another service
			set("Retry-After", strconv.Itoa(int(seconds)))
		}
	case apierr.KindUnauthenticated:
		set("WWW-Authenticate", "Bearer")
	}
}

// Problem returns the error that may be shown for err, and logs err if it is
// ours to mend.
func Problem(ctx context.Context, err error) *apierr.Error {
	e := publicError(err)
	switch {
	case errors.Is(err, context.Canceled) && ctx.Err() != nil:
		slog.InfoContext(ctx, "request abandoned by its caller", "error", err)
		return errUnavailable
	case e.Kind == apierr.KindInternal:
		slog.ErrorContext(ctx, "request failed", "error", err)
	case e.Kind == apierr.KindUnavailable:
		slog.WarnContext(ctx, "request failed", "error", err)
	}
	return e
}

// publicError keeps what callers can act on and hides everything else.
func publicError(err error) *apierr.Error {
	if e, ok := apierr.As(err); ok && e.Kind != apierr.KindInternal {
		return e
	}
	if tooLarge := (*http.MaxBytesError)(nil); errors.As(err, &tooLarge) {
		return errBodyTooLarge
	}
	if isUnavailable(err) {
		return errUnavailable
	}
	return errInternal
}

func isUnavailable(err error) bool {
	var u interface{ Unavailable() bool }
	return errors.As(err, &u) && u.Unavailable()
}
