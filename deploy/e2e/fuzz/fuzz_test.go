// Package fuzz sends requests that nobody would write to every operation that
// the APIs document, and proves that none is answered with a failure of ours, and
// that what is refused changes nothing.
package fuzz

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"bookstore/deploy/internal/cluster"
	"bookstore/deploy/internal/shoptest"
	"bookstore/shared/idempotency"
)

var (
	requests = flag.Int("requests", 2000, "how many requests to make up")
	seed     = flag.Uint64("seed", 1, "of the dice: the same again makes up the same requests")
)

// batch is how many requests are made up before new people send the next ones,
// since requests may end sessions, and how many are sent again at once.
const batch = 200

// patience is how long an answer may take on a busy machine.
const patience = 20 * time.Second

func TestNoRequestBreaksTheAPIs(t *testing.T) {
	s := shoptest.Open(t, cluster.Options{})
	operations := documented(t, s)
	dice := rand.New(rand.NewPCG(*seed, 0))
	statuses, unchanged := map[int]int{}, 0
	for sent := 0; sent < *requests; sent += batch {
		g := generator{dice, callers(t, s), fmt.Sprint(s.List(t, s.RegisterSeller(t, "Shelf of "+shoptest.NewEmail()), "Dracula", 900, 3).ID)}
		var refused []request
		for range batch {
			r := g.request(operations[dice.IntN(len(operations))])
			status := send(t, r)
			statuses[status/100*100]++
			if status/100 == 4 {
				refused = append(refused, r)
			}
		}
		if sendsAgainWithoutChange(t, s, refused) {
			unchanged += len(refused)
		}
	}
	shoptest.Table(t, "made-up requests", "operations", len(operations), "statuses", statuses, "refused again without a change", unchanged)
	if unchanged == 0 {
		t.Error("of no refused requests it was proven that they change nothing")
	}
}

// sendsAgainWithoutChange sends requests that were refused once more, and fails the
// test if they change a database. It reports whether that was proven: it is not
// if one of them is obeyed this time.
func sendsAgainWithoutChange(t *testing.T, s *shoptest.Shop, refused []request) bool {
	t.Helper()
	var changed []string
	for range 3 { // what a program does by itself, such as telling another who sells, ends
		before := contents(t, s)
		for _, r := range refused {
			if send(t, r)/100 != 4 {
				return false
			}
		}
		if changed = differences(before, contents(t, s)); len(changed) == 0 {
			return true
		}
	}
	t.Errorf("requests that were refused changed %s", strings.Join(changed, "\n"))
	return false
}

// differences says which tables have other rows than before.
func differences(before, after map[string]string) []string {
	var all []string
	for table, rows := range after {
		if before[table] != rows {
			all = append(all, fmt.Sprintf("%s from\n%.2000s\nto\n%.2000s", table, before[table], rows))
		}
	}
	return all
}

// callers are those who send requests: nobody, and one of each role.
func callers(t *testing.T, s *shoptest.Shop) []string {
	t.Helper()
	return []string{
		"", s.Register(t, "Buyer").Token, s.RegisterSeller(t, "Shelf of "+shoptest.NewEmail()).Token, s.SignIn(t, shoptest.Admin).Token,
	}
}

// request is what is sent to a program.
type request struct {
	method, url string
	header      http.Header
	body        []byte
}

func (r request) String() string {
	return fmt.Sprintf("%s %.200s %v %.300q", r.method, r.url, r.header, r.body)
}

// internals are words that an answer to a stranger must not have.
var internals = regexp.MustCompile(`(?i)goroutine|\.go:\d|panic|sqlite|mysql|\bselect .* from\b|/internal/(store|api)|runtime error|stack`)

// client keeps no more connections than it has requests under way, which is one.
var client = &http.Client{Timeout: patience}

// send sends a request and returns the status of the answer.
func send(t *testing.T, r request) int {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), r.method, r.url, bytes.NewReader(r.body))
	if err != nil {
		t.Fatalf("%s: %v", r, err)
	}
	req.Header = r.header.Clone()
	resp, err := client.Do(req)
	if err != nil {
		t.Fatalf("%s: %v", r, err)
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatalf("%s: %v", r, err)
	}
	if resp.StatusCode >= 500 {
		t.Errorf("%s: got %s %.300s", r, resp.Status, answer)
	}
	if found := internals.Find(answer); resp.StatusCode >= 400 && found != nil {
		t.Errorf("%s: the answer says %q: %.300s", r, found, answer)
	}
	return resp.StatusCode
}

// header returns what most requests carry.
func header(token, key string) http.Header {
	h := http.Header{"Content-Type": {"application/json"}, idempotency.Header: {key}}
	if token != "" {
		h.Set("Authorization", "Bearer "+token)
	}
	return h
}
