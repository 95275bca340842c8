package httpclient_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"bookstore/shared/httpclient"
	"bookstore/shared/httpserver"
	"bookstore/shared/internal/tracing"
	"bookstore/shared/internal/webtest"

	"github.com/gorilla/mux"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace"
)

func recordSpans(t *testing.T) *tracetest.InMemoryExporter {
	t.Helper()
	exporter := tracetest.NewInMemoryExporter()
	tracing.Start(sdktrace.NewTracerProvider(sdktrace.WithSyncer(exporter)))
	t.Cleanup(tracing.Stop)
	return exporter
}

// serveChain serves a frontend that asks a backend, and returns its URL.
func serveChain(t *testing.T) string {
	t.Helper()
	router := mux.NewRouter()
	router.Use(httpserver.NameRoute)
	router.HandleFunc("/v1/resets/{token}", func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, `"`+r.Header.Get("Traceparent")+`"`)
	})
	backend := webtest.Serve(t, httpserver.Wrap(router, httpserver.Options{SecretPaths: []string{"/v1/resets/"}}))
	client := newClient(backend)
	frontend := webtest.Serve(t, httpserver.Wrap(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		parent, err := httpclient.Call[string](r.Context(), client, http.MethodGet, "/v1/resets/s3cret?token=s3cret", nil)
		if err != nil {
			httpserver.WriteProblem(w, r, err)
		}
		io.WriteString(w, parent)
	}), httpserver.Options{}))
	return frontend.URL
}

// traceIDs returns those of every line of a log.
func traceIDs(t *testing.T, log string) []string {
	t.Helper()
	var ids []string
	for line := range strings.Lines(log) {
		var fields struct {
			TraceID string `json:"trace_id"`
		}
		if err := json.Unmarshal([]byte(line), &fields); err != nil {
			t.Fatalf("%v in %q", err, line)
		}
		ids = append(ids, fields.TraceID)
	}
	return ids
}

func TestARequestAndTheCallsItCausesAreOneTrace(t *testing.T) {
	log := webtest.CaptureLog(t)
	exporter := recordSpans(t)
	webtest.Get(t, serveChain(t)+"/whatever")
	// The last to end is the first to begin, and its end is not waited for.
	webtest.Await(t, func() bool { return len(exporter.GetSpans()) == 3 })

	spans := exporter.GetSpans().Snapshots()
	want := []struct {
		name string
		kind trace.SpanKind
	}{
		{"GET /v1/resets/{token}", trace.SpanKindServer},
		{"GET testsvc", trace.SpanKindClient},
		{"GET other", trace.SpanKindServer},
	}
	for i, w := range want {
		span := spans[i]
		if span.Name() != w.name || span.SpanKind() != w.kind {
			t.Errorf("span %d: got %q (%v), want %q (%v)", i, span.Name(), span.SpanKind(), w.name, w.kind)
		}
		if i+1 < len(spans) && span.Parent().SpanID() != spans[i+1].SpanContext().SpanID() {
			t.Errorf("span %d is no child of the next", i)
		}
		if attributes := fmt.Sprint(span.Attributes()); strings.Contains(attributes, "s3cret") {
			t.Errorf("span %d tells a secret: %s", i, attributes)
		}
	}
	id := spans[0].SpanContext().TraceID().String()
	if ids := traceIDs(t, log.String()); len(ids) != 2 || ids[0] != id || ids[1] != id {
		t.Errorf("the log has the traces %v, want %s twice", ids, id)
	}
}

func TestATraceOfOthersIsCarriedOnWithoutRecordingIt(t *testing.T) {
	log := webtest.CaptureLog(t)
	const id = "0af7651916cd43dd8448eb211c80319c"
	const sent = "00-" + id + "-b7ad6b7169203331-01"
	url := serveChain(t)
	req, err := http.NewRequest(http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Traceparent", sent)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	if got := webtest.ReadAll(t, resp); got != sent {
		t.Errorf("the backend got the trace %q, want %q", got, sent)
	}
	if _, got := webtest.Get(t, url); got != "" {
		t.Errorf("without a trace the backend got %q", got)
	}
	webtest.Await(t, func() bool { return strings.Count(log.String(), "\n") == 4 })
	ids := traceIDs(t, log.String())
	if ids[0] != id || ids[1] != id || ids[2] != "" || ids[3] != "" {
		t.Errorf("the log has the traces %q", ids)
	}
}

func TestACallThatBelongsToNoTraceBeginsNone(t *testing.T) {
	webtest.CaptureLog(t)
	exporter := recordSpans(t)
	srv := webtest.Serve(t, http.NotFoundHandler())
	_ = newClient(srv).Do(t.Context(), http.MethodGet, "/", nil, nil)
	if spans := exporter.GetSpans(); len(spans) != 0 {
		t.Errorf("got %d spans", len(spans))
	}
}
