package rehearsal

import (
	"context"
	"sync"
	"time"
)

const (
	visitsAtOnce = 64
	mostVisits   = 200_000
)

// Traffic makes visits at a rate that does not wait for answers, as visitors
// don't: only when 64 are under way does the next one wait for its turn.
type Traffic struct {
	visit func(context.Context)

	mu   sync.Mutex
	rate float64
	took []time.Duration
}

// NewTraffic returns traffic of these visits.
func NewTraffic(visit func(context.Context)) *Traffic { return &Traffic{visit: visit, rate: 1} }

// SetRate sets the visits per second, which must be more than none.
func (t *Traffic) SetRate(perSecond float64) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.rate = perSecond
}

// Run makes visits until ctx ends, or 200,000 of them. Those under way come to
// their end.
func (t *Traffic) Run(ctx context.Context) {
	turns := make(chan struct{}, visitsAtOnce)
	var underWay sync.WaitGroup
	defer underWay.Wait()
	due := time.Now()
	for range mostVisits {
		select {
		case <-time.After(time.Until(due)):
		case <-ctx.Done():
			return
		}
		turns <- struct{}{}
		arrived := due
		underWay.Go(func() {
			t.visit(context.WithoutCancel(ctx))
			t.note(time.Since(arrived))
			<-turns
		})
		due = due.Add(t.interval())
	}
}

func (t *Traffic) interval() time.Duration {
	t.mu.Lock()
	defer t.mu.Unlock()
	return time.Duration(float64(time.Second) / t.rate)
}

// note remembers a visit: how long it took from when it was due, so that what
// it waited for its turn counts as well.
func (t *Traffic) note(took time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.took = append(t.took, took)
}

// Answered returns how long each visit took that has ended since the last call.
func (t *Traffic) Answered() []time.Duration {
	t.mu.Lock()
	defer t.mu.Unlock()
	took := t.took
	t.took = nil
	return took
}
