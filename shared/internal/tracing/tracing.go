// Package tracing is the switch between recording spans and doing without, and
// the form in which a trace travels.
package tracing

import (
	"sync/atomic"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"
	"go.opentelemetry.io/otel/trace/noop"
)

// Propagator carries a trace from process to process in W3C's traceparent.
var Propagator = propagation.TraceContext{}

var on atomic.Bool

// Start has spans recorded by provider from now on.
func Start(provider trace.TracerProvider) {
	otel.SetTracerProvider(provider)
	on.Store(true)
}

// Stop ends the recording.
func Stop() {
	on.Store(false)
	otel.SetTracerProvider(noop.NewTracerProvider())
}

// On reports whether spans are recorded. While they are not, instrumentation is
// to be gone around, for even a span that is dropped costs.
func On() bool { return on.Load() }
