package shoptest

import (
	"context"
	"errors"
	"runtime"
	"sync"
	"time"

	"bookstore/shopsvc/internal/shop"
)

// ErrFault is the error of a call that a fault struck.
var ErrFault = errors.New("struck by a fault")

// Mode is what a fault does.
type Mode int

// The modes. A crash ends the goroutine, with all that it had in hand.
const (
	Fail Mode = iota
	Crash
)

// Faults strikes once, at a numbered point. Every call has two: before it is
// carried out, and after, when only its answer is lost. The zero value never
// strikes.
type Faults struct {
	mu     sync.Mutex
	at     int // the point to strike, from 1; 0: none
	mode   Mode
	points int
	struck string
}

// StrikeAt arms f to strike the n-th point from now, counting from 1.
func (f *Faults) StrikeAt(n int, mode Mode) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.at, f.mode, f.points, f.struck = n, mode, 0, ""
}

// Struck returns where f struck since it was armed, or "".
func (f *Faults) Struck() string {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.struck
}

// Around carries call out between two points.
func (f *Faults) Around(name string, call func() error) error {
	if f.strikes("before " + name) {
		return ErrFault
	}
	err := call()
	if f.strikes("after " + name) {
		return ErrFault
	}
	return err
}

func (f *Faults) strikes(where string) bool {
	f.mu.Lock()
	f.points++
	strikes := f.at != 0 && f.points == f.at
	mode := f.mode
	if strikes {
		f.struck = where
	}
	f.mu.Unlock()
	if strikes && mode == Crash {
		runtime.Goexit()
	}
	return strikes
}

// Store is a shop.Store whose writes of orders may be struck.
type Store struct {
	shop.Store
	Faults *Faults
}

// InsertOrder implements shop.OrderStore.
func (s Store) InsertOrder(ctx context.Context, o *shop.Order, from *shop.Cart, nextKey string) error {
	return s.Faults.Around("insert", func() error { return s.Store.InsertOrder(ctx, o, from, nextKey) })
}

// SaveOrder implements shop.OrderStore.
func (s Store) SaveOrder(ctx context.Context, o *shop.Order) error {
	return s.Faults.Around("save "+string(o.State), func() error { return s.Store.SaveOrder(ctx, o) })
}

// Gateway is a shop.Gateway whose calls may be struck.
type Gateway struct {
	shop.Gateway
	Faults *Faults
}

// Begin implements shop.Gateway.
func (g Gateway) Begin(ctx context.Context, c shop.Charge) (out shop.Outcome, err error) {
	err = g.Faults.Around("begin", func() error { out, err = g.Gateway.Begin(ctx, c); return err })
	return out, err
}

// Lookup implements shop.Gateway.
func (g Gateway) Lookup(ctx context.Context, key string) (out shop.Outcome, err error) {
	err = g.Faults.Around("lookup", func() error { out, err = g.Gateway.Lookup(ctx, key); return err })
	return out, err
}

// Capture implements shop.Gateway.
func (g Gateway) Capture(ctx context.Context, key string) (out shop.Outcome, err error) {
	err = g.Faults.Around("capture", func() error { out, err = g.Gateway.Capture(ctx, key); return err })
	return out, err
}

// Void implements shop.Gateway.
func (g Gateway) Void(ctx context.Context, key string) (out shop.Outcome, err error) {
	err = g.Faults.Around("void", func() error { out, err = g.Gateway.Void(ctx, key); return err })
	return out, err
}

// Refund implements shop.Gateway.
func (g Gateway) Refund(ctx context.Context, key, refundKey string, amount int64) error {
	return g.Faults.Around("refund", func() error { return g.Gateway.Refund(ctx, key, refundKey, amount) })
}

// Clock is a clock that only moves when it is told to.
type Clock struct {
	mu  sync.Mutex
	now time.Time
}

// NewClock returns a clock that stands at the present.
func NewClock() *Clock { return &Clock{now: time.Now().UTC()} }

// Now returns where the clock stands.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Advance moves the clock on.
func (c *Clock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}
