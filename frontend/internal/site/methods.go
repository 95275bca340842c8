package site

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"bookstore/shared/shopapi"
)

const (
	// methodsKept is how long the ways to pay are good: they change with a
	// setting of shopsvc's.
	methodsKept = time.Minute
	// methodsRetry is how long after a call that failed they are not asked for.
	methodsRetry = 5 * time.Second
)

// payMethods knows how orders can be paid, without a call for each page.
type payMethods struct {
	mu      sync.Mutex
	known   shopapi.PaymentMethods
	askedAt time.Time
	retryAt time.Time
}

// PayMethods returns the ways to pay, as they were up to a minute ago and longer
// while shopsvc is away; none if they were never known. It never waits long.
func (s *Site) PayMethods(ctx context.Context) []string {
	m := &s.methods
	m.mu.Lock() // the first of those who ask at once asks for all
	defer m.mu.Unlock()
	now := time.Now()
	if now.Sub(m.askedAt) < methodsKept || now.Before(m.retryAt) {
		return m.known.Methods
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), OrnamentTimeout)
	defer cancel()
	methods, err := s.Shop.PaymentMethods(ctx)
	if err != nil {
		slog.InfoContext(ctx, "ways to pay not known", "error", err)
		m.retryAt = now.Add(methodsRetry)
		return m.known.Methods
	}
	m.known, m.askedAt = methods, now
	return m.known.Methods
}
