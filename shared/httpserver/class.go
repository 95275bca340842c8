package httpserver

import (
	"bytes"
	"errors"
	"io"
	"net/http"

	"bookstore/shared/internal/urgency"
)

// Class is a kind of request. When there are more than can be answered at once,
// each kind waits in a queue of its own (see Limits).
type Class = urgency.Class

// The kinds of requests, the most urgent first.
const (
	// Unqueued requests cost next to nothing and never wait.
	Unqueued = urgency.Unqueued
	// Checkout is whatever stands between a buyer and a paid order.
	Checkout = urgency.Checkout
	// Browsing is the ordinary kind.
	Browsing = urgency.Browsing
	// Search is whatever looks through many rows.
	Search = urgency.Search
	// Heavy is what takes long or much memory: uploads, passwords to be hashed.
	Heavy = urgency.Heavy
)

// readAhead is how much of a request's body is read before it waits for its
// turn, in bytes: all forms and nearly all JSON. Who sends slowly then holds
// nobody up. What has more comes in as Heavy.
const readAhead = 64 << 10

// classify returns the class of r: what one of our processes says of a call it
// makes (it knows what for), or else what the route says.
func (o Options) classify(r *http.Request) Class {
	if c, ok := urgency.Parse(r.Header.Get(urgency.Header)); ok && o.ourOwn(r) {
		return c
	}
	return o.Class(r)
}

// withBodyRead returns r with the beginning of its body in memory, and whether
// that is all of it.
func withBodyRead(r *http.Request) (*http.Request, bool) {
	if r.Body == nil || r.Body == http.NoBody || r.ContentLength == 0 {
		return r, true
	}
	var ahead bytes.Buffer
	_, err := io.CopyN(&ahead, r.Body, readAhead)
	r = r.WithContext(r.Context())
	switch {
	case err == nil:
		r.Body = body{io.MultiReader(&ahead, r.Body), r.Body}
	case errors.Is(err, io.EOF):
		r.Body = body{&ahead, r.Body}
	default: // for the handler, which knows what to say of it
		r.Body = body{io.MultiReader(&ahead, brokenReader{err}), r.Body}
	}
	return r, err != nil
}

// body reads what was read ahead before the rest.
type body struct {
	io.Reader
	io.Closer
}

// brokenReader is a reader that returns an error.
type brokenReader struct{ err error }

// Read implements io.Reader.
func (r brokenReader) Read([]byte) (int, error) { return 0, r.err }
