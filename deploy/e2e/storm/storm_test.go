// Package storm proves that hundreds who guess a password at once keep nobody from
// the shop, and not its owner from the account.
package storm

import (
	"context"
	"flag"
	"fmt"
	"net/http"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"bookstore/deploy/internal/cluster"
	"bookstore/deploy/internal/pages"
	"bookstore/deploy/internal/shoptest"
)

var strangers = flag.Int("strangers", 300, "how many guess at once, each from another network")

// maxMemory is what authsvc may take: what it lives on, and room for the password
// that each core hashes and those that are not collected yet.
var maxMemory = float64(128<<20 + runtime.NumCPU()*(5*19<<20))

func TestTheOwnerSignsInAndPagesAnswerWhileHundredsGuess(t *testing.T) {
	s := shoptest.OpenOn(t, "sqlite", cluster.Options{Private: true})
	owner := s.Register(t, "Olga Owner")
	known := s.SignedIn(t, owner)
	var before, during pages.Log
	for range 20 {
		readOnce(s.URL, &before)
	}
	storm, end := context.WithCancel(t.Context())
	var guessed, peak atomic.Int64
	var all sync.WaitGroup
	for i := range *strangers {
		all.Go(func() { guess(t, storm, s, owner.Email, i, &guessed) })
	}
	for range 3 {
		all.Go(func() {
			for storm.Err() == nil {
				readOnce(s.URL, &during)
			}
		})
	}
	all.Go(func() {
		for storm.Err() == nil {
			peak.Store(max(peak.Load(), int64(memory(t, s.Processes(cluster.Auth)[0]))))
			time.Sleep(50 * time.Millisecond)
		}
	})
	for i := 0; i < 3 || guessed.Load() < int64(*strangers); i++ {
		signIn(t, known, s.URL, owner)
	}
	end()
	all.Wait()
	t.Logf("%d guesses, %d pages read in %v (p99 %v; %v before), authsvc took up to %d MB", guessed.Load(), during.Sent(),
		during.Percentile(50), during.Percentile(99), before.Percentile(50), peak.Load()>>20)
	if during.Check(t); during.Sent() == 0 || float64(peak.Load()) > maxMemory {
		t.Errorf("%d pages were read, and authsvc took %d bytes, want some and at most %.0f", during.Sent(), peak.Load(), maxMemory)
	}
}

// guess tries wrong passwords until the storm ends. Each is refused, for one reason
// or another, and never by a fault.
func guess(t *testing.T, storm context.Context, s *shoptest.Shop, email string, i int, guessed *atomic.Int64) {
	client := pages.NewBrowser()
	for storm.Err() == nil {
		body := pages.Form("email", email, "password", fmt.Sprintf("guess of stranger %d", i)).Encode()
		req, _ := http.NewRequest(http.MethodPost, s.URL+"/login", strings.NewReader(body))
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header.Set("X-Forwarded-For", fmt.Sprintf("198.%d.%d.7", 18+i/256, i%256))
		resp, _, err := pages.Exchange(client, req)
		if err != nil {
			t.Errorf("stranger %d: %v", i, err)
			return
		}
		switch resp.StatusCode {
		case http.StatusUnprocessableEntity:
		case http.StatusTooManyRequests, http.StatusServiceUnavailable:
			if resp.Header.Get("Retry-After") == "" {
				t.Errorf("stranger %d: %s without Retry-After", i, resp.Status)
			}
		default:
			t.Errorf("stranger %d: %s", i, resp.Status)
		}
		guessed.Add(1)
		time.Sleep(100 * time.Millisecond)
	}
}

// signIn signs the owner in again. There may be no room to hash a password for a
// moment, but nothing that strangers do is held against a known browser.
func signIn(t *testing.T, known *http.Client, url string, owner shoptest.Account) {
	t.Helper()
	for {
		resp, err := known.PostForm(url+"/login", pages.Form("email", owner.Email, "password", owner.Password))
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		switch resp.StatusCode {
		case http.StatusSeeOther:
			return
		case http.StatusServiceUnavailable:
			time.Sleep(100 * time.Millisecond)
		default:
			t.Fatalf("the owner: %s", resp.Status)
		}
	}
}

// readOnce reads pages as a visitor does who comes for the first time.
func readOnce(shop string, log *pages.Log) {
	visitor := pages.NewBrowser()
	for _, path := range []string{"/", "/books", "/login"} {
		req, _ := http.NewRequest(http.MethodGet, shop+path, nil)
		log.Fetch(visitor, req)
	}
}

var resident = regexp.MustCompile(`(?m)^process_resident_memory_bytes (\S+)$`)

// memory returns how many bytes a process takes.
func memory(t *testing.T, p *cluster.Process) float64 {
	text, err := p.Metrics(context.Background())
	if err != nil {
		t.Error(err)
		return 0
	}
	match := resident.FindStringSubmatch(text)
	if match == nil {
		t.Error("the process does not tell its memory")
		return 0
	}
	bytes, err := strconv.ParseFloat(match[1], 64)
	if err != nil {
		t.Error(err)
	}
	return bytes
}
