// Package audit loads a shop with buyers and sellers who keep a book of what
// each answer promised, and compares it with the shop afterwards, by nothing but
// the pages and APIs that everybody can reach.
package audit

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"time"

	"bookstore/shared/authapi"
	"bookstore/shared/shopapi"
)

// Options say whom to load and how.
type Options struct {
	Target   string        // address of the load balancer, which serves pages and APIs
	Rate     float64       // visits that begin in a second, on average
	Duration time.Duration // in which visits begin
	Think    time.Duration // between an answer and the same visitor's next request
	Buyers   int           // accounts; at least rushers
	Sellers  int           // accounts; at least 1
	// Settle is how long the shop may take afterwards until all that was
	// promised is there: refunds are paid, and copies come back, a little later.
	Settle time.Duration
	// Admin signs in to read the mails. Without a password mails are not compared.
	Admin authapi.Login
	// MailDomain is that of the accounts' addresses.
	MailDomain string
	Seed       uint64 // of the dice: who comes when, and what for
	Begun      func() // called when the accounts are there and the first visit may come; nil: nobody is told
}

const (
	// rushers is how many buyers at once want the same last copy.
	rushers = 4
	// mostVisitors bounds how many are in the shop at once. Whoever comes when it
	// is full waits at the door, and the wait counts.
	mostVisitors = 1000
	// answerPatience is how long after the last visit has begun an answer is
	// still waited for.
	answerPatience = time.Minute
	// readTimeout bounds one comparison with the shop.
	readTimeout = 5 * time.Minute
)

// run is one audited run.
type run struct {
	Options
	name    string // part of its accounts' addresses
	began   time.Time
	ledger  *ledger
	meter   *meter
	admin   *person // nil: mails are not compared
	dice    *dice
	buyers  *pool
	sellers *pool
	all     []*person

	provider shopapi.DeliveryProvider
}

// Run loads the shop and returns what was measured and which promises were
// broken. An error means that there could be no verdict.
func Run(ctx context.Context, o Options) (*Report, error) {
	o.Target = strings.TrimSuffix(o.Target, "/")
	o.MailDomain = cmp.Or(o.MailDomain, "example.com")
	o.Buyers, o.Sellers = max(o.Buyers, rushers), max(o.Sellers, 1)
	r := &run{
		Options: o, name: fmt.Sprintf("audit-%x", time.Now().UnixMilli()), ledger: newLedger(),
		dice: &dice{Rand: rand.New(rand.NewPCG(o.Seed, 1))},
	}
	if err := r.gather(ctx); err != nil {
		return nil, err
	}
	r.began = time.Now()
	r.meter = newMeter(r.began, o.Duration)
	if o.Begun != nil {
		o.Begun()
	}
	r.load(ctx)
	took := time.Since(r.began)
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	findings, err := r.settle(ctx)
	if err != nil {
		return nil, fmt.Errorf("compare with the shop: %w", err)
	}
	return r.report(took, findings), nil
}

// load lets visits begin at random moments that do not depend on how fast the
// shop answers, and waits until all have ended. What takes long therefore counts
// for everybody who comes meanwhile, in whose time the wait is.
func (r *run) load(ctx context.Context) {
	ctx, enough := context.WithTimeout(ctx, r.Duration+answerPatience)
	defer enough()
	arrivals := rand.New(rand.NewPCG(r.Seed, 2))
	room := make(chan struct{}, mostVisitors)
	var visiting sync.WaitGroup
	for due := r.began; ; {
		due = due.Add(time.Duration(arrivals.ExpFloat64() / r.Rate * float64(time.Second)))
		if due.After(r.began.Add(r.Duration)) || !pauseUntil(ctx, due) {
			break
		}
		v := &visit{run: r, due: due}
		come := anyVisit(arrivals)
		r.meter.arrived()
		room <- struct{}{}
		visiting.Go(func() {
			defer func() { <-room }()
			come(v, ctx)
		})
	}
	visiting.Wait()
}

// settle compares until everything is as it was promised, or its time is over.
// What is then not so, is broken.
func (r *run) settle(ctx context.Context) (*findings, error) {
	for deadline := time.Now().Add(r.Settle); ; {
		f, err := r.compare(ctx)
		if err == nil && f.broken() == 0 || time.Now().After(deadline) {
			return f, err
		}
		if !pauseUntil(ctx, time.Now().Add(500*time.Millisecond)) {
			return nil, errors.Join(err, context.Cause(ctx))
		}
	}
}

// pauseUntil waits, and reports whether ctx has not ended meanwhile.
func pauseUntil(ctx context.Context, at time.Time) bool {
	timer := time.NewTimer(time.Until(at))
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// dice may be thrown by many at once.
type dice struct {
	mu sync.Mutex
	*rand.Rand
}

// IntN returns one of the numbers below n.
func (d *dice) IntN(n int) int {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.Rand.IntN(n)
}
