// Package telemetry proves that traces, logs and metrics show what the shop does.
package telemetry

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	"bookstore/deploy/internal/cluster"
	"bookstore/deploy/internal/customers"
	"bookstore/deploy/internal/pages"
	"bookstore/deploy/internal/shoptest"
)

// A page is one trace, from the frontend through the backends to their
// databases, and every program's log line about it has the trace's id and the
// request's.
func TestAPageIsOneTraceThroughAllProgramsDownToTheirSQL(t *testing.T) {
	traces := &collector{}
	server := httptest.NewServer(traces)
	defer server.Close()
	c := customers.Gather(t, shoptest.OpenOn(t, "mysql", cluster.Options{Env: []string{
		"LOG_LEVEL=info", "OTEL_EXPORTER_OTLP_ENDPOINT=" + server.URL, "OTEL_BSP_SCHEDULE_DELAY=50",
	}}))
	c.Customers[0].Browse(t.Context())
	c.Customers[0].Buy(t.Context())
	c.Log.Check(t)
	for request, programs := range map[string][]string{
		"POST /login":               {cluster.Frontend, cluster.Auth},
		"GET /books/{id}":           {cluster.Frontend, cluster.Catalog},
		"POST /checkout":            {cluster.Frontend, cluster.Shop, cluster.Catalog},
		"POST /orders/{id}/payment": {cluster.Frontend, cluster.Shop, cluster.Catalog},
	} {
		var spans []tracedSpan
		shoptest.Await(t, request+" as a whole trace", func() bool {
			spans = traces.of(request)
			return isWhole(spans, programs)
		})
		wantLogged(t, c.Shop, spans[0].trace(), programs)
	}
}

// isWhole reports whether each program has a part in a trace, each backend's SQL
// too, and every span but the first hangs on another.
func isWhole(spans []tracedSpan, programs []string) bool {
	has := map[string]bool{}
	roots := 0
	for _, s := range spans {
		has[s.program] = true
		if s.isSQL() {
			has["SQL of "+s.program] = true
		}
		has[string(s.SpanId)] = true
	}
	for _, s := range spans {
		switch {
		case len(s.ParentSpanId) == 0:
			roots++
		case !has[string(s.ParentSpanId)]:
			return false
		}
	}
	for _, program := range programs {
		if !has[program] || program != cluster.Frontend && !has["SQL of "+program] {
			return false
		}
	}
	return roots == 1
}

// wantLogged wants a line of each program with the trace's id, and in all of
// them the same request's id.
func wantLogged(t *testing.T, s *shoptest.Shop, trace string, programs []string) {
	t.Helper()
	requests := map[string]bool{}
	for _, program := range programs {
		found := false
		for _, p := range s.Processes(program) {
			for _, line := range linesOf(t, p.Log()) {
				if line["trace_id"] == trace {
					found = true
					id, _ := line["request_id"].(string)
					requests[id] = true
				}
			}
		}
		if !found {
			t.Errorf("the log of %s does not know the trace %s", program, trace)
		}
	}
	if len(requests) != 1 || requests[""] {
		t.Errorf("the trace %s is of the requests %v, want one", trace, requests)
	}
}

// linesOf reads a log, which holds a JSON object in each line.
func linesOf(t *testing.T, path string) []map[string]any {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var lines []map[string]any
	for scanner := bufio.NewScanner(bytes.NewReader(data)); scanner.Scan(); {
		var line map[string]any
		if err := json.Unmarshal(scanner.Bytes(), &line); err != nil {
			t.Fatalf("%s holds %q: %v", path, scanner.Text(), err)
		}
		lines = append(lines, line)
	}
	return lines
}

// What operators watch: rates, errors and durations of each route, connections,
// orders under way, the outbox, the cache, and who waits for a hash.
func TestEveryProgramShowsItsMetrics(t *testing.T) {
	c := customers.Gather(t, shoptest.OpenOn(t, "sqlite", cluster.Options{Private: true}))
	p := c.Customers[0]
	p.Browse(t.Context())
	p.Post(t.Context(), "/cart", pages.Form("book_id", fmt.Sprint(p.Books[0].ID), "quantity", "1"))
	p.Place(t.Context(), p.Checkout(t.Context(), p.Books[0]))
	backend := []string{
		`http_server_request_duration_seconds_count{`, `http_server_requests_in_flight `,
		`db_pool_connections{`, `db_pool_waits_total{`, `bookstore_build_info{`,
	}
	for program, names := range map[string][]string{
		cluster.Auth:     append(backend, `bookstore_password_hashes_waiting `, `route="/v1/sessions"`),
		cluster.Catalog:  append(backend, `db_reads_total{role="writer"}`, `route="/v1/books/{id}"`),
		cluster.Shop:     append(backend, `bookstore_orders_under_way{state="reserved"} 1`, `bookstore_orders_under_way{state="capturing"} 0`, `bookstore_mails_waiting{kind="sold"}`, `http_client_breaker_state{`, `route="/v1/orders"`),
		cluster.Frontend: {`http_server_request_duration_seconds_count{`, `http_client_call_duration_seconds_count{`, `cache`, `route="/books/{id:[0-9]+}"`},
	} {
		for _, p := range c.Processes(program) {
			text, err := p.Metrics(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			for _, name := range names {
				if !strings.Contains(text, name) {
					t.Errorf("%s shows no %s", p.Name, name)
				}
			}
		}
	}
}
