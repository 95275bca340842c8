package telemetry_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"bookstore/shared/httpclient"
	"bookstore/shared/httpserver"
	"bookstore/shared/internal/tracing"
	"bookstore/shared/sqldb"
	"bookstore/shared/telemetry"

	"go.opentelemetry.io/otel"
)

// withoutSettings takes the environment's own telemetry settings away.
func withoutSettings(t *testing.T) {
	t.Helper()
	for _, name := range []string{
		"OTEL_SDK_DISABLED", "OTEL_TRACES_EXPORTER",
		"OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
		"OTEL_EXPORTER_OTLP_PROTOCOL", "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL",
	} {
		t.Setenv(name, "")
	}
}

func captureLog(t *testing.T) *bytes.Buffer {
	t.Helper()
	var log bytes.Buffer
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(&log, nil)))
	t.Cleanup(func() { slog.SetDefault(before) })
	return &log
}

func start(t *testing.T) *telemetry.Telemetry {
	t.Helper()
	tel, err := telemetry.Start(t.Context(), "testsvc")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(tel.Shutdown)
	return tel
}

// collector takes traces as OpenTelemetry's does.
type collector struct {
	mu     sync.Mutex
	bodies []byte
}

func (c *collector) ServeHTTP(_ http.ResponseWriter, r *http.Request) {
	data, _ := io.ReadAll(r.Body)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.bodies = append(append(c.bodies, r.URL.Path+" "...), data...)
}

func (c *collector) text() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return string(c.bodies)
}

func TestTracesAreOffUnlessACollectorIsNamed(t *testing.T) {
	captureLog(t)
	for name, test := range map[string]struct {
		settings map[string]string
		on       bool
	}{
		"no settings":         {nil, false},
		"an address":          {map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:1"}, true},
		"one for traces":      {map[string]string{"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": "http://127.0.0.1:1/v1/traces"}, true},
		"the default address": {map[string]string{"OTEL_TRACES_EXPORTER": "otlp"}, true},
		"no exporter":         {map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:1", "OTEL_TRACES_EXPORTER": "none"}, false},
		"switched off":        {map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:1", "OTEL_SDK_DISABLED": "true"}, false},
	} {
		t.Run(name, func(t *testing.T) {
			withoutSettings(t)
			for key, value := range test.settings {
				t.Setenv(key, value)
			}
			tel := start(t)
			if got := tracing.On(); got != test.on {
				t.Errorf("on is %v, want %v", got, test.on)
			}
			_, span := otel.Tracer("test").Start(t.Context(), "work")
			if got := span.IsRecording(); got != test.on {
				t.Errorf("recording is %v, want %v", got, test.on)
			}
			tel.Shutdown()
			if tracing.On() {
				t.Error("still on after Shutdown")
			}
		})
	}
}

func TestSpansReachTheCollectorBeforeTheProcessEnds(t *testing.T) {
	captureLog(t)
	withoutSettings(t)
	var got collector
	srv := httptest.NewServer(&got)
	defer srv.Close()
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", srv.URL)
	t.Setenv("OTEL_RESOURCE_ATTRIBUTES", "deployment.environment.name=proof")
	tel := start(t)
	_, span := otel.Tracer("test").Start(t.Context(), "place order")
	span.End()
	tel.Shutdown()
	for _, want := range []string{"/v1/traces ", "testsvc", "place order", "proof"} {
		if !strings.Contains(got.text(), want) {
			t.Errorf("the collector did not get %q", want)
		}
	}
}

func TestACollectorThatIsAwayHoldsNothingUp(t *testing.T) {
	log := captureLog(t)
	withoutSettings(t)
	t.Setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1")
	tel := start(t)
	_, span := otel.Tracer("test").Start(t.Context(), "work")
	span.End()
	begin := time.Now()
	tel.Shutdown()
	if took := time.Since(begin); took > 10*time.Second {
		t.Errorf("Shutdown took %v", took)
	}
	if !strings.Contains(log.String(), "not sent") {
		t.Errorf("want the loss in the log: %s", log)
	}
}

func TestAProtocolThatIsNotSpokenIsRefused(t *testing.T) {
	withoutSettings(t)
	t.Setenv("OTEL_TRACES_EXPORTER", "otlp")
	t.Setenv("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc")
	if _, err := telemetry.Start(t.Context(), "testsvc"); err == nil || !strings.Contains(err.Error(), "OTEL_EXPORTER_OTLP_PROTOCOL must be http/protobuf") {
		t.Errorf("got %v, want the variable and what it may be", err)
	}
}

func scrape(t *testing.T, tel *telemetry.Telemetry) string {
	t.Helper()
	answer := httptest.NewRecorder()
	tel.Handler().ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "/metrics", nil))
	if answer.Code != http.StatusOK {
		t.Fatalf("got %d: %s", answer.Code, answer.Body)
	}
	return answer.Body.String()
}

var migrations = fstest.MapFS{
	"sqlite/0001_notes.sql": {Data: []byte("-- +goose Up\nCREATE TABLE notes (id INTEGER PRIMARY KEY);\n")},
}

func TestTheMetricsOfAProcessAreOnOnePage(t *testing.T) {
	captureLog(t)
	withoutSettings(t)
	tel := start(t)
	db, err := sqldb.Open(t.Context(), sqldb.Config{URL: "sqlite:" + filepath.Join(t.TempDir(), "test.db")}, migrations)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	httpserver.Wrap(http.NotFoundHandler(), httpserver.Options{}).ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodGet, "/", nil))
	telemetry.Gauge("test_queue", "Waiting.", map[string]string{"kind": "mail"}, func() float64 { return 3 })
	telemetry.Gauges("test_orders", "Orders.", "state", func(context.Context) (map[string]float64, error) {
		return map[string]float64{"paid": 4, "pending": 1}, nil
	})
	telemetry.NewCounter("test_reads_total", "Reads.", "result").Add("hit")

	page := scrape(t, tel)
	for _, want := range []string{
		`http_server_request_duration_seconds_count{method="GET",route="other",status="4xx"} 1`,
		`http_server_requests_in_flight 0`,
		`db_pool_connections{role="writer",state="idle"} 1`,
		`db_pool_connections_max{role="reader"} 8`,
		`db_reads_total{role="reader"} 0`,
		`db_reader_fallbacks_total 0`,
		`dependency_up{dependency="database_writer"} 1`,
		`test_queue{kind="mail"} 3`,
		`test_orders{state="paid"} 4`,
		`test_orders{state="pending"} 1`,
		`test_reads_total{result="hit"} 1`,
		`bookstore_build_info{`,
		`go_goroutines `,
		`process_cpu_seconds_total `,
	} {
		if !strings.Contains(page, want) {
			t.Errorf("missing: %s", want)
		}
	}
	db.Close()
	if page := scrape(t, tel); strings.Contains(page, `db_pool_connections{`) {
		t.Error("a closed pool is still counted")
	}
}

func TestAMetricRegisteredAgainCountsOnce(t *testing.T) {
	tel := start(t)
	for _, n := range []float64{1, 2} {
		telemetry.Gauge("test_again", "Again.", nil, func() float64 { return n })
	}
	if page := scrape(t, tel); !strings.Contains(page, "test_again 2\n") {
		t.Error("want the last one's number")
	}
}

func TestNumbersThatCannotBeReadAreMissingAndTheRestIsThere(t *testing.T) {
	log := captureLog(t)
	tel := start(t)
	telemetry.Gauges("test_unreadable", "Unreadable.", "state", func(context.Context) (map[string]float64, error) {
		return nil, errors.New("database is away")
	})
	page := scrape(t, tel)
	if strings.Contains(page, "test_unreadable{") || !strings.Contains(page, "go_goroutines ") {
		t.Error("want every other metric, and not this one")
	}
	if !strings.Contains(log.String(), "metric not read") {
		t.Errorf("want the failure in the log: %s", log)
	}
}

func TestTheStatusPageTellsWhatIsDown(t *testing.T) {
	captureLog(t)
	tel := start(t)
	client := httpclient.New(httpclient.Config{Name: "awaysvc", BaseURL: "http://127.0.0.1:1"})
	for range 20 {
		_ = client.Do(t.Context(), http.MethodPost, "/", nil, nil)
	}
	answer := httptest.NewRecorder()
	tel.Status().ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "/status", nil))
	var got struct {
		Service      string
		Build        struct{ Go string }
		Started      time.Time
		Dependencies []struct {
			Name  string
			Up    bool
			Since time.Time
			Error string
		}
	}
	if err := json.Unmarshal(answer.Body.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if got.Service != "testsvc" || got.Build.Go == "" || got.Started.IsZero() {
		t.Errorf("got %+v", got)
	}
	for _, d := range got.Dependencies {
		if d.Name == "awaysvc" {
			if d.Up || d.Error == "" || d.Since.IsZero() {
				t.Errorf("got %+v, want it down, since when and why", d)
			}
			return
		}
	}
	t.Errorf("awaysvc is missing: %s", answer.Body)
}
