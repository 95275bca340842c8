package service

import (
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"runtime/metrics"
	"sync/atomic"
	"testing"
	"time"

	"bookstore/shared/authapi"
	"bookstore/shared/httpserver"
	"bookstore/shared/internal/webtest"
	"bookstore/shared/token"
)

func settings(delay, timeout time.Duration) Settings {
	return Settings{Server: httpserver.Config{Addr: "127.0.0.1:0", DrainDelay: delay, DrainTimeout: timeout}}
}

// start returns a process, and what tells it to stop.
func start(t *testing.T, s Settings) (*Process, context.CancelFunc) {
	t.Helper()
	webtest.CaptureLog(t) // puts the default logger back in the end
	ctx, stop := context.WithCancel(t.Context())
	p, err := Start(ctx, "testsvc", s)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	return p, stop
}

// authsvc answers with a key set and the sessions that have ended.
func authsvc(t *testing.T, keys token.KeyRing, ended func() []string) *httptest.Server {
	t.Helper()
	issuer, err := token.NewIssuer(keys, token.DefaultIssuer, token.DefaultAudience)
	if err != nil {
		t.Fatal(err)
	}
	return webtest.Serve(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/.well-known/jwks.json" {
			_, _ = w.Write(issuer.JWKS())
			return
		}
		_ = json.NewEncoder(w).Encode(authapi.Revocations{SessionIDs: ended()})
	}))
}

// A request may be under way for as long as draining takes. Somebody who signs
// out meanwhile is out, as ever.
func TestASessionThatEndsWhileRequestsAreDrainedIsRevoked(t *testing.T) {
	keys, err := token.ParseKeyRing(token.NewSeed())
	if err != nil {
		t.Fatal(err)
	}
	var ended, asked atomic.Bool
	auth := authsvc(t, keys, func() []string {
		defer asked.Store(true)
		if ended.Load() {
			return []string{"a-session"}
		}
		return nil
	})
	s := settings(0, 10*time.Second)
	p, stop := start(t, s)
	_, revocations, err := p.FollowTokens(auth.URL, authapi.NewClient(s.Client("authsvc", auth.URL, 0)))
	if err != nil {
		t.Fatal(err)
	}
	webtest.Await(t, asked.Load)
	stop()
	ended.Store(true)
	webtest.Await(t, func() bool { return revocations.Revoked("a-session") })
	p.Close()
	if p.Background().Err() == nil {
		t.Error("the background outlives the process")
	}
}

func TestWhatIsInHandEndsBeforeServeReturns(t *testing.T) {
	p, stop := start(t, settings(0, 10*time.Second))
	began := make(chan struct{})
	var done atomic.Bool
	time.AfterFunc(50*time.Millisecond, func() { <-began; stop() })
	err := p.Serve(http.NotFoundHandler(), Loop{Name: "slow", Every: time.Hour, Work: func(context.Context) (bool, error) {
		close(began)
		time.Sleep(300 * time.Millisecond)
		done.Store(true)
		return false, nil
	}})
	if err != nil || !done.Load() {
		t.Errorf("got %v; the turn in hand is done: %v", err, done.Load())
	}
}

// What hangs does not keep a process beyond the time that its settings name,
// after which it would be killed.
func TestGarbageGathersBeforeItIsCollected(t *testing.T) {
	start(t, settings(0, time.Second))
	runtime.GC()
	goal := []metrics.Sample{{Name: "/gc/heap/goal:bytes"}, {Name: "/gc/heap/live:bytes"}}
	metrics.Read(goal)
	if grows := goal[0].Value.Uint64() - goal[1].Value.Uint64(); grows < headroom {
		t.Errorf("the heap is collected after %d bytes, want at least %d", grows, headroom)
	}
}

func TestAStopTakesNoLongerThanTheSettingsSay(t *testing.T) {
	s := settings(100*time.Millisecond, 200*time.Millisecond)
	p, stop := start(t, s)
	release := make(chan struct{})
	defer close(release)
	time.AfterFunc(50*time.Millisecond, stop)
	hang := func(context.Context) (bool, error) { <-release; return false, nil }
	begin := time.Now()
	if err := p.Serve(http.NotFoundHandler(), Loop{Name: "hangs", Every: time.Hour, Work: hang}); err != nil {
		t.Error(err)
	}
	<-p.Background().Done()
	if took := time.Since(begin); took > s.StopTime() {
		t.Errorf("took %s, want %s at most", took, s.StopTime())
	}
}

func TestAProcessThatCannotServeEndsItsLoops(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	s := settings(0, time.Minute)
	s.Server.Addr = taken.Addr().String()
	p, _ := start(t, s)
	var turns atomic.Int32
	err = p.Serve(http.NotFoundHandler(), Loop{Name: "test", Every: time.Hour, Work: func(context.Context) (bool, error) {
		turns.Add(1)
		return false, io.EOF
	}})
	if err == nil || turns.Load() > 1 {
		t.Errorf("got %v after %d turns", err, turns.Load())
	}
}
