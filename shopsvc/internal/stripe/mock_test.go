package stripe_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"bookstore/shared/ports"
	"bookstore/shared/sqldb"
	"bookstore/shopsvc/internal/shop"
	"bookstore/shopsvc/internal/store"
	"bookstore/shopsvc/internal/stripe"
)

// Stripe's own mock server (github.com/stripe/stripe-mock) has no memory, but
// refuses every request that does not fit Stripe's description of its API.
func TestStripesMockServerTakesEveryRequest(t *testing.T) {
	db, err := sqldb.Open(t.Context(), sqldb.Config{URL: "sqlite:" + filepath.Join(t.TempDir(), "shop.db")}, store.Migrations)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	mock := &mockProxy{base: startMock(t), session: map[string]any{}}
	front := httptest.NewServer(mock.handler(t))
	defer front.Close()
	g := stripe.New(stripe.Config{SecretKey: "sk_test_123", WebhookSecret: webhookSecret, APIURL: front.URL}, db, time.Now)

	mock.session = map[string]any{"status": "open", "url": "https://checkout.stripe.com/x", "amount_total": charge.Amount, "currency": "usd"}
	expect(t, "begin", shop.PaymentRedirect)(g.Begin(t.Context(), charge))
	expect(t, "lookup", shop.PaymentRedirect)(g.Lookup(t.Context(), charge.Key))
	intent := map[string]any{"id": "pi_123", "object": "payment_intent", "status": "requires_capture"}
	mock.session["status"], mock.session["payment_intent"] = "complete", intent
	if _, err := g.Capture(t.Context(), charge.Key); err != nil {
		t.Errorf("capture: %v", err)
	}
	if err := g.Refund(t.Context(), charge.Key, "refund-1", 100); err != nil {
		t.Errorf("refund: %v", err)
	}
	if _, err := g.Void(t.Context(), charge.Key); err != nil {
		t.Errorf("void: %v", err)
	}
	mock.session["status"] = "open"
	_, _ = g.Void(t.Context(), charge.Key) // expires; the mock does not remember it
	want := []string{
		"POST /v1/checkout/sessions", "GET /v1/checkout/sessions/{id}", "POST /v1/checkout/sessions/{id}/expire",
		"POST /v1/payment_intents/{id}/capture", "POST /v1/payment_intents/{id}/cancel", "GET /v1/refunds", "POST /v1/refunds",
	}
	for _, call := range want {
		if status := mock.statuses()[call]; status != http.StatusOK {
			t.Errorf("%s: got %d, want 200", call, status)
		}
	}
}

// startMock builds and starts the mock server and returns its address.
func startMock(t *testing.T) *url.URL {
	t.Helper()
	program := filepath.Join(t.TempDir(), "stripe-mock")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", program, "github.com/stripe/stripe-mock").CombinedOutput(); err != nil {
		t.Fatalf("build stripe-mock: %v\n%s", err, out)
	}
	addr, err := ports.Address()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(program, "-http-addr", addr)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait()
	})
	for deadline := time.Now().Add(30 * time.Second); ; time.Sleep(50 * time.Millisecond) {
		if conn, err := net.Dial("tcp", addr); err == nil {
			conn.Close()
			return &url.URL{Scheme: "http", Host: addr}
		}
		if time.Now().After(deadline) {
			t.Fatal("stripe-mock did not start")
		}
	}
}

// mockProxy notes what the mock server answered, and gives its sessions the
// state that the mock can't remember.
type mockProxy struct {
	base    *url.URL
	session map[string]any
	mu      sync.Mutex
	seen    map[string]int
}

func (p *mockProxy) handler(t *testing.T) http.Handler {
	proxy := httputil.NewSingleHostReverseProxy(p.base)
	proxy.ModifyResponse = func(resp *http.Response) error {
		call := resp.Request.Method + " " + withoutIDs(resp.Request.URL.Path)
		p.mu.Lock()
		defer p.mu.Unlock()
		if p.seen == nil {
			p.seen = map[string]int{}
		}
		p.seen[call] = resp.StatusCode
		data, err := io.ReadAll(resp.Body)
		if err != nil {
			return err
		}
		if resp.StatusCode != http.StatusOK {
			t.Logf("%s: %s", call, data)
		} else if strings.HasPrefix(resp.Request.URL.Path, "/v1/checkout/sessions") {
			if data, err = overlay(data, p.session); err != nil {
				return err
			}
		}
		resp.Body = io.NopCloser(bytes.NewReader(data))
		resp.ContentLength = int64(len(data))
		resp.Header.Del("Content-Length")
		return nil
	}
	return proxy
}

func (p *mockProxy) statuses() map[string]int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.seen
}

// withoutIDs replaces the id in a path by {id}.
func withoutIDs(path string) string {
	parts := strings.Split(path, "/")
	for i, part := range parts {
		if strings.HasPrefix(part, "cs_") || strings.HasPrefix(part, "pi_") {
			parts[i] = "{id}"
		}
	}
	return strings.Join(parts, "/")
}

// overlay sets fields of a JSON object.
func overlay(data []byte, fields map[string]any) ([]byte, error) {
	var object map[string]any
	if err := json.Unmarshal(data, &object); err != nil {
		return nil, err
	}
	for k, v := range fields {
		object[k] = v
	}
	return json.Marshal(object)
}
