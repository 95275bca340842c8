package httpserver_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"bookstore/shared/apierr"
	"bookstore/shared/httpclient"
	"bookstore/shared/httpserver"
	"bookstore/shared/internal/webtest"
)

const serviceKey = "0123456789abcdef0123456789abcdef"

// classes are those of the paths of a desk.
var classes = map[string]httpserver.Class{
	"/livez": httpserver.Unqueued, "/checkout": httpserver.Checkout, "/browsing": httpserver.Browsing,
	"/search": httpserver.Search, "/heavy": httpserver.Heavy,
}

func classOf(r *http.Request) httpserver.Class { return classes[r.URL.Path] }

// desk is a server whose requests are answered when the test says so.
type desk struct {
	*httptest.Server
	done map[string]chan struct{} // by path

	mu      sync.Mutex
	entered []string // paths
	answers sync.WaitGroup
}

func newDesk(t *testing.T, limits httpserver.Limits) *desk {
	d := &desk{done: map[string]chan struct{}{}}
	for path := range classes {
		d.done[path] = make(chan struct{})
	}
	options := httpserver.Options{Limits: limits, Class: classOf, ServiceKey: serviceKey}
	d.Server = webtest.Serve(t, httpserver.Wrap(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		d.mu.Lock()
		d.entered = append(d.entered, r.URL.Path)
		d.mu.Unlock()
		<-d.done[r.URL.Path]
	}), options))
	return d
}

// came returns the paths of the requests that were let in, in order.
func (d *desk) came() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.entered)
}

// ask sends n requests one after the other and returns when each was let in or
// waits.
func (d *desk) ask(t *testing.T, path string, n int) {
	t.Helper()
	for range n {
		before := len(d.came()) + queued(t)
		d.answers.Go(func() {
			resp, err := http.Get(d.URL + path)
			if err != nil {
				t.Error(err)
				return
			}
			if webtest.ReadAll(t, resp); resp.StatusCode != http.StatusOK {
				t.Errorf("%s: answered %d", path, resp.StatusCode)
			}
		})
		webtest.Await(t, func() bool { return len(d.came())+queued(t) > before })
	}
}

// finish has a request of this path answered and waits for the next to come.
func (d *desk) finish(t *testing.T, path string) {
	t.Helper()
	before := len(d.came())
	d.done[path] <- struct{}{}
	webtest.Await(t, func() bool { return len(d.came()) > before })
}

func (d *desk) finishAll() {
	for _, done := range d.done {
		close(done)
	}
	d.answers.Wait()
}

func queued(t *testing.T) int {
	t.Helper()
	n := 0.0
	for _, waiting := range webtest.Series(t, "http_server_requests_queued") {
		n += waiting
	}
	return int(n)
}

func TestTheMostUrgentIsLetInFirst(t *testing.T) {
	webtest.CaptureLog(t)
	d := newDesk(t, httpserver.Limits{Active: 8, Queued: 10, Wait: time.Minute})
	for _, path := range []string{"/browsing", "/search", "/heavy", "/checkout"} {
		d.ask(t, path, 1) // on the place of its class alone
	}
	d.ask(t, "/browsing", 4) // on those for all
	for _, path := range []string{"/heavy", "/search", "/browsing", "/checkout"} {
		d.ask(t, path, 2)
	}
	if got := len(d.came()); got != 8 {
		t.Fatalf("%d let in, want 8", got)
	}
	for range 5 {
		d.finish(t, "/browsing")
	}
	want := []string{"/checkout", "/checkout", "/browsing", "/browsing", "/search"}
	if got := d.came()[8:]; !slices.Equal(got, want) {
		t.Errorf("let in %v, want %v", got, want)
	}
	d.finishAll()
	if got := len(d.came()); got != 16 {
		t.Errorf("%d let in after all, want 16", got)
	}
}

func TestNoClassShutsAnotherOut(t *testing.T) {
	webtest.CaptureLog(t)
	d := newDesk(t, httpserver.Limits{Active: 8, Queued: 10, Wait: time.Minute})
	d.ask(t, "/checkout", 10)
	if got := len(d.came()); got != 5 {
		t.Errorf("%d checkouts let in, want 5", got)
	}
	for i, path := range []string{"/browsing", "/search", "/heavy", "/livez", "/livez"} {
		d.ask(t, path, 1)
		if got := d.came(); len(got) != 6+i || got[5+i] != path {
			t.Errorf("%s waits behind checkouts: %v", path, got)
		}
	}
	d.finishAll()
}

func TestWhatIsTooMuchIsRefusedAndLaterTaken(t *testing.T) {
	webtest.CaptureLog(t)
	d := newDesk(t, httpserver.Limits{Active: 8, Queued: 3, Wait: time.Minute})
	d.ask(t, "/browsing", 5+3)
	for range 3 {
		resp, body := webtest.Get(t, d.URL+"/browsing")
		if e := webtest.Problem(t, body); resp.StatusCode != http.StatusServiceUnavailable || e.Code != apierr.CodeOverloaded {
			t.Errorf("answered %d %s", resp.StatusCode, body)
		}
		if resp.Header.Get("Retry-After") == "" {
			t.Error("not told when to come back")
		}
	}
	d.finishAll()
	if resp, body := webtest.Get(t, d.URL+"/browsing"); resp.StatusCode != http.StatusOK {
		t.Errorf("afterwards: answered %d %s", resp.StatusCode, body)
	}
}

func TestNobodyWaitsForLong(t *testing.T) {
	webtest.CaptureLog(t)
	d := newDesk(t, httpserver.Limits{Active: 8, Queued: 10, Wait: 10 * time.Millisecond})
	d.ask(t, "/browsing", 5)
	if resp, body := webtest.Get(t, d.URL+"/browsing"); resp.StatusCode != http.StatusServiceUnavailable {
		t.Errorf("answered %d %s", resp.StatusCode, body)
	}
	d.finishAll()
	if got := len(d.came()); got != 5 {
		t.Errorf("%d let in, want the five that had a place", got)
	}
}

func TestWhoSendsSlowlyHoldsNobodyUp(t *testing.T) {
	webtest.CaptureLog(t)
	d := newDesk(t, httpserver.Limits{Active: 8, Queued: 10, Wait: time.Minute})
	var senders []*io.PipeWriter
	for range 9 {
		body, sender := io.Pipe()
		senders = append(senders, sender)
		d.answers.Go(func() {
			resp, err := http.Post(d.URL+"/browsing", "text/plain", body)
			if err != nil {
				t.Error(err)
				return
			}
			webtest.ReadAll(t, resp)
		})
		io.WriteString(sender, "a beginning")
	}
	d.ask(t, "/browsing", 1)
	if got := len(d.came()); got != 1 {
		t.Errorf("%d let in, want the one that is all there", got)
	}
	for _, sender := range senders {
		sender.Close()
	}
	d.finishAll()
}

func TestABodyArrivesWholeHoweverLarge(t *testing.T) {
	webtest.CaptureLog(t)
	handler := httpserver.Wrap(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		data, err := io.ReadAll(r.Body)
		fmt.Fprint(w, len(data), err)
	}), httpserver.Options{MaxBody: 200_000, Limits: httpserver.Limits{Active: 8, Wait: time.Second}, Class: classOf})
	srv := webtest.Serve(t, handler)
	for size, want := range map[int]string{
		0: "0 <nil>", 10: "10 <nil>", 64 << 10: "65536 <nil>", 200_000: "200000 <nil>",
		200_001: "200000 http: request body too large",
	} {
		if _, got := webtest.Post(t, srv.URL+"/browsing", "text/plain", strings.Repeat("x", size)); got != want {
			t.Errorf("%d bytes: handler read %s, want %s", size, got, want)
		}
	}
}

func TestACallIsAsUrgentAsTheRequestThatCausesIt(t *testing.T) {
	webtest.CaptureLog(t)
	d := newDesk(t, httpserver.Limits{Active: 8, Queued: 0, Wait: time.Minute})
	d.ask(t, "/browsing", 5) // and no more
	caller := webtest.Serve(t, httpserver.Wrap(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		client := httpclient.New(httpclient.Config{Name: "desk", BaseURL: d.URL, ServiceKey: r.Header.Get("Key")})
		if err := client.Do(r.Context(), http.MethodPost, "/browsing", nil, nil); err != nil {
			httpserver.WriteProblem(w, r, err)
		}
	}), httpserver.Options{Limits: httpserver.Limits{Active: 8, Wait: time.Minute}, Class: classOf}))
	for _, tt := range []struct {
		path, key string
		letIn     bool
	}{
		{"/browsing", serviceKey, false},
		{"/checkout", "of a stranger, who may not say so", false},
		{"/checkout", serviceKey, true},
	} {
		before := len(d.came())
		req, _ := http.NewRequest(http.MethodGet, caller.URL+tt.path, nil)
		req.Header.Set("Key", tt.key)
		status := make(chan int, 1)
		d.answers.Go(func() {
			resp, err := http.DefaultClient.Do(req)
			if err != nil {
				t.Error(err)
				return
			}
			webtest.ReadAll(t, resp)
			status <- resp.StatusCode
		})
		if tt.letIn {
			webtest.Await(t, func() bool { return len(d.came()) > before })
		} else if got := <-status; got != http.StatusServiceUnavailable {
			t.Errorf("%s for %s: answered %d", tt.path, tt.key, got)
		}
	}
	d.finishAll()
}
