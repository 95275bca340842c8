package httpclient

import (
	"net/http"
	"net/url"

	"bookstore/shared/internal/tracing"

	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"
)

// tracedTransport puts a span around each try of a call that belongs to a
// trace. Calls that nobody waits for, such as polls, begin none.
type tracedTransport struct {
	plain, traced http.RoundTripper
}

func newTracedTransport(service string, plain http.RoundTripper) *tracedTransport {
	return &tracedTransport{
		plain: plain,
		traced: otelhttp.NewTransport(originTransport{plain},
			otelhttp.WithPropagators(tracing.Propagator),
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
	tracing.Propagator.Inject(r.Context(), propagation.HeaderCarrier(r.Header))
	return t.plain.RoundTrip(r)
}

// originTransport leaves only scheme and host of the URL in the span, for path
// and query may hold secrets.
type originTransport struct{ http.RoundTripper }

func (t originTransport) RoundTrip(r *http.Request) (*http.Response, error) {
	origin := url.URL{Scheme: r.URL.Scheme, Host: r.URL.Host}
	trace.SpanFromContext(r.Context()).SetAttributes(attribute.String("url.full", origin.String()))
	return t.RoundTripper.RoundTrip(r)
}
