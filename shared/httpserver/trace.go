package httpserver

import (
	"context"
	"net/http"

	"bookstore/shared/internal/requestid"
	"bookstore/shared/internal/tracing"

	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"
)

// serveTraced puts a span around each request, or where spans are not
// recorded, takes up the trace that the request belongs to.
func serveTraced(next http.Handler) http.Handler {
	traced := otelhttp.NewHandler(next, "",
		otelhttp.WithPropagators(tracing.Propagator),
		otelhttp.WithSpanNameFormatter(func(_ string, r *http.Request) string { return boundedMethod(r.Method) }),
	)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if tracing.On() {
			traced.ServeHTTP(w, r)
			return
		}
		if r.Header.Get("Traceparent") != "" {
			r = r.WithContext(tracing.Propagator.Extract(r.Context(), propagation.HeaderCarrier(r.Header)))
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
		attribute.String("request.id", requestid.From(ctx)),
	)
}
