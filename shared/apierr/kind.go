package apierr

import "net/http"

// Kind says what a caller can do about an error. It decides the HTTP status.
type Kind int

// The kinds. Internal is the zero value, so that a forgotten kind leaks nothing.
const (
	KindInternal         Kind = iota // our fault
	KindMalformed                    // the request can't be read
	KindUnauthenticated              // sign in first
	KindForbidden                    // signed in, but not allowed
	KindNotFound                     // no such thing, or not the caller's to see
	KindMethodNotAllowed             // the path exists, the method does not
	KindConflict                     // the present state does not allow it
	KindTooLarge                     // the body is over the limit
	KindInvalid                      // well-formed, but against a rule; Fields says which
	KindRateLimited                  // too often; try again later
	KindUnavailable                  // try again later
)

var statuses = map[Kind]int{
	KindInternal:         http.StatusInternalServerError,
	KindMalformed:        http.StatusBadRequest,
	KindUnauthenticated:  http.StatusUnauthorized,
	KindForbidden:        http.StatusForbidden,
	KindNotFound:         http.StatusNotFound,
	KindMethodNotAllowed: http.StatusMethodNotAllowed,
	KindConflict:         http.StatusConflict,
	KindTooLarge:         http.StatusRequestEntityTooLarge,
	KindInvalid:          http.StatusUnprocessableEntity,
	KindRateLimited:      http.StatusTooManyRequests,
	KindUnavailable:      http.StatusServiceUnavailable,
}

var kinds = func() map[int]Kind {
	m := make(map[int]Kind, len(statuses))
	for kind, status := range statuses {
		m[status] = kind
	}
	return m
}()

// Status returns the HTTP status of k.
func (k Kind) Status() int {
	if status, ok := statuses[k]; ok {
		return status
	}
	return http.StatusInternalServerError
}

// KindOf returns the kind that is sent with this HTTP status. A status that
// no kind has is Malformed below 500 and Internal from there on.
func KindOf(status int) Kind {
	if kind, ok := kinds[status]; ok {
		return kind
	}
	if status >= 400 && status < 500 {
		return KindMalformed
	}
	return KindInternal
}
