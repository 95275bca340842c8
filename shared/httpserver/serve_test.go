package httpserver

import (
	"cmp"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// startServing serves handler on a free port and returns its URL, what stops
// it, and where its end is reported. Requests under way get seconds to finish,
// unless cfg says otherwise.
func startServing(t *testing.T, cfg Config, private net.Listener, handler http.Handler) (url string, stop func(), ended <-chan error) {
	t.Helper()
	cfg.DrainTimeout = cmp.Or(cfg.DrainTimeout, 5*time.Second)
	public := freeListener(t)
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(cancel)
	done := make(chan error, 1)
	go func() { done <- serve(ctx, cfg, public, private, handler) }()
	return "http://" + public.Addr().String(), cancel, done
}

func freeListener(t *testing.T) net.Listener {
	t.Helper()
	l, err := listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func fetchStatus(t *testing.T, url string) (int, string) {
	t.Helper()
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(data)
}

func TestADrainingServerIsNotReadyButServesWhatComes(t *testing.T) {
	started, release := make(chan struct{}), make(chan struct{})
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/slow" {
			close(started)
			<-release
		}
		io.WriteString(w, "served")
	})
	url, stop, ended := startServing(t, Config{DrainDelay: 500 * time.Millisecond, DrainTimeout: 5 * time.Second}, nil, handler)
	for _, path := range []string{"/livez", "/readyz"} {
		if status, _ := fetchStatus(t, url+path); status != 200 {
			t.Errorf("%s before the drain: got %d, want 200", path, status)
		}
	}
	slow := make(chan string, 1)
	go func() {
		_, body := fetchStatus(t, url+"/slow")
		slow <- body
	}()
	<-started
	stop()
	waitFor(t, func() bool { status, _ := fetchStatus(t, url+"/readyz"); return status == 503 })
	if status, body := fetchStatus(t, url+"/page"); status != 200 || body != "served" {
		t.Errorf("a new request while draining: got %d %q", status, body)
	}
	if status, _ := fetchStatus(t, url+"/livez"); status != 200 {
		t.Errorf("/livez while draining: got %d, want 200", status)
	}
	waitFor(t, func() bool { return !accepts(strings.TrimPrefix(url, "http://")) })
	close(release)
	if body := <-slow; body != "served" {
		t.Errorf("the request under way: got %q", body)
	}
	if err := <-ended; err != nil {
		t.Errorf("got %v, want a complete drain", err)
	}
}

func TestAServerThatIsNotReadyServesAndSaysSo(t *testing.T) {
	var ready atomic.Bool
	url, _, _ := startServing(t, Config{Ready: ready.Load}, nil, http.NotFoundHandler())
	for _, want := range []int{503, 200} {
		if status, _ := fetchStatus(t, url+"/readyz"); status != want {
			t.Errorf("/readyz: got %d, want %d", status, want)
		}
		if status, _ := fetchStatus(t, url+"/livez"); status != 200 {
			t.Errorf("/livez: got %d, want 200", status)
		}
		if status, _ := fetchStatus(t, url+"/page"); status != 404 {
			t.Errorf("a page: got %d, want 404", status)
		}
		ready.Store(true)
	}
}

func TestADrainThatTakesTooLongIsCutAndSaid(t *testing.T) {
	started, release := make(chan struct{}), make(chan struct{})
	defer close(release)
	url, stop, ended := startServing(t, Config{DrainTimeout: 50 * time.Millisecond}, nil,
		http.HandlerFunc(func(http.ResponseWriter, *http.Request) { close(started); <-release }))
	go http.Get(url)
	<-started
	stop()
	if err := <-ended; err == nil || !strings.Contains(err.Error(), "cut off") {
		t.Errorf("got %v, want to hear of the request that was cut off", err)
	}
}

func TestATakenPortIsSaidInOneSentence(t *testing.T) {
	taken := freeListener(t)
	defer taken.Close()
	addr := taken.Addr().String()
	err := Serve(t.Context(), Config{Addr: addr}, http.NotFoundHandler())
	if want := "listen on " + addr + ": address already in use"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestMetricsAndProfilesArePrivate(t *testing.T) {
	private := freeListener(t)
	metrics := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "up 1") })
	url, stop, ended := startServing(t, Config{Metrics: metrics}, private, http.NotFoundHandler())
	side := "http://" + private.Addr().String()
	if status, body := fetchStatus(t, side+"/metrics"); status != 200 || body != "up 1" {
		t.Errorf("private /metrics: got %d %q", status, body)
	}
	if status, _ := fetchStatus(t, side+"/debug/pprof/cmdline"); status != 200 {
		t.Errorf("private profile: got %d", status)
	}
	for _, path := range []string{"/metrics", "/debug/pprof/", "/status"} {
		if status, _ := fetchStatus(t, url+path); status != 404 {
			t.Errorf("public %s: got %d, want 404", path, status)
		}
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

func accepts(addr string) bool {
	conn, err := net.Dial("tcp", addr)
	if err != nil {
		return false
	}
	conn.Close()
	return true
}

func waitFor(t *testing.T, done func() bool) {
	t.Helper()
	deadline := time.Now().Add(5 * time.Second)
	for !done() {
		if time.Now().After(deadline) {
			t.Fatal("waited in vain")
		}
		time.Sleep(5 * time.Millisecond)
	}
}

func TestTheVersionIsTold(t *testing.T) {
	url, _, _ := startServing(t, Config{}, nil, http.NotFoundHandler())
	status, body := fetchStatus(t, url+"/version")
	var version struct{ Version, Revision, Go *string }
	if err := json.Unmarshal([]byte(body), &version); err != nil || status != 200 {
		t.Fatalf("got %d %s, %v", status, body, err)
	}
	if version.Version == nil || version.Revision == nil || version.Go == nil || *version.Go != runtime.Version() {
		t.Errorf("got %s, want version, revision and %s", body, runtime.Version())
	}
}
