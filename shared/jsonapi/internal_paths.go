package jsonapi

import (
	"net/http"
	"path"
	"strings"

	"bookstore/shared/apierr"
	"bookstore/shared/httpserver"
	"bookstore/shared/servicekey"
)

var errForbidden = apierr.New(apierr.KindForbidden, apierr.CodeForbidden)

// RequireServiceKey guards the paths under /internal: a request with none of
// the keys (see servicekey.Check) is answered 403. No key lets nobody in.
func RequireServiceKey(keys string) func(http.Handler) http.Handler {
	accepted := servicekey.Accepted(keys)
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if isInternal(r.URL.Path) && !accepted(r.Header.Get(servicekey.Header)) {
				httpserver.WriteProblem(w, r, errForbidden)
				return
			}
			next.ServeHTTP(w, r)
		})
	}
}

func isInternal(p string) bool {
	p = path.Clean("/" + p)
	return p == "/internal" || strings.HasPrefix(p, "/internal/")
}
