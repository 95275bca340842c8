package httpx

import (
	"context"
	"net/http"
	"net/url"

	"bookstore/shared/internal/tracing"

	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"
)

// propagator carries a trace from process to process in W3C's traceparent.
var propagator = propagation.TraceContext{}

// serveTraced puts a span around each request, or where spans are not
// recorded, takes up the trace that the request belongs to.
func serveTraced(next http.Handler) http.Handler {
	traced := otelhttp.NewHandler(next, "",
		otelhttp.WithPropagators(propagator),
		otelhttp.WithSpanNameFormatter(func(_ string, r *http.Request) string { return boundedMethod(r.Method) }),
	)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if tracing.On() {
			traced.ServeHTTP(w, r)
			return
		}
		if r.Header.Get("Traceparent") != "" {
			r = r.WithContext(propagator.Extract(r.Context(), propagation.HeaderCarrier(r.Header)))
		}
		next.ServeHTTP(w, r)
	})
}

// describeSpan names the request's span by its route, and takes back what a
// path may hold that is secret.
func describeSpan(ctx context.Context, method, route, path string) {
	span := trace.SpanFromContext(ctx)
	if !span.IsRecording() {
		return
	}
	span.SetName(method + " " + route)
	span.SetAttributes(
		attribute.String("http.route", route),
		attribute.String("url.path", path),
		attribute.String("request.id", RequestID(ctx)),
	)
}

// tracedTransport puts a span around each try of a call that belongs to a
// trace. Calls that nobody waits for, such as polls, begin none.
type tracedTransport struct {
	plain, traced http.RoundTripper
}

func newTracedTransport(service string, plain http.RoundTripper) *tracedTransport {
	return &tracedTransport{
		plain: plain,
		traced: otelhttp.NewTransport(discreetTransport{plain},
			otelhttp.WithPropagators(propagator),
			otelhttp.WithSpanNameFormatter(func(_ string, r *http.Request) string { return r.Method + " " + service }),
		),
	}
}

// RoundTrip implements http.RoundTripper.
func (t *tracedTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	if !trace.SpanContextFromContext(r.Context()).IsValid() {
		return t.plain.RoundTrip(r)
	}
	if tracing.On() {
		return t.traced.RoundTrip(r)
	}
	r = r.Clone(r.Context())
	propagator.Inject(r.Context(), propagation.HeaderCarrier(r.Header))
	return t.plain.RoundTrip(r)
}

// discreetTransport takes path and query out of the span, for they may hold
// secrets.
type discreetTransport struct{ http.RoundTripper }

func (t discreetTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	origin := url.URL{Scheme: r.URL.Scheme, Host: r.URL.Host}
	trace.SpanFromContext(r.Context()).SetAttributes(attribute.String("url.full", origin.String()))
	return t.RoundTripper.RoundTrip(r)
}
