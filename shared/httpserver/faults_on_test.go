//go:build faults

package httpserver

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// failing is a process that can be told to fail.
type failing struct{ public, private *httptest.Server }

func newFailing(t *testing.T) failing {
	t.Helper()
	var faults faultSwitches
	mux := http.NewServeMux()
	faults.register(mux)
	f := failing{
		public: httptest.NewServer(faults.around(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			_, _ = io.WriteString(w, "well")
		}))),
		private: httptest.NewServer(mux),
	}
	t.Cleanup(f.public.Close)
	t.Cleanup(f.private.Close)
	return f
}

func (f failing) tell(t *testing.T, faults string, status int) string {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPut, f.private.URL+"/faults", strings.NewReader(faults))
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	said, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != status {
		t.Fatalf("PUT /faults %s: got %s %s (%v), want %d", faults, resp.Status, said, err, status)
	}
	return string(said)
}

// ask returns the status of an answer, or 0 if there is none.
func (f failing) ask(ctx context.Context, t *testing.T, path string) int {
	t.Helper()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, f.public.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0
	}
	defer resp.Body.Close()
	return resp.StatusCode
}

func TestFaultsAreSwitchedOnAndOff(t *testing.T) {
	f := newFailing(t)
	for _, step := range []struct {
		faults string
		page   int
	}{
		{`{}`, 200},
		{`{"down": true}`, 0},
		{`{"errors": 1}`, 500},
		{`{"latency_ms": 1}`, 200},
		{`{"errors": 0}`, 200},
	} {
		f.tell(t, step.faults, http.StatusNoContent)
		if got := f.ask(t.Context(), t, "/books"); got != step.page {
			t.Errorf("%s: got %d, want %d", step.faults, got, step.page)
		}
		if got := f.ask(t.Context(), t, "/livez"); got != 200 {
			t.Errorf("%s: /livez answered %d", step.faults, got)
		}
	}
}

func TestAShareOfRequestsFails(t *testing.T) {
	f := newFailing(t)
	f.tell(t, `{"errors": 0.5}`, http.StatusNoContent)
	failed := 0
	for range 200 {
		if f.ask(t.Context(), t, "/") == http.StatusInternalServerError {
			failed++
		}
	}
	if failed < 50 || failed > 150 {
		t.Errorf("%d of 200 requests failed, want about half", failed)
	}
}

func TestNobodyIsHeldBackWhoHasLeft(t *testing.T) {
	f := newFailing(t)
	f.tell(t, `{"latency_ms": 600000}`, http.StatusNoContent)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if got := f.ask(ctx, t, "/"); got != 0 {
		t.Errorf("got %d from a process that holds everything back", got)
	}
	f.public.Close() // waits for requests under way
}

func TestFaultsThatCannotBeAreRefused(t *testing.T) {
	f := newFailing(t)
	for faults, names := range map[string]string{
		`{"latency_ms": -1}`:        "latency_ms",
		`{"latency_ms": 600001}`:    "latency_ms",
		`{"errors": 1.5}`:           "errors",
		`{"errors": -0.1}`:          "errors",
		`{"slow": true}`:            "slow",
		`{"down": true}{}`:          "one JSON object",
		``:                          "JSON",
		strings.Repeat(" ", 2000):   "JSON",
		`{"errors": "all of them"}`: "errors",
	} {
		if said := f.tell(t, faults, http.StatusBadRequest); !strings.Contains(said, names) {
			t.Errorf("%s: the answer %q does not name %s", faults, said, names)
		}
	}
	if got := f.ask(t.Context(), t, "/"); got != 200 {
		t.Errorf("what was refused had an effect: %d", got)
	}
}
