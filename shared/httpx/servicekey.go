package httpx

import (
	"crypto/sha256"
	"crypto/subtle"
	"fmt"
	"net/http"
	"path"
	"strings"
)

// ServiceKeyHeader carries the key by which our services know each other.
const ServiceKeyHeader = "Service-Key"

// minServiceKey is how long such a key must be, in characters.
const minServiceKey = 32

// CheckServiceKeys returns an error, which goes on from the setting's name,
// unless keys are good: one, or several with commas in between. The first is
// sent and all are accepted, so that services that restart one after the other
// can change from one to the next.
func CheckServiceKeys(keys string) error {
	for key := range strings.SplitSeq(keys, ",") {
		if len(key) < minServiceKey {
			return fmt.Errorf("must have at least %d characters, the same for every service; several have commas in between", minServiceKey)
		}
	}
	return nil
}

// sentServiceKey returns the one of the keys that is sent.
func sentServiceKey(keys string) string {
	first, _, _ := strings.Cut(keys, ",")
	return first
}

// RequireServiceKey guards the paths under /internal: a request with none of
// the keys (see CheckServiceKeys) is answered 403. No key lets nobody in.
func RequireServiceKey(keys string) func(http.Handler) http.Handler {
	var accepted [][sha256.Size]byte
	for key := range strings.SplitSeq(keys, ",") {
		if key != "" {
			accepted = append(accepted, sha256.Sum256([]byte(key)))
		}
	}
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if isInternal(r.URL.Path) && !isAmong(accepted, r.Header.Get(ServiceKeyHeader)) {
				WriteProblem(w, r, errForbidden)
				return
			}
			next.ServeHTTP(w, r)
		})
	}
}

// isAmong compares hashes, so that the time it takes tells nothing of a key.
func isAmong(accepted [][sha256.Size]byte, key string) bool {
	sum, known := sha256.Sum256([]byte(key)), 0
	for _, want := range accepted {
		known |= subtle.ConstantTimeCompare(sum[:], want[:])
	}
	return known == 1
}

func isInternal(p string) bool {
	p = path.Clean("/" + p)
	return p == "/internal" || strings.HasPrefix(p, "/internal/")
}
