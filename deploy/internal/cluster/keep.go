package cluster

import (
	"context"
	"fmt"
	"sync"
	"time"
)

const (
	firstRestartDelay = time.Second
	mostRestartDelay  = 30 * time.Second
	// steadyAfter is how long a program runs until its next death counts as the
	// first.
	steadyAfter = time.Minute
)

// Keep starts each process again that ends by itself, until ctx ends: a second
// later, and twice as long after each further death. It tells say, in a
// sentence, what has ended and what runs again. Processes on standby stay so.
func (c *Cluster) Keep(ctx context.Context, say func(news string)) {
	var mu sync.Mutex
	tell := func(format string, args ...any) {
		mu.Lock()
		defer mu.Unlock()
		say(fmt.Sprintf(format, args...))
	}
	var all sync.WaitGroup
	for _, p := range c.all() {
		if cmd, _ := p.running(); cmd != nil {
			all.Go(func() { p.keep(ctx, tell) })
		}
	}
	all.Wait()
}

func (p *Process) keep(ctx context.Context, tell func(format string, args ...any)) {
	delay := firstRestartDelay
	for started := time.Now(); ; started = time.Now() {
		cmd, done := p.running()
		select {
		case <-ctx.Done():
			return
		case <-done:
		}
		if time.Since(started) > steadyAfter {
			delay = firstRestartDelay
		}
		tell("%s has ended (%v) and starts again in %v; its log is %s", p.Name, cmd.ProcessState, delay, p.log)
		select {
		case <-ctx.Done():
			return
		case <-time.After(delay):
		}
		delay = min(2*delay, mostRestartDelay)
		if err := p.Start(); err != nil {
			tell("%v", err)
			continue
		}
		if p.WaitReady(ctx) == nil {
			tell("%s runs again", p.Name)
		}
	}
}
