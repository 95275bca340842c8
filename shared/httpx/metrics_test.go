package httpx_test

import (
	"crypto/rand"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"bookstore/shared/apierr"
	"bookstore/shared/httpx"
	"bookstore/shared/internal/health"

	"github.com/gorilla/mux"
	"github.com/prometheus/client_golang/prometheus"
)

// series returns the labels of a metric's series, as "name=value" in order of
// the names, with their values: a histogram's is its count.
func series(t *testing.T, metric string) map[string]float64 {
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

// await polls until done reports true, for five seconds at most.
func await(t *testing.T, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(5 * time.Second); !done(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("waited for 5 s in vain")
		}
	}
}

func TestRequestsAreCountedByTheirRoutesAndNotByTheirPaths(t *testing.T) {
	captureLog(t)
	answer := func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "ok") }
	pages := mux.NewRouter().StrictSlash(true)
	pages.Use(httpx.NameRoute)
	pages.HandleFunc("/metrics-test/{id}/edit", answer).Methods(http.MethodGet)
	root := mux.NewRouter()
	root.Use(httpx.NameRoute)
	root.PathPrefix("/metrics-files/").HandlerFunc(answer)
	root.PathPrefix("/").Handler(pages)
	srv := serveTest(t, httpx.Wrap(root, httpx.WrapOptions{}))

	before := series(t, "http_server_request_duration_seconds")
	const n = 20
	for range n {
		random := rand.Text()
		for _, path := range []string{"/metrics-test/" + random + "/edit", "/metrics-files/" + random, "/" + random} {
			get(t, srv.URL+path)
		}
		req, err := http.NewRequest(random, srv.URL+"/metrics-test/7/edit", nil)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		readAll(t, resp)
	}
	srv.Close() // waits for what is counted last
	want := map[string]float64{
		"method=GET route=/metrics-test/{id}/edit status=2xx": n,
		"method=GET route=/metrics-files/* status=2xx":        n,
		"method=GET route=other status=4xx":                   n,
		"method=OTHER route=other status=4xx":                 n,
	}
	for labels, count := range series(t, "http_server_request_duration_seconds") {
		if got := count - before[labels]; got != want[labels] {
			t.Errorf("%s: counted %v, want %v", labels, got, want[labels])
		}
		delete(want, labels)
	}
	if len(want) > 0 {
		t.Errorf("not counted: %v", want)
	}
}

func TestCallsAreCountedByTheirResult(t *testing.T) {
	captureLog(t)
	srv := serveTest(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/refused":
			httpx.WriteProblem(w, r, apierr.New(apierr.KindConflict, "out_of_stock"))
		case "/broken":
			w.WriteHeader(http.StatusBadGateway)
		}
	}))
	client := httpx.NewClient(httpx.ClientConfig{Name: "countedsvc", BaseURL: srv.URL})
	for _, path := range []string{"/", "/refused", "/broken"} {
		_ = client.Do(t.Context(), http.MethodGet, path, nil, nil)
	}
	got := series(t, "http_client_call_duration_seconds")
	for _, result := range []string{"ok", "refused", "unavailable"} {
		if n := got["method=GET result="+result+" service=countedsvc"]; n != 1 {
			t.Errorf("%s: counted %v, want 1", result, n)
		}
	}
	if n := series(t, "http_client_retries_total")["service=countedsvc"]; n < 1 {
		t.Errorf("counted %v repetitions of the broken call", n)
	}
}

func TestAnOpenBreakerIsSeen(t *testing.T) {
	captureLog(t)
	srv := serveTest(t, http.NotFoundHandler())
	client := httpx.NewClient(httpx.ClientConfig{Name: "brokensvc", BaseURL: srv.URL})
	if got := series(t, "dependency_up")["dependency=brokensvc"]; got != 1 {
		t.Errorf("before any call: up is %v, want 1", got)
	}
	srv.Close()
	for range 20 {
		_ = client.Do(t.Context(), http.MethodPost, "/", nil, nil)
	}
	if got := series(t, "http_client_breaker_state")["service=brokensvc"]; got != 2 {
		t.Errorf("breaker state is %v, want 2", got)
	}
	if got := series(t, "dependency_up")["dependency=brokensvc"]; got != 0 {
		t.Errorf("up is %v, want 0", got)
	}
	for _, d := range health.Dependencies() {
		if d.Name == "brokensvc" && (d.Up || d.Error == "" || d.Since.IsZero()) {
			t.Errorf("status says %+v", d)
		}
	}
}
