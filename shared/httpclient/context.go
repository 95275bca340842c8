package httpclient

import (
	"context"
	"net/http"

	"bookstore/shared/idempotency"
	"bookstore/shared/internal/fresh"
)

type contextKey int

const (
	bearerKey contextKey = iota
	headersKey
	idempotentKey
)

// WithBearer returns a context whose outgoing calls carry token as
// "Authorization: Bearer". An empty token takes the header away again.
func WithBearer(ctx context.Context, token string) context.Context {
	return context.WithValue(ctx, bearerKey, token)
}

func bearer(ctx context.Context) string {
	token, _ := ctx.Value(bearerKey).(string)
	return token
}

// WithFresh returns a context that asks for reads that see every write so far:
// outgoing calls carry "Cache-Control: no-cache", and a database is read at
// its writer.
func WithFresh(ctx context.Context) context.Context {
	return fresh.With(ctx)
}

// IsFresh reports whether ctx asks for reads that see every write so far.
func IsFresh(ctx context.Context) bool {
	return fresh.Is(ctx)
}

// WithHeader returns a context whose outgoing calls carry one more header,
// such as Cart-Token.
func WithHeader(ctx context.Context, key, value string) context.Context {
	headers := extraHeaders(ctx).Clone()
	if headers == nil {
		headers = http.Header{}
	}
	headers.Set(key, value)
	return context.WithValue(ctx, headersKey, headers)
}

func extraHeaders(ctx context.Context) http.Header {
	headers, _ := ctx.Value(headersKey).(http.Header)
	return headers
}

// WithIdempotent returns a context whose outgoing calls may be repeated after
// a failure, whatever their method: the callee promises that a repetition has
// no further effect.
func WithIdempotent(ctx context.Context) context.Context {
	return context.WithValue(ctx, idempotentKey, true)
}

// WithKey returns a context whose outgoing call creates something once, however
// often it is repeated under key (see package idempotency). An empty key
// changes nothing.
func WithKey(ctx context.Context, key string) context.Context {
	if key == "" {
		return ctx
	}
	return WithIdempotent(WithHeader(ctx, idempotency.Header, key))
}

// WithOnce returns a context whose outgoing calls are not repeated once they
// may have arrived, whatever their method: each one has an effect of its own.
func WithOnce(ctx context.Context) context.Context {
	return context.WithValue(ctx, idempotentKey, false)
}

func isIdempotent(ctx context.Context, method string) bool {
	if promised, known := ctx.Value(idempotentKey).(bool); known {
		return promised
	}
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPut, http.MethodDelete:
		return true
	}
	return false
}
