package httpserver_test

import (
	"bufio"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"bookstore/shared/apierr"
	"bookstore/shared/httpserver"
	"bookstore/shared/internal/fresh"
	"bookstore/shared/internal/webtest"
)

func TestARequestIDIsKeptIfSaneAndMadeOtherwise(t *testing.T) {
	webtest.CaptureLog(t)
	srv := webtest.Serve(t, httpserver.Wrap(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, httpserver.RequestID(r.Context()))
	}), httpserver.Options{}))
	for sent, kept := range map[string]bool{
		"0198f7a2-77d1-7c5e":     true,
		"":                       false,
		"short":                  false,
		strings.Repeat("x", 65):  false,
		`id","level":"forged" 1`: false,
	} {
		req, _ := http.NewRequest(http.MethodGet, srv.URL, nil)
		req.Header.Set("X-Request-Id", sent)
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		got := webtest.ReadAll(t, resp)
		if got != resp.Header.Get("X-Request-Id") || len(got) < 8 || (got == sent) != kept {
			t.Errorf("sent %q: handler saw %q, answer says %q", sent, got, resp.Header.Get("X-Request-Id"))
		}
	}
}

func TestTheAccessLogTellsEachRequestOnce(t *testing.T) {
	log := webtest.CaptureLog(t)
	srv := webtest.Serve(t, httpserver.Wrap(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		httpserver.Annotate(r.Context(), slog.Int64("user_id", 7))
		w.WriteHeader(http.StatusTeapot)
		io.WriteString(w, "short and stout")
	}), httpserver.Options{SecretPaths: []string{"/v1/password-resets/"}}))
	webtest.Get(t, srv.URL+"/v1/password-resets/s3cret?token=s3cret")
	srv.Close()

	var line map[string]any
	if err := json.Unmarshal([]byte(log.String()), &line); err != nil {
		t.Fatalf("want one line of JSON: %v\n%s", err, log)
	}
	want := map[string]any{"service": "testsvc", "method": "GET", "path": "/v1/password-resets/…", "status": 418.0, "bytes": 15.0, "user_id": 7.0}
	for key, value := range want {
		if line[key] != value {
			t.Errorf("%s: got %v, want %v", key, line[key], value)
		}
	}
	if line["request_id"] == nil || line["duration_ms"] == nil || strings.Contains(log.String(), "s3cret") {
		t.Errorf("incomplete or indiscreet: %s", log)
	}
}

func TestAPanicIsLoggedAndAnsweredBland(t *testing.T) {
	log := webtest.CaptureLog(t)
	srv := webtest.Serve(t, httpserver.Wrap(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		panic("hunter2")
	}), httpserver.Options{}))
	resp, body := webtest.Get(t, srv.URL)
	if resp.StatusCode != 500 || webtest.Problem(t, body).Code != apierr.CodeInternal || strings.Contains(body, "hunter2") {
		t.Errorf("got %d %s", resp.StatusCode, body)
	}
	srv.Close()
	if s := log.String(); !strings.Contains(s, "hunter2") || !strings.Contains(s, "wrap_test.go") || !strings.Contains(s, `"status":500`) {
		t.Errorf("want the panic, its stack and the status in the log:\n%s", s)
	}
}

func TestAPanicMayBeAnsweredWithAPage(t *testing.T) {
	webtest.CaptureLog(t)
	page := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusInternalServerError)
		io.WriteString(w, "<h1>Sorry</h1>")
	})
	srv := webtest.Serve(t, httpserver.Wrap(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		panic("hunter2")
	}), httpserver.Options{Panicked: page}))
	if resp, body := webtest.Get(t, srv.URL); resp.StatusCode != 500 || body != "<h1>Sorry</h1>" {
		t.Errorf("got %d %s", resp.StatusCode, body)
	}
}

func TestAPanicAmidTheAnswerCutsTheConnection(t *testing.T) {
	webtest.CaptureLog(t)
	srv := webtest.Serve(t, httpserver.Wrap(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		io.WriteString(w, "half")
		http.NewResponseController(w).Flush()
		panic("hunter2")
	}), httpserver.Options{}))
	resp, err := http.Get(srv.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if data, err := io.ReadAll(bufio.NewReader(resp.Body)); err == nil {
		t.Errorf("read %q to the end, want a cut connection", data)
	}
}

func TestNoCacheAsksForFreshReadsUnlessItIsIgnored(t *testing.T) {
	webtest.CaptureLog(t)
	for _, ignore := range []bool{false, true} {
		var asked bool
		srv := webtest.Serve(t, httpserver.Wrap(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			asked = fresh.Is(r.Context())
		}), httpserver.Options{IgnoreCacheControl: ignore}))
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, srv.URL, nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Cache-Control", "no-cache")
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if asked == ignore {
			t.Errorf("IgnoreCacheControl %v: asked for fresh reads: %v", ignore, asked)
		}
	}
}

func TestAPlainHandlersBodyIsBounded(t *testing.T) {
	webtest.CaptureLog(t)
	srv := webtest.Serve(t, httpserver.Wrap(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, err := io.ReadAll(r.Body); err != nil {
			httpserver.WriteProblem(w, r, err)
		}
	}), httpserver.Options{MaxBody: 10}))
	resp, body := webtest.Post(t, srv.URL, "text/plain", strings.Repeat("x", 11))
	if resp.StatusCode != 413 || webtest.Problem(t, body).Code != apierr.CodeBodyTooLarge {
		t.Errorf("got %d %s, want a 413 problem", resp.StatusCode, body)
	}
	if resp.Header.Get("X-Content-Type-Options") != "nosniff" || resp.Header.Get("Content-Type") != apierr.ContentType {
		t.Errorf("got headers %v", resp.Header)
	}
}
