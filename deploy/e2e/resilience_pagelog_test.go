package e2e

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// pageLog remembers what became of every request that visitors sent, and when
// processes were killed.
type pageLog struct {
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

// answer is an answer that came whole.
type answer struct {
	*http.Response
	page string
}

func (a answer) status() string {
	if a.Response == nil {
		return "no answer"
	}
	return a.Status
}

// fetch sends a request and reads the answer whole. It returns false if that
// failed: no answer, half of one, or a status of 500 and above.
func (l *pageLog) fetch(client *http.Client, req *http.Request) (answer, bool) {
	start := time.Now()
	resp, page, err := exchange(client, req)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.took = append(l.took, time.Since(start))
	f := failedPage{span: span{start, time.Now()}, request: req.Method + " " + req.URL.Path}
	switch {
	case req.Context().Err() != nil:
		return answer{}, false // the visitor has left
	case err != nil:
		f.why = err.Error()
	case resp.StatusCode >= http.StatusInternalServerError:
		f.why, f.excused = resp.Status, isExcuse(resp, page)
	default:
		return answer{resp, page}, true
	}
	l.failures = append(l.failures, f)
	return answer{}, false
}

// isExcuse tells whether an answer is a page in the shop's layout which says
// that the visitor should come back in a moment.
func isExcuse(resp *http.Response, page string) bool {
	return resp.StatusCode == http.StatusServiceUnavailable && resp.Header.Get("Retry-After") != "" &&
		strings.Contains(page, "</html>") && strings.Contains(page, `href="/cart"`)
}

func exchange(client *http.Client, req *http.Request) (*http.Response, string, error) {
	resp, err := client.Do(req)
	if err != nil {
		return nil, "", err
	}
	defer resp.Body.Close()
	page, err := io.ReadAll(resp.Body)
	return resp, string(page), err
}

// wrongf notes what must not happen even while processes are killed.
func (l *pageLog) wrongf(format string, args ...any) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.wrong = append(l.wrong, fmt.Sprintf(format, args...))
}

// during notes that a process dies while do runs.
func (l *pageLog) during(do func()) {
	start := time.Now()
	do()
	l.mu.Lock()
	defer l.mu.Unlock()
	l.deaths = append(l.deaths, span{start, time.Now()})
}

// sent returns how many requests were sent so far.
func (l *pageLog) sent() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.took)
}

// check fails the test for everything that went wrong and for every page that
// failed although none of the processes died while it was asked for. It returns
// how many failed because one did.
func (l *pageLog) check(t *testing.T) (inside int) {
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

// wantExcuses fails the test for failed pages that were no excuse.
func (l *pageLog) wantExcuses(t *testing.T) {
	t.Helper()
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, f := range l.failures {
		if !f.excused {
			t.Errorf("%s failed without an excuse: %s", f.request, f.why)
		}
	}
}

// percentile returns how long all but the slowest requests took.
func (l *pageLog) percentile(p int) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.took) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(l.took))
	return sorted[(len(sorted)-1)*p/100].Round(time.Millisecond)
}

// table prints rows of a name and a value each.
func table(t *testing.T, title string, rows ...any) {
	t.Helper()
	var b strings.Builder
	fmt.Fprintf(&b, "%s\n", title)
	for i := 0; i+1 < len(rows); i += 2 {
		fmt.Fprintf(&b, "  %-44v %v\n", rows[i], rows[i+1])
	}
	fmt.Print(b.String())
}
