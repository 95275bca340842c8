package httpserver_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"bookstore/shared/httpserver"
)

// reading reads all that it is sent.
func reading(w http.ResponseWriter, r *http.Request) {
	httpserver.AwaitUpload(w)
	if _, err := io.Copy(io.Discard, r.Body); err != nil {
		httpserver.WriteProblem(w, r, err)
	}
}

func TestOnlyUploadsMayBeLarge(t *testing.T) {
	server := httptest.NewServer(httpserver.Wrap(http.HandlerFunc(reading), httpserver.Options{MaxBody: 10, MaxUpload: func(r *http.Request) int64 {
		if r.URL.Path == "/upload" {
			return 100
		}
		return 0
	}}))
	defer server.Close()
	for _, c := range []struct {
		path string
		size int
		want int
	}{
		{"/", 10, http.StatusOK},
		{"/", 11, http.StatusRequestEntityTooLarge},
		{"/upload", 100, http.StatusOK},
		{"/upload", 101, http.StatusRequestEntityTooLarge},
	} {
		resp, err := http.Post(server.URL+c.path, "text/plain", strings.NewReader(strings.Repeat("x", c.size)))
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != c.want {
			t.Errorf("%d bytes for %s: got %d, want %d", c.size, c.path, resp.StatusCode, c.want)
		}
	}
}

func TestASlowUploadArrives(t *testing.T) {
	server := httptest.NewUnstartedServer(httpserver.Wrap(http.HandlerFunc(reading), httpserver.Options{}))
	server.Config.ReadTimeout = 200 * time.Millisecond
	server.Config.WriteTimeout = 200 * time.Millisecond
	server.Start()
	defer server.Close()
	body, rest := io.Pipe()
	go func() {
		_, _ = io.WriteString(rest, "a beginning")
		time.Sleep(2 * server.Config.ReadTimeout)
		_, _ = io.WriteString(rest, "and the end")
		rest.Close()
	}()
	resp, err := http.Post(server.URL, "text/plain", body)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		t.Errorf("got %s", resp.Status)
	}
}
