package pages

import (
	"fmt"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"
)

// Log remembers what became of every request that visitors sent, and when
// processes were killed.
type Log struct {
	mu       sync.Mutex
	took     []time.Duration
	failures []failedPage
	deaths   []span
	wrong    []string
}

type span struct{ from, to time.Time }

func (s span) overlaps(other span) bool { return !s.to.Before(other.from) && !other.to.Before(s.from) }

// failedPage is a request without an answer, or with an apology for one.
type failedPage struct {
	span
	request, why string
	excused      bool // it was a whole page that said when to come back
}

// Fetch sends a request and reads the answer whole. It returns false if that
// failed: no answer, half of one, or a status of 500 and above.
func (l *Log) Fetch(client *http.Client, req *http.Request) (Answer, bool) {
	start := time.Now()
	resp, page, err := Exchange(client, req)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.took = append(l.took, time.Since(start))
	f := failedPage{span: span{start, time.Now()}, request: req.Method + " " + req.URL.Path}
	switch {
	case req.Context().Err() != nil:
		return Answer{}, false // the visitor has left
	case err != nil:
		f.why = err.Error()
	case resp.StatusCode >= http.StatusInternalServerError:
		f.why, f.excused = resp.Status, IsApology(resp, page)
	default:
		return Answer{resp, page}, true
	}
	l.failures = append(l.failures, f)
	return Answer{}, false
}

// Wrongf notes what must not happen even while processes are killed.
func (l *Log) Wrongf(format string, args ...any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.wrong = append(l.wrong, fmt.Sprintf(format, args...))
}

// During notes that a process dies while do runs.
func (l *Log) During(do func()) {
	start := time.Now()
	do()
	l.mu.Lock()
	defer l.mu.Unlock()
	l.deaths = append(l.deaths, span{start, time.Now()})
}

// Sent returns how many requests were sent so far.
func (l *Log) Sent() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.took)
}

// Check fails the test for everything that went wrong and for every page that
// failed although none of the processes died while it was asked for. It returns
// how many failed because one did.
func (l *Log) Check(t *testing.T) (inside int) {
	t.Helper()
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, w := range l.wrong {
		t.Error(w)
	}
	for _, f := range l.failures {
		if slices.ContainsFunc(l.deaths, f.overlaps) {
			inside++
			continue
		}
		t.Errorf("%s failed from %s to %s, when no process died: %s", f.request, f.from.Format("05.000"), f.to.Format("05.000"), f.why)
	}
	return inside
}

// WantExcuses fails the test for failed pages that were no excuse.
func (l *Log) WantExcuses(t *testing.T) {
	t.Helper()
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, f := range l.failures {
		if !f.excused {
			t.Errorf("%s failed without an excuse: %s", f.request, f.why)
		}
	}
}

// Percentile returns how long all but the slowest requests took.
func (l *Log) Percentile(p int) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.took) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(l.took))
	return sorted[(len(sorted)-1)*p/100].Round(time.Millisecond)
}
