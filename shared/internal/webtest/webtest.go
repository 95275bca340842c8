// Package webtest is what the tests of our server, our client and our JSON
// APIs share.
package webtest

import (
	"bytes"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"bookstore/shared/apierr"
	"bookstore/shared/httpserver"

	"github.com/prometheus/client_golang/prometheus"
)

// Serve serves handler until the test ends.
func Serve(t *testing.T, handler http.Handler) *httptest.Server {
	t.Helper()
	srv := httptest.NewServer(handler)
	t.Cleanup(srv.Close)
	return srv
}

// Log holds what was logged. It may be read while handlers write.
type Log struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

// Write implements io.Writer.
func (l *Log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.Write(p)
}

// String returns the lines so far.
func (l *Log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.buf.String()
}

// CaptureLog sends the default logger's lines to the Log it returns, for the
// rest of the test.
func CaptureLog(t *testing.T) *Log {
	t.Helper()
	log := &Log{}
	before := slog.Default()
	slog.SetDefault(httpserver.NewLogger(log, "testsvc", slog.LevelInfo))
	t.Cleanup(func() { slog.SetDefault(before) })
	return log
}

// Get fetches url and reads the answer whole.
func Get(t *testing.T, url string) (*http.Response, string) {
	t.Helper()
	resp, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	return resp, ReadAll(t, resp)
}

// Post sends body to url and reads the answer whole.
func Post(t *testing.T, url, contentType, body string) (*http.Response, string) {
	t.Helper()
	resp, err := http.Post(url, contentType, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	return resp, ReadAll(t, resp)
}

// ReadAll returns the body of resp and closes it.
func ReadAll(t *testing.T, resp *http.Response) string {
	t.Helper()
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// Problem returns the problem document that body is.
func Problem(t *testing.T, body string) apierr.Error {
	t.Helper()
	var e apierr.Error
	if err := json.Unmarshal([]byte(body), &e); err != nil {
		t.Fatalf("%v in %q", err, body)
	}
	return e
}

// Series returns the labels of a metric's series, as "name=value" in order of
// the names, with their values: a histogram's is its count.
func Series(t *testing.T, metric string) map[string]float64 {
	t.Helper()
	families, err := prometheus.DefaultGatherer.Gather()
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]float64{}
	for _, family := range families {
		if family.GetName() != metric {
			continue
		}
		for _, m := range family.GetMetric() {
			var labels []string
			for _, l := range m.GetLabel() {
				labels = append(labels, l.GetName()+"="+l.GetValue())
			}
			value := m.GetGauge().GetValue() + m.GetCounter().GetValue() + float64(m.GetHistogram().GetSampleCount())
			found[strings.Join(labels, " ")] = value
		}
	}
	return found
}

// Await polls until done reports true, for five seconds at most.
func Await(t *testing.T, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(5 * time.Second); !done(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("waited for 5 s in vain")
		}
	}
}
