package token

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"bookstore/shared/internal/health"
)

// revocationAge is how long a revoked session is remembered: a little longer
// than any token of it can live.
const revocationAge = Lifetime + time.Minute

// Revocations knows the sessions that ended while their tokens were still
// good. It is safe for concurrent use.
type Revocations struct {
	fetch func(context.Context) ([]string, error)

	mu      sync.RWMutex
	until   map[string]time.Time // by session id
	failing bool                 // read and written by the poller alone
}

// NewRevocations asks fetch for the ids of the revoked sessions now and then
// once per interval, until ctx ends. When fetch fails, the sessions known so
// far stay revoked.
func NewRevocations(ctx context.Context, fetch func(context.Context) ([]string, error), interval time.Duration) *Revocations {
	r := &Revocations{fetch: fetch, until: map[string]time.Time{}}
	go r.poll(ctx, interval)
	return r
}

// Revoked reports whether the session has ended. A nil Revocations knows of none.
func (r *Revocations) Revoked(sessionID string) bool {
	if r == nil {
		return false
	}
	r.mu.RLock()
	defer r.mu.RUnlock()
	until, ok := r.until[sessionID]
	return ok && time.Now().Before(until)
}

func (r *Revocations) poll(ctx context.Context, interval time.Duration) {
	ticker := time.NewTicker(interval)
	defer ticker.Stop()
	for {
		r.refresh(ctx, interval)
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

func (r *Revocations) refresh(ctx context.Context, timeout time.Duration) {
	fetchCtx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	ids, err := r.fetch(fetchCtx)
	if ctx.Err() != nil {
		return
	}
	r.report(err)
	r.keep(ids)
}

// report tells the status page, and logs when fetching begins to fail and when
// it works again, not every failure between.
func (r *Revocations) report(err error) {
	health.Report(revocationsDependency, err)
	switch {
	case err != nil && !r.failing:
		slog.Warn("revoked sessions not fetched, keeping the last list", "error", err)
	case err == nil && r.failing:
		slog.Info("revoked sessions fetched again")
	}
	r.failing = err != nil
}

func (r *Revocations) keep(ids []string) {
	now := time.Now()
	r.mu.Lock()
	defer r.mu.Unlock()
	for id, until := range r.until {
		if !now.Before(until) {
			delete(r.until, id)
		}
	}
	for _, id := range ids {
		r.until[id] = now.Add(revocationAge)
	}
}
