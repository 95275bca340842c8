package httpclient_test

import (
	"net/http"
	"testing"

	"bookstore/shared/apierr"
	"bookstore/shared/catalogapi"
	"bookstore/shared/httpclient"
	"bookstore/shared/httpserver"
	"bookstore/shared/internal/health"
	"bookstore/shared/internal/webtest"
)

func TestCallsAreCountedByTheirResult(t *testing.T) {
	webtest.CaptureLog(t)
	srv := webtest.Serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/refused":
			httpserver.WriteProblem(w, r, apierr.New(apierr.KindConflict, catalogapi.CodeOutOfStock))
		case "/broken":
			w.WriteHeader(http.StatusBadGateway)
		}
	}))
	client := httpclient.New(httpclient.Config{Name: "countedsvc", BaseURL: srv.URL})
	for _, path := range []string{"/", "/refused", "/broken"} {
		_ = client.Do(t.Context(), http.MethodGet, path, nil, nil)
	}
	got := webtest.Series(t, "http_client_call_duration_seconds")
	for _, result := range []string{"ok", "refused", "unavailable"} {
		if n := got["method=GET result="+result+" service=countedsvc"]; n != 1 {
			t.Errorf("%s: counted %v, want 1", result, n)
		}
	}
	if n := webtest.Series(t, "http_client_retries_total")["service=countedsvc"]; n < 1 {
		t.Errorf("counted %v repetitions of the broken call", n)
	}
}

func TestAnOpenBreakerIsSeen(t *testing.T) {
	webtest.CaptureLog(t)
	srv := webtest.Serve(t, http.NotFoundHandler())
	client := httpclient.New(httpclient.Config{Name: "brokensvc", BaseURL: srv.URL})
	if got := webtest.Series(t, "dependency_up")["dependency=brokensvc"]; got != 1 {
		t.Errorf("before any call: up is %v, want 1", got)
	}
	srv.Close()
	for range 20 {
		_ = client.Do(t.Context(), http.MethodPost, "/", nil, nil)
	}
	if got := webtest.Series(t, "http_client_breaker_state")["service=brokensvc"]; got != 2 {
		t.Errorf("breaker state is %v, want 2", got)
	}
	if got := webtest.Series(t, "dependency_up")["dependency=brokensvc"]; got != 0 {
		t.Errorf("up is %v, want 0", got)
	}
	for _, d := range health.Dependencies() {
		if d.Name == "brokensvc" && (d.Up || d.Error == "" || d.Since.IsZero()) {
			t.Errorf("status says %+v", d)
		}
	}
}
