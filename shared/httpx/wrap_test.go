package httpx_test

import (
	"bufio"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"bookstore/shared/apierr"
	"bookstore/shared/httpx"
	"bookstore/shared/sqldb"
)

func TestARequestIDIsKeptIfSaneAndMadeOtherwise(t *testing.T) {
	captureLog(t)
	srv := serveTest(t, httpx.Wrap(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		io.WriteString(w, httpx.RequestID(r.Context()))
	}), httpx.WrapOptions{}))
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
		got := readAll(t, resp)
		if got != resp.Header.Get("X-Request-Id") || len(got) < 8 || (got == sent) != kept {
			t.Errorf("sent %q: handler saw %q, answer says %q", sent, got, resp.Header.Get("X-Request-Id"))
		}
	}
}

func TestTheAccessLogTellsEachRequestOnce(t *testing.T) {
	log := captureLog(t)
	srv := serveTest(t, httpx.Wrap(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		httpx.Annotate(r.Context(), slog.Int64("user_id", 7))
		w.WriteHeader(http.StatusTeapot)
		io.WriteString(w, "short and stout")
	}), httpx.WrapOptions{SecretPaths: []string{"/v1/password-resets/"}}))
	get(t, srv.URL+"/v1/password-resets/s3cret?token=s3cret")
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
	log := captureLog(t)
	srv := serveTest(t, httpx.Wrap(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		panic("hunter2")
	}), httpx.WrapOptions{}))
	resp, body := get(t, srv.URL)
	if resp.StatusCode != 500 || decodeProblem(t, body).Code != "internal" || strings.Contains(body, "hunter2") {
		t.Errorf("got %d %s", resp.StatusCode, body)
	}
	srv.Close()
	if s := log.String(); !strings.Contains(s, "hunter2") || !strings.Contains(s, "wrap_test.go") || !strings.Contains(s, `"status":500`) {
		t.Errorf("want the panic, its stack and the status in the log:\n%s", s)
	}
}

func TestAPanicMayBeAnsweredWithAPage(t *testing.T) {
	captureLog(t)
	page := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusInternalServerError)
		io.WriteString(w, "<h1>Sorry</h1>")
	})
	srv := serveTest(t, httpx.Wrap(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
		panic("hunter2")
	}), httpx.WrapOptions{Panicked: page}))
	if resp, body := get(t, srv.URL); resp.StatusCode != 500 || body != "<h1>Sorry</h1>" {
		t.Errorf("got %d %s", resp.StatusCode, body)
	}
}

func TestAPanicAmidTheAnswerCutsTheConnection(t *testing.T) {
	captureLog(t)
	srv := serveTest(t, httpx.Wrap(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		io.WriteString(w, "half")
		http.NewResponseController(w).Flush()
		panic("hunter2")
	}), httpx.WrapOptions{}))
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
	captureLog(t)
	for _, ignore := range []bool{false, true} {
		var fresh bool
		srv := serveTest(t, httpx.Wrap(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
			fresh = httpx.IsFresh(r.Context())
		}), httpx.WrapOptions{IgnoreCacheControl: ignore}))
		if err := newClient(srv).Do(sqldb.WithFresh(t.Context()), http.MethodGet, "/", nil, nil); err != nil {
			t.Fatal(err)
		}
		if fresh == ignore {
			t.Errorf("IgnoreCacheControl %v: fresh is %v", ignore, fresh)
		}
	}
}

func TestAPlainHandlersBodyIsBounded(t *testing.T) {
	captureLog(t)
	srv := serveTest(t, httpx.Wrap(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, err := io.ReadAll(r.Body); err != nil {
			httpx.WriteProblem(w, r, err)
		}
	}), httpx.WrapOptions{MaxBody: 10}))
	resp, body := post(t, srv.URL, "text/plain", strings.Repeat("x", 11))
	if resp.StatusCode != 413 || decodeProblem(t, body).Code != "body_too_large" {
		t.Errorf("got %d %s, want a 413 problem", resp.StatusCode, body)
	}
	if resp.Header.Get("X-Content-Type-Options") != "nosniff" || resp.Header.Get("Content-Type") != apierr.ContentType {
		t.Errorf("got headers %v", resp.Header)
	}
}
