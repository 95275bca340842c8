package httpx

import (
	"crypto/sha256"
	"crypto/subtle"
	"net/http"
	"path"
	"strings"
)

// ServiceKeyHeader carries the key by which our services know each other.
const ServiceKeyHeader = "Service-Key"

// RequireServiceKey guards the paths under /internal: a request without the
// right key is answered 403. An empty key lets nobody in.
func RequireServiceKey(key string) func(http.Handler) http.Handler {
	want := sha256.Sum256([]byte(key))
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			got := sha256.Sum256([]byte(r.Header.Get(ServiceKeyHeader)))
			known := key != "" && subtle.ConstantTimeCompare(got[:], want[:]) == 1
			if isInternal(r.URL.Path) && !known {
				WriteProblem(w, r, errForbidden)
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
