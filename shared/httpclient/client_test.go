package httpclient_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"bookstore/shared/apierr"
	"bookstore/shared/httpclient"
	"bookstore/shared/httpserver"
	"bookstore/shared/internal/requestid"
	"bookstore/shared/internal/webtest"
)

func newClient(srv *httptest.Server) *httpclient.Client {
	return httpclient.New(httpclient.Config{Name: "testsvc", BaseURL: srv.URL})
}

func TestAnUnexpectedAnswerIsUnavailable(t *testing.T) {
	problem := func(w http.ResponseWriter, status int, body string) {
		w.Header().Set("Content-Type", apierr.ContentType)
		w.WriteHeader(status)
		io.WriteString(w, body)
	}
	answers := map[string]http.HandlerFunc{
		"a proxy's 401":        func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "who are you", http.StatusUnauthorized) },
		"a proxy's 404":        func(w http.ResponseWriter, r *http.Request) { http.NotFound(w, r) },
		"HTML":                 func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "<h1>welcome</h1>") },
		"a redirect":           func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/elsewhere", http.StatusFound) },
		"a bland 500":          func(w http.ResponseWriter, _ *http.Request) { problem(w, 500, `{"status":500,"code":"internal"}`) },
		"a problem of no code": func(w http.ResponseWriter, _ *http.Request) { problem(w, 404, `{"status":404}`) },
		"an endless answer": func(w http.ResponseWriter, _ *http.Request) {
			io.WriteString(w, `"`+strings.Repeat("x", 5<<20)+`"`)
		},
		"a cut answer": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "100")
			io.WriteString(w, `{"a":`)
		},
	}
	for name, handler := range answers {
		t.Run(name, func(t *testing.T) {
			client := newClient(webtest.Serve(t, handler))
			var out map[string]any
			err := client.Do(t.Context(), http.MethodGet, "/secret?token=s3cret", nil, &out)
			e, ok := apierr.As(err)
			if !ok || e.Kind != apierr.KindUnavailable || e.Code != apierr.CodeUnavailable || e.Params["service"] != "testsvc" {
				t.Errorf("got %v, want testsvc to be unavailable", err)
			}
			if strings.Contains(fmt.Sprint(err), "s3cret") {
				t.Errorf("the error's text shows the query: %v", err)
			}
		})
	}
}

func TestAServiceThatIsAwayIsUnavailable(t *testing.T) {
	srv := webtest.Serve(t, http.NotFoundHandler())
	srv.Close()
	err := newClient(srv).Do(t.Context(), http.MethodPost, "/", nil, nil)
	if !apierr.IsKind(err, apierr.KindUnavailable) || !strings.Contains(err.Error(), "refused") {
		t.Errorf("got %v, want unavailable and why", err)
	}
}

func TestAHangingServiceIsGivenUp(t *testing.T) {
	release := make(chan struct{})
	srv := webtest.Serve(t, http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-release }))
	defer close(release)
	client := httpclient.New(httpclient.Config{Name: "testsvc", BaseURL: srv.URL, Timeout: 200 * time.Millisecond})
	start := time.Now()
	err := client.Do(t.Context(), http.MethodGet, "/", nil, nil)
	if !apierr.IsKind(err, apierr.KindUnavailable) || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v, want unavailable after a deadline", err)
	}
	if took := time.Since(start); took > 2*time.Second {
		t.Errorf("took %v", took)
	}
}

func TestTheContextTravelsAsHeaders(t *testing.T) {
	var got http.Header
	srv := webtest.Serve(t, http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { got = r.Header }))
	ctx := requestid.With(t.Context(), "request-17")
	ctx = httpclient.WithBearer(ctx, "abc")
	ctx = httpclient.WithFresh(ctx)
	ctx = httpclient.WithHeader(ctx, "Cart-Token", "guest")
	ctx = httpclient.WithHeader(ctx, "Idempotency-Key", "k1")
	if err := newClient(srv).Do(ctx, http.MethodPost, "/", map[string]int{"a": 1}, nil); err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"X-Request-Id": "request-17", "Authorization": "Bearer abc", "Cache-Control": "no-cache",
		"Cart-Token": "guest", "Idempotency-Key": "k1", "Service-Key": "", "Content-Type": "application/json",
	}
	for key, value := range want {
		if got.Get(key) != value {
			t.Errorf("%s: got %q, want %q", key, got.Get(key), value)
		}
	}
}

func TestOnlyCallsThatMayBeRepeatedAre(t *testing.T) {
	tests := []struct {
		name, method string
		ctx          func(context.Context) context.Context
		answer       string
		tries        int32
	}{
		{"GET", http.MethodGet, same, "", 3},
		{"PUT", http.MethodPut, same, "", 3},
		{"DELETE", http.MethodDelete, same, "", 3},
		{"POST", http.MethodPost, same, "", 1},
		{"PATCH", http.MethodPatch, same, "", 1},
		{"POST that may be repeated", http.MethodPost, httpclient.WithIdempotent, "", 3},
		{"PUT that may not", http.MethodPut, httpclient.WithOnce, "", 1},
		{"GET of what there is too much of", http.MethodGet, same, `{"code":"overloaded"}`, 1},
		{"GET of what another service holds up", http.MethodGet, same, `{"code":"unavailable","params":{"service":"deeper"}}`, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var tries atomic.Int32
			srv := webtest.Serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				tries.Add(1)
				if data, _ := io.ReadAll(r.Body); string(data) != `"body"` {
					t.Errorf("try %d: got body %q", tries.Load(), data)
				}
				w.Header().Set("Content-Type", apierr.ContentType)
				w.WriteHeader(http.StatusServiceUnavailable)
				io.WriteString(w, tt.answer)
			}))
			err := newClient(srv).Do(tt.ctx(t.Context()), tt.method, "/", "body", nil)
			if !apierr.IsKind(err, apierr.KindUnavailable) || tries.Load() != tt.tries {
				t.Errorf("got %v after %d tries, want %d", err, tries.Load(), tt.tries)
			}
		})
	}
}

func same(ctx context.Context) context.Context { return ctx }

func TestARepetitionMaySucceed(t *testing.T) {
	var tries atomic.Int32
	srv := webtest.Serve(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if tries.Add(1) == 1 {
			panic(http.ErrAbortHandler)
		}
		io.WriteString(w, `"well"`)
	}))
	var out string
	if err := newClient(srv).Do(t.Context(), http.MethodGet, "/", nil, &out); err != nil || out != "well" {
		t.Errorf("got %q, %v", out, err)
	}
}

func TestTheCircuitOpensAndRecovers(t *testing.T) {
	webtest.CaptureLog(t)
	var calls atomic.Int32
	var healthy atomic.Bool
	srv := webtest.Serve(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		calls.Add(1)
		if !healthy.Load() {
			http.Error(w, "bad gateway", http.StatusBadGateway)
		}
	}))
	client := newClient(srv)
	for range 30 {
		client.Do(t.Context(), http.MethodPost, "/", nil, nil)
	}
	if n := calls.Load(); n >= 30 {
		t.Fatalf("all %d calls went through, want the circuit to open", n)
	}
	start := time.Now()
	if err := client.Do(t.Context(), http.MethodGet, "/", nil, nil); !apierr.IsKind(err, apierr.KindUnavailable) {
		t.Errorf("got %v, want unavailable", err)
	}
	if took := time.Since(start); took > 40*time.Millisecond {
		t.Errorf("an open circuit took %v to say no", took)
	}
	healthy.Store(true)
	deadline := time.Now().Add(5 * time.Second)
	for client.Do(t.Context(), http.MethodPost, "/", nil, nil) != nil {
		if time.Now().After(deadline) {
			t.Fatal("the circuit did not close again")
		}
		time.Sleep(20 * time.Millisecond)
	}
}

func TestWhatAServiceExplainsOrACallerAbandonsKeepsTheCircuitClosed(t *testing.T) {
	webtest.CaptureLog(t)
	hang := make(chan struct{})
	srv := webtest.Serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/explains":
			httpserver.WriteProblem(w, r, apierr.Unavailable("deeper"))
		case "/hangs":
			<-hang
		}
	}))
	defer close(hang)
	client := newClient(srv)
	for range 20 {
		client.Do(t.Context(), http.MethodGet, "/explains", nil, nil)
	}
	for range 20 {
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Millisecond, cancel)
		client.Do(ctx, http.MethodGet, "/hangs", nil, nil)
	}
	if err := client.Do(t.Context(), http.MethodGet, "/", nil, nil); err != nil {
		t.Errorf("got %v, want a closed circuit", err)
	}
}

func TestRawAnswersStreamAndTheirErrorsAreTyped(t *testing.T) {
	webtest.CaptureLog(t)
	srv := webtest.Serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Method == http.MethodPut:
			data, _ := io.ReadAll(r.Body)
			fmt.Fprintf(w, "%s %d", r.Header.Get("Content-Type"), len(data))
		case r.Header.Get("If-None-Match") == `"v1"`:
			w.WriteHeader(http.StatusNotModified)
		default:
			httpserver.WriteProblem(w, r, apierr.New(apierr.KindNotFound, apierr.CodeNotFound))
		}
	}))
	client := newClient(srv)

	resp, err := client.DoRaw(t.Context(), http.MethodPut, "/cover", "image/png", io.LimitReader(zeroes{}, 100_000))
	if err != nil {
		t.Fatal(err)
	}
	if got := webtest.ReadAll(t, resp); got != "image/png 100000" {
		t.Errorf("got %q", got)
	}
	resp, err = client.DoRaw(httpclient.WithHeader(t.Context(), "If-None-Match", `"v1"`), http.MethodGet, "/cover", "", nil)
	if err != nil || resp.StatusCode != http.StatusNotModified {
		t.Fatalf("got %v, %v, want a 304", resp, err)
	}
	resp.Body.Close()
	if _, err := client.DoRaw(t.Context(), http.MethodGet, "/cover", "", nil); !apierr.IsKind(err, apierr.KindNotFound) {
		t.Errorf("got %v, want not_found", err)
	}
}

type zeroes struct{}

func (zeroes) Read(p []byte) (int, error) { return len(p), nil }
