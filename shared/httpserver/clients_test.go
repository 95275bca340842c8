package httpserver_test

import (
	"io"
	"net/http"
	"strconv"
	"testing"

	"bookstore/shared/httpserver"
	"bookstore/shared/internal/webtest"
)

func networks(t *testing.T, text string) (n httpserver.Networks) {
	t.Helper()
	if err := n.UnmarshalText([]byte(text)); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestAClientIsWhoAskedTheFirstTrustedProxy(t *testing.T) {
	webtest.CaptureLog(t)
	for _, tt := range []struct {
		name, proxies string
		sent          map[string]string
		want          string
	}{
		{"alone", "", nil, "127.0.0.1"},
		{"a stranger's word does not count", "10.0.0.0/8", map[string]string{"X-Forwarded-For": "203.0.113.7"}, "127.0.0.1"},
		{"behind a proxy", "127.0.0.0/8", map[string]string{"X-Forwarded-For": "203.0.113.7"}, "203.0.113.7"},
		{"behind two", "127.0.0.0/8, 10.0.0.0/8", map[string]string{"X-Forwarded-For": "203.0.113.7, 10.1.1.1"}, "203.0.113.7"},
		{"whose client lies", "127.0.0.0/8,10.0.0.0/8", map[string]string{"X-Forwarded-For": "198.51.100.1, 203.0.113.7, 10.1.1.1"}, "203.0.113.7"},
		{"IPv4 as IPv6", "127.0.0.0/8", map[string]string{"X-Forwarded-For": "::ffff:203.0.113.7"}, "203.0.113.7"},
		{"IPv6", "127.0.0.0/8", map[string]string{"X-Forwarded-For": "2001:db8::7"}, "2001:db8::7"},
		{"nonsense", "127.0.0.0/8", map[string]string{"X-Forwarded-For": "unknown"}, "127.0.0.1"},
		{"a call of ours", "", map[string]string{"Client-Address": "203.0.113.7", "Service-Key": serviceKey}, "203.0.113.7"},
		{"a call that is not", "", map[string]string{"Client-Address": "203.0.113.7", "Client-Device": "d"}, "127.0.0.1"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			srv := webtest.Serve(t, httpserver.Wrap(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				io.WriteString(w, httpserver.ClientAddress(r.Context()).String()+r.Header.Get("Client-Device"))
			}), httpserver.Options{ServiceKey: serviceKey, Clients: httpserver.Clients{TrustedProxies: networks(t, tt.proxies)}}))
			req, _ := http.NewRequest(http.MethodGet, srv.URL, nil)
			for name, value := range tt.sent {
				req.Header.Set(name, value)
			}
			resp, err := http.DefaultClient.Do(req)
			if err != nil {
				t.Fatal(err)
			}
			if got := webtest.ReadAll(t, resp); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

func TestAClientThatAsksTooOftenIsToldWhenToComeBack(t *testing.T) {
	webtest.CaptureLog(t)
	handler := http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})
	srv := webtest.Serve(t, httpserver.Wrap(handler, httpserver.Options{
		Class: classOf, LimitClients: true,
		Clients: httpserver.Clients{TrustedProxies: networks(t, "127.0.0.1/32"), Unlimited: networks(t, "192.0.2.0/24"), Rate: 0.01},
	}))
	ask := func(client, path string) *http.Response {
		req, _ := http.NewRequest(http.MethodGet, srv.URL+path, nil)
		req.Header.Set("X-Forwarded-For", client)
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		webtest.ReadAll(t, resp)
		return resp
	}
	if got := ask("2001:db8::1", "/browsing"); got.StatusCode != http.StatusOK {
		t.Fatalf("the first is answered %d", got.StatusCode)
	}
	for _, client := range []string{"2001:db8::1", "2001:db8::2"} { // one household
		got := ask(client, "/browsing")
		seconds, err := strconv.Atoi(got.Header.Get("Retry-After"))
		if got.StatusCode != http.StatusTooManyRequests || err != nil || seconds < 90 || seconds > 100 {
			t.Errorf("%s is answered %d, Retry-After %q", client, got.StatusCode, got.Header.Get("Retry-After"))
		}
	}
	for range 3 {
		for client, path := range map[string]string{"2001:db8::1": "/livez", "192.0.2.1": "/browsing"} {
			if got := ask(client, path); got.StatusCode != http.StatusOK {
				t.Errorf("%s of %s is answered %d", path, client, got.StatusCode)
			}
		}
	}
	if got := ask("203.0.113.7", "/browsing"); got.StatusCode != http.StatusOK {
		t.Errorf("another client is answered %d", got.StatusCode)
	}
}
