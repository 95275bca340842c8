package sqldb_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"bookstore/shared/internal/tracing"
	"bookstore/shared/sqldb"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
)

func TestStatementsOfATraceAreSpansWithoutTheirValues(t *testing.T) {
	exporter := tracetest.NewInMemoryExporter()
	provider := sdktrace.NewTracerProvider(sdktrace.WithSyncer(exporter))
	tracing.Start(provider)
	t.Cleanup(tracing.Stop)
	db := open(t, "sqlite:"+filepath.Join(t.TempDir(), "test.db"), migrations)

	insert(t, db, "of no trace", 1)
	if spans := exporter.GetSpans(); len(spans) != 0 {
		t.Errorf("got %d spans outside a trace, the first %q", len(spans), spans[0].Name)
	}

	ctx, parent := provider.Tracer("test").Start(t.Context(), "request")
	if _, err := sqldb.InsertID(ctx, db.Writer(), insertItem("secret name", 1)); err != nil {
		t.Fatal(err)
	}
	spans := exporter.GetSpans()
	if len(spans) == 0 {
		t.Fatal("got no span")
	}
	for _, span := range spans {
		if span.Parent.SpanID() != parent.SpanContext().SpanID() {
			t.Errorf("%s is no child of the request", span.Name)
		}
	}
	if text := fmt.Sprint(spans); !strings.Contains(text, "INSERT INTO items") || strings.Contains(text, "secret name") {
		t.Errorf("want the statement without its values: %s", text)
	}
}
