// Package tracing is the switch between recording spans and doing without.
package tracing

import (
	"sync/atomic"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/trace"
	"go.opentelemetry.io/otel/trace/noop"
)

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

// On tells whether spans are recorded. While they are not, instrumentation is
// to be gone around, for even a span that is dropped costs.
func On() bool { return on.Load() }
