package docker

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"bookstore/deploy/internal/needs"
	"bookstore/deploy/internal/routes"
	"bookstore/shared/ports"
)

// balancer is HAProxy with the configuration of the containers, on ports of
// this machine and with a name server of the test's.
type balancer struct {
	names  *nameServer
	ports  map[string]int // by the port in the container, such as ":8080"
	server int            // the port of every server behind it
}

func startBalancer(t *testing.T) *balancer {
	t.Helper()
	program := needs.Program(t, "haproxy", "Debian: apt-get install haproxy")
	data, err := os.ReadFile("haproxy.cfg")
	if err != nil {
		t.Fatal(err)
	}
	b := &balancer{names: startNameServer(t), ports: map[string]int{}, server: freePort(t)}
	config := strings.Replace(string(data), "parse-resolv-conf", "nameserver test "+b.names.addr, 1)
	config = regexp.MustCompile(`bind (:\d+)`).ReplaceAllStringFunc(config, func(bind string) string {
		port := freePort(t)
		b.ports[strings.TrimPrefix(bind, "bind ")] = port
		return fmt.Sprintf("bind 127.0.0.1:%d", port)
	})
	config = regexp.MustCompile(`(server.* [a-z0-9-]+):\d+`).ReplaceAllString(config, fmt.Sprintf("${1}:%d", b.server))
	path := filepath.Join(t.TempDir(), "haproxy.cfg")
	if err := os.WriteFile(path, []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	startProgram(t, exec.Command(program, "-db", "-f", path))
	return b
}

// startProgram starts a program that ends with the test. What it says is shown
// if the test fails.
func startProgram(t *testing.T, cmd *exec.Cmd) {
	t.Helper()
	log, err := os.Create(filepath.Join(t.TempDir(), "log"))
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stdout, cmd.Stderr = log, log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait() // it was killed
		if said, err := os.ReadFile(log.Name()); err == nil && t.Failed() {
			t.Logf("%s said:\n%s", filepath.Base(cmd.Path), said)
		}
		log.Close()
	})
}

func (b *balancer) url(port, path string) string {
	return fmt.Sprintf("http://127.0.0.1:%d%s", b.ports[port], path)
}

// instance is a program behind the balancer. It answers with its name.
type instance struct {
	addr     string
	draining atomic.Bool
	stop     func()
}

// startInstance starts one at an address of the loopback network.
func (b *balancer) startInstance(t *testing.T, name, ip string) *instance {
	t.Helper()
	listener, err := net.Listen("tcp", fmt.Sprintf("%s:%d", ip, b.server))
	if err != nil {
		t.Fatal(err)
	}
	i := &instance{addr: ip}
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/readyz" && i.draining.Load() {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
		io.WriteString(w, name)
	})}
	i.stop = func() { server.Close() }
	t.Cleanup(i.stop)
	go server.Serve(listener)
	return i
}

func freePort(t *testing.T) int {
	t.Helper()
	port, err := ports.Reserve()
	if err != nil {
		t.Fatal(err)
	}
	return port
}

// get returns the status and body of an answer on a connection of its own.
func get(t *testing.T, url string) (int, string) {
	t.Helper()
	client := &http.Client{Timeout: 5 * time.Second, Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.Get(url)
	if err != nil {
		return 0, err.Error()
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return resp.StatusCode, string(body)
}

// answering returns who answers twelve requests, each once, in order.
func answering(t *testing.T, url string) []string {
	var who []string
	for range 12 {
		status, body := get(t, url)
		if status != http.StatusOK {
			body = fmt.Sprint(status)
		}
		if !slices.Contains(who, body) {
			who = append(who, body)
		}
	}
	slices.Sort(who)
	return who
}

func eventually(t *testing.T, what string, done func() bool) {
	t.Helper()
	deadline := time.Now().Add(20 * time.Second)
	for !done() {
		if time.Now().After(deadline) {
			t.Fatalf("waited in vain until %s", what)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

func TestFrontendsAreFoundByNameHoweverManyThereAre(t *testing.T) {
	t.Parallel()
	b := startBalancer(t)
	first := b.startInstance(t, "first", "127.0.1.1")
	second := b.startInstance(t, "second", "127.0.1.2")
	third := b.startInstance(t, "third", "127.0.1.3")
	page := b.url(":8080", "/books")

	b.names.set("frontend", first.addr)
	eventually(t, "the only frontend serves", func() bool { return slices.Equal(answering(t, page), []string{"first"}) })

	b.names.set("frontend", first.addr, second.addr, third.addr)
	eventually(t, "three frontends take turns", func() bool {
		return slices.Equal(answering(t, page), []string{"first", "second", "third"})
	})

	b.names.set("frontend", third.addr)
	eventually(t, "one is left", func() bool { return slices.Equal(answering(t, page), []string{"third"}) })
}

func TestAFrontendThatDiesOrDrainsIsPassedOver(t *testing.T) {
	t.Parallel()
	b := startBalancer(t)
	dying := b.startInstance(t, "dying", "127.0.1.1")
	draining := b.startInstance(t, "draining", "127.0.1.2")
	b.startInstance(t, "staying", "127.0.1.3")
	b.names.set("frontend", "127.0.1.1", "127.0.1.2", "127.0.1.3")
	page := b.url(":8080", "/")
	eventually(t, "all three serve", func() bool { return len(answering(t, page)) == 3 })

	dying.stop() // and the name still leads there
	if who := answering(t, page); slices.ContainsFunc(who, func(s string) bool { return strings.HasPrefix(s, "5") }) {
		t.Errorf("a dead frontend was noticed by visitors: %v", who)
	}
	draining.draining.Store(true)
	eventually(t, "only one gets requests", func() bool { return slices.Equal(answering(t, page), []string{"staying"}) })
}

func TestTheNameServerMayBeAway(t *testing.T) {
	t.Parallel()
	b := startBalancer(t)
	b.startInstance(t, "shop", "127.0.1.1")
	b.names.set("frontend", "127.0.1.1")
	eventually(t, "the frontend serves", func() bool { status, _ := get(t, b.url(":8080", "/")); return status == 200 })
	b.names.set("frontend") // an answer that there is no such name
	for end := time.Now().Add(4 * time.Second); time.Now().Before(end); time.Sleep(200 * time.Millisecond) {
		if status, body := get(t, b.url(":8080", "/")); status != 200 {
			t.Fatalf("got %d %s while the name was gone", status, body)
		}
	}
}

func TestRequestsGoWhereTheyBelong(t *testing.T) {
	t.Parallel()
	b := startBalancer(t)
	for i, name := range programs {
		ip := fmt.Sprintf("127.0.2.%d", i+1)
		b.startInstance(t, name, ip)
		b.names.set(name, ip)
		eventually(t, name+" is found", func() bool { return strings.Contains(b.status(t), serverUp(name)) })
	}
	for path, want := range map[string]string{
		"/":                            "frontend",
		"/books/7":                     "frontend",
		"/v1":                          "frontend",
		"/v1/users":                    "authsvc",
		"/v1/sessions/current":         "authsvc",
		"/.well-known/jwks.json":       "authsvc",
		"/v1/books?q=it":               "catalogsvc",
		"/v1/categories":               "catalogsvc",
		"/v1/covers/abc":               "catalogsvc",
		"/v1/openapi/auth.json":        "authsvc",
		"/v1/openapi/catalog.json":     "catalogsvc",
		"/v1/openapi/shop.json":        "shopsvc",
		"/v1/openapi/none.json":        "404",
		"/v1/":                         "404",
		"/v1/imports/1":                "404",
		"/v1/cart":                     "shopsvc",
		"/v1/orders":                   "shopsvc",
		"/v1/payment-events/sandbox":   "shopsvc",
		"/v1/delivery-providers":       "shopsvc",
		"/metrics":                     "frontend",
		"/debug/pprof/":                "frontend",
		"/internal/revocations":        "404",
		"/internal/reservations/1":     "404",
		"/%69nternal/revocations":      "404",
		"/internal":                    "404",
		"/internal%2Freservations%2F1": "404",
		"/v1/internal-looking":         "404",
	} {
		status, body := get(t, b.url(":8080", path))
		got := body
		if status != 200 {
			got = fmt.Sprint(status)
		}
		if got != want {
			t.Errorf("%s: got %s, want %s", path, got, want)
		}
	}
	for port, want := range map[string]string{":8081": "authsvc", ":8082": "catalogsvc", ":8083": "shopsvc"} {
		if _, got := get(t, b.url(port, "/internal/anything")); got != want {
			t.Errorf("between the services, port %s leads to %s, want %s", port, got, want)
		}
	}
}

func (b *balancer) status(t *testing.T) string {
	_, body := get(t, b.url(":8404", "/metrics"))
	return body
}

// serverUp is how HAProxy's metrics say that a backend has a server.
func serverUp(backend string) string {
	return fmt.Sprintf("haproxy_backend_active_servers{proxy=%q} 1", backend)
}

func TestTheBalancerSendsEachPathToTheServiceThatListsIt(t *testing.T) {
	data, err := os.ReadFile("haproxy.cfg")
	if err != nil {
		t.Fatal(err)
	}
	if want := routes.HAProxy(); !strings.Contains(string(data), want) {
		t.Errorf("haproxy.cfg lacks the lines\n%s", want)
	}
}

func TestThePublishedConfigurationIsValid(t *testing.T) {
	out, err := exec.Command(needs.Program(t, "haproxy", "Debian: apt-get install haproxy"), "-c", "-f", "haproxy.cfg").CombinedOutput()
	if err != nil || strings.Contains(string(out), "WARNING") {
		t.Errorf("%v\n%s", err, out)
	}
}
