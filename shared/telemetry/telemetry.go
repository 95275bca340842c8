// Package telemetry lets people see inside a running process: traces sent to a
// collector, metrics for Prometheus and a status page.
package telemetry

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"time"

	"bookstore/shared/internal/build"
	"bookstore/shared/internal/tracing"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	semconv "go.opentelemetry.io/otel/semconv/v1.37.0"
)

const (
	// FlushTimeout bounds what the end of a process waits for the collector of traces.
	FlushTimeout = 3 * time.Second
	// exportErrorPause is the least time between two log lines about a collector
	// that does not take the traces.
	exportErrorPause = time.Minute
)

// Telemetry is what a process shows of itself.
type Telemetry struct {
	service  string
	started  time.Time
	provider *sdktrace.TracerProvider // nil: traces are off
}

// Start starts sending traces if the environment names a collector, in
// OpenTelemetry's own variables (OTEL_EXPORTER_OTLP_ENDPOINT and its kin, the
// sampler, resource attributes). Otherwise it leaves them off, which costs
// nothing. Traces that others have begun are carried on either way.
//
// It comes before sqldb.Open, which traces statements only if told so by then.
// It returns an error for settings that can't be followed; a collector that is
// away is none.
func Start(ctx context.Context, service string) (*Telemetry, error) {
	t := &Telemetry{service: service, started: time.Now().UTC()}
	t.publishBuild()
	otel.SetTextMapPropagator(propagation.TraceContext{})
	if !wantsTraces() {
		return t, nil
	}
	if err := checkProtocol(); err != nil {
		return nil, err
	}
	exporter, err := otlptracehttp.New(ctx)
	if err != nil {
		return nil, fmt.Errorf("send traces: %w", err)
	}
	about, err := describe(ctx, service)
	if err != nil {
		return nil, err
	}
	t.provider = sdktrace.NewTracerProvider(sdktrace.WithBatcher(exporter), sdktrace.WithResource(about))
	otel.SetErrorHandler(&exportErrors{})
	tracing.Start(t.provider)
	slog.InfoContext(ctx, "sending traces")
	return t, nil
}

// Shutdown sends the traces that are still here, for a few seconds at most.
// It is to be called when the process has served its last request.
func (t *Telemetry) Shutdown() {
	if t.provider == nil {
		return
	}
	tracing.Stop()
	ctx, cancel := context.WithTimeout(context.Background(), FlushTimeout)
	defer cancel()
	if err := t.provider.Shutdown(ctx); err != nil {
		slog.Warn("last traces not sent", "error", err)
	}
}

// wantsTraces follows OpenTelemetry's variables, but where they would send
// traces to localhost by default, it needs to be asked.
func wantsTraces() bool {
	if os.Getenv("OTEL_SDK_DISABLED") == "true" {
		return false
	}
	switch os.Getenv("OTEL_TRACES_EXPORTER") {
	case "none":
		return false
	case "otlp":
		return true
	}
	return os.Getenv("OTEL_EXPORTER_OTLP_ENDPOINT") != "" || os.Getenv("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT") != ""
}

const onlyProtocol = "http/protobuf"

func checkProtocol() error {
	for _, name := range []string{"OTEL_EXPORTER_OTLP_PROTOCOL", "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL"} {
		if value := os.Getenv(name); value != "" && value != onlyProtocol {
			return fmt.Errorf("%s must be %s, not %q", name, onlyProtocol, value)
		}
	}
	return nil
}

// describe says where spans come from. What the environment says goes first.
func describe(ctx context.Context, service string) (*resource.Resource, error) {
	about, err := resource.New(ctx,
		resource.WithTelemetrySDK(),
		resource.WithHost(),
		resource.WithProcessPID(),
		resource.WithAttributes(semconv.ServiceName(service), semconv.ServiceVersion(build.Current().Version)),
		resource.WithFromEnv(),
	)
	if err != nil && !errors.Is(err, resource.ErrPartialResource) {
		return nil, fmt.Errorf("OTEL_RESOURCE_ATTRIBUTES can't be read: %w", err)
	}
	return about, nil
}
