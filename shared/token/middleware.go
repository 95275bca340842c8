package token

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"

	"bookstore/shared/apierr"
	"bookstore/shared/httpserver"
)

var (
	errUnauthenticated = apierr.New(apierr.KindUnauthenticated, apierr.CodeUnauthenticated)
	errCannotVerify    = apierr.New(apierr.KindUnavailable, apierr.CodeUnavailable)
)

// Middleware finds out who calls and puts it into the context, for From. A
// call without an Authorization header is anonymous. A bad, expired or revoked
// token is answered 401 "unauthenticated"; one that can't be judged, 503.
func Middleware(v *Verifier, r *Revocations) func(http.Handler) http.Handler {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
			header := req.Header.Get("Authorization")
			if header == "" {
				next.ServeHTTP(w, req)
				return
			}
			claims, err := authenticate(req, header, v, r)
			if err != nil {
				httpserver.WriteProblem(w, req, err)
				return
			}
			httpserver.Annotate(req.Context(), slog.Int64("user_id", claims.UserID))
			next.ServeHTTP(w, req.WithContext(With(req.Context(), claims)))
		})
	}
}

func authenticate(req *http.Request, header string, v *Verifier, r *Revocations) (Claims, error) {
	scheme, raw, _ := strings.Cut(header, " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return Claims{}, errUnauthenticated
	}
	claims, err := v.Verify(req.Context(), strings.TrimSpace(raw))
	switch {
	case errors.Is(err, ErrUnavailable):
		return Claims{}, fmt.Errorf("%w: %w", errCannotVerify, err)
	case err != nil, r.Revoked(claims.SessionID):
		return Claims{}, errUnauthenticated
	}
	return claims, nil
}
