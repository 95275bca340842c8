package resilience

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"bookstore/deploy/internal/cluster"
	"bookstore/deploy/internal/pages"
	"bookstore/deploy/internal/shoptest"
)

// How long each backend is away, such as
//
//	go test ./deploy/e2e/resilience -run BackendIsAway -down-for 30s -v
//
// At most a minute, for which the catalog is cached.
var downFor = flag.Duration("down-for", 5*time.Second, "how long each backend is away, at most a minute")

// cacheFresh is longer than the frontend shows an answer of the catalog
// without asking again.
const cacheFresh = 2 * time.Second

// backends begin with the one whose pages must not have been seen before.
var backends = []string{cluster.Catalog, cluster.Auth, cluster.Shop}

func TestWhatWorksWhileABackendIsAwayIsKnown(t *testing.T) {
	h := newOutageShop(t, cluster.Options{})
	h.wantInREADME(t)
	h.await(t, "at first")
	fmt.Println("What works while a backend is away")
	for _, program := range backends {
		h.warm(t)
		p := h.Processes(program)[0]
		if err := p.Kill(); err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		time.Sleep(cacheFresh)
		for n := 0; n == 0 || time.Since(began) < *downFor; n++ {
			h.wantWithout(t, program, program+" is killed")
			time.Sleep(500 * time.Millisecond)
		}
		back := time.Now()
		if err := p.Start(); err != nil {
			t.Fatal(err)
		}
		h.await(t, program+" is back")
		fmt.Printf("  %s was away for %.0f s: all as in the README; everything whole %.1f s after its start\n",
			program, back.Sub(began).Seconds(), time.Since(back).Seconds())
	}
	t.Run("a seller is suspended meanwhile", func(t *testing.T) { suspendSeller(t, h.Shop) })
}

// fault is what a backend that was built with the tag faults is told to do.
type fault struct {
	LatencyMS int     `json:"latency_ms"`
	Errors    float64 `json:"errors"`
	Down      bool    `json:"down"`
}

func TestABackendThatHangsOrFailsOrHangsUpIsTakenForOneThatIsAway(t *testing.T) {
	h := newOutageShop(t, cluster.Options{Bin: shoptest.FaultyPrograms(t), Private: true})
	for _, program := range backends {
		for name, f := range map[string]fault{"hangs": {LatencyMS: 60_000}, "fails": {Errors: 1}, "hangs up": {Down: true}} {
			h.warm(t)
			tell(t, h.Processes(program)[0], f)
			if program == cluster.Catalog {
				time.Sleep(cacheFresh)
			}
			h.wantWithout(t, program, program+" "+name)
			tell(t, h.Processes(program)[0], fault{})
			h.await(t, program+" is well again")
		}
	}
}

// tell switches a program's faults.
func tell(t *testing.T, p *cluster.Process, f fault) {
	t.Helper()
	text, err := json.Marshal(f)
	if err != nil {
		t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPut, p.PrivateURL+"/faults", strings.NewReader(string(text)))
	if err != nil {
		t.Fatal(err)
	}
	resp, said, err := pages.Exchange(http.DefaultClient, req)
	if err != nil || resp.StatusCode != http.StatusNoContent {
		t.Fatalf("tell %s to fail: %v %s", p.Name, err, said)
	}
}

// warm looks at the pages that are to be cached.
func (h *outageShop) warm(t *testing.T) {
	t.Helper()
	for _, s := range h.services {
		if s.catalog == stale {
			for _, fault := range h.faults(t, s, whole) {
				t.Error(fault)
			}
		}
	}
}

// await waits until everything is whole.
func (h *outageShop) await(t *testing.T, when string) {
	t.Helper()
	var faults []string
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(100 * time.Millisecond) {
		faults = nil
		for _, s := range h.services {
			if !s.unseen {
				faults = append(faults, h.faults(t, s, whole)...)
			}
		}
		if len(faults) == 0 {
			return
		}
	}
	t.Fatalf("%s, and not everything works:\n%s", when, strings.Join(faults, "\n"))
}

// wantWithout wants every service to be as it should while a backend is away.
func (h *outageShop) wantWithout(t *testing.T, program, why string) {
	t.Helper()
	var all sync.WaitGroup
	for _, s := range h.services {
		all.Go(func() {
			for _, fault := range h.faults(t, s, s.without(program)) {
				t.Errorf("%s: %s", why, fault)
			}
		})
	}
	all.Wait()
}

// pageDeadline is longer than any page may take, on a machine that is busy.
const pageDeadline = 20 * time.Second

// faults asks for a service's pages, all at once, and returns what is not as
// expected.
func (h *outageShop) faults(t *testing.T, s service, expected string) []string {
	ctx, cancel := context.WithTimeout(t.Context(), pageDeadline)
	defer cancel()
	faults := make([]string, len(s.pages))
	var all sync.WaitGroup
	for i, r := range s.pages {
		all.Go(func() {
			if fault := r.fault(ctx, expected); fault != "" {
				faults[i] = fmt.Sprintf("%s: %s %s of %s: want %s: %s", s.name, r.method, r.path, r.who.Account.Name, expected, fault)
			}
		})
	}
	all.Wait()
	return slices.DeleteFunc(faults, func(fault string) bool { return fault == "" })
}

// fault asks for a page and returns what is wrong with it, if it is to be as
// expected.
func (r request) fault(ctx context.Context, expected string) string {
	a, err := r.ask(ctx)
	if err != nil {
		return err.Error()
	}
	if fault := faultOf(a, r, expected); fault != "" {
		return a.Status + ": " + fault
	}
	return ""
}

func (r request) ask(ctx context.Context) (pages.Answer, error) {
	browser := r.who.Browser
	if r.path == "/login" { // each address and each browser may fail only so often
		r.fields, browser = with(r.fields, "email", shoptest.NewEmail()), pages.NewBrowser()
	}
	req, err := http.NewRequestWithContext(ctx, r.method, r.who.Shop.URL+r.path, strings.NewReader(r.fields.Encode()))
	if err != nil {
		return pages.Answer{}, err
	}
	if r.method == http.MethodPost {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	resp, page, err := pages.Exchange(browser, req)
	return pages.Answer{Response: resp, Page: page}, err
}

// wantInREADME wants the README's table to be what is tested here.
func (h *outageShop) wantInREADME(t *testing.T) {
	t.Helper()
	root, err := cluster.Root(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	readme, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(readme), "\n")
	for _, s := range h.services {
		if !slices.Contains(lines, s.row()) {
			t.Errorf("the README lacks the line\n%s", s.row())
		}
	}
}
