package httpclient

import (
	"context"
	"errors"
	"net"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
)

func TestACallOfWhichNothingWasSentIsRepeated(t *testing.T) {
	var served, dials atomic.Int32
	srv := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { served.Add(1) }))
	defer srv.Close()
	client := New(Config{Name: "testsvc", BaseURL: srv.URL})
	transport := newTransport()
	dial := transport.DialContext
	transport.DialContext = func(ctx context.Context, network, addr string) (net.Conn, error) {
		if dials.Add(1) == 1 {
			return nil, &net.OpError{Op: "dial", Net: network, Err: errors.New("connection refused")}
		}
		return dial(ctx, network, addr)
	}
	client.http.Transport = transport
	if err := client.Do(t.Context(), http.MethodPost, "/", nil, nil); err != nil || served.Load() != 1 {
		t.Errorf("got %v, served %d times, want once", err, served.Load())
	}
}
