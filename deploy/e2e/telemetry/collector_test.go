package telemetry

import (
	"compress/gzip"
	"encoding/hex"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"sync"

	"bookstore/deploy/internal/cluster"

	collectorpb "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	commonpb "go.opentelemetry.io/proto/otlp/common/v1"
	tracepb "go.opentelemetry.io/proto/otlp/trace/v1"
	"google.golang.org/protobuf/proto"
)

// tracedSpan is a span of OpenTelemetry's and the program that it comes from.
type tracedSpan struct {
	*tracepb.Span
	program string
}

func (s tracedSpan) trace() string { return hex.EncodeToString(s.TraceId) }

func (s tracedSpan) isSQL() bool {
	return slices.ContainsFunc(s.Attributes, func(a *commonpb.KeyValue) bool { return strings.HasPrefix(a.Key, "db.system") })
}

// collector takes traces as OpenTelemetry's does (OTLP over HTTP).
type collector struct {
	mu    sync.Mutex
	spans []tracedSpan
}

func (c *collector) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var batch collectorpb.ExportTraceServiceRequest
	if err := readProto(r, &batch); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, resource := range batch.ResourceSpans {
		program := ""
		for _, a := range resource.Resource.Attributes {
			if a.Key == "service.name" {
				program = a.Value.GetStringValue()
			}
		}
		for _, scope := range resource.ScopeSpans {
			for _, s := range scope.Spans {
				c.spans = append(c.spans, tracedSpan{s, program})
			}
		}
	}
}

func readProto(r *http.Request, into proto.Message) error {
	body := io.Reader(r.Body)
	if r.Header.Get("Content-Encoding") == "gzip" {
		unzipped, err := gzip.NewReader(r.Body)
		if err != nil {
			return err
		}
		body = unzipped
	}
	data, err := io.ReadAll(body)
	if err != nil {
		return err
	}
	return proto.Unmarshal(data, into)
}

// constraint is what a route's parameter must look like.
var constraint = regexp.MustCompile(`:[^/]*}`)

// of returns the spans of the latest trace that begins with the frontend's
// answer to a request, such as GET /books/{id}.
func (c *collector) of(request string) []tracedSpan {
	c.mu.Lock()
	defer c.mu.Unlock()
	trace := ""
	for _, s := range c.spans {
		if s.program == cluster.Frontend && constraint.ReplaceAllString(s.Name, "}") == request {
			trace = s.trace()
		}
	}
	var spans []tracedSpan
	for _, s := range c.spans {
		if s.trace() == trace {
			spans = append(spans, s)
		}
	}
	return spans
}
