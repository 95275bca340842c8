package service

import (
	"context"
	"log/slog"
	"sync"
	"time"
)

// Loop is work that a program does again and again, beside serving requests.
// Any number of instances may do it at once.
type Loop struct {
	// Name is what the log calls it.
	Name string
	// Every is the time between two turns.
	Every time.Duration
	// Wake, if it is set, asks for a turn at once.
	Wake <-chan struct{}
	// Work is one turn. If it reports more, the next follows at once. Its ctx
	// ends with the signal to stop; what it has in hand then it may finish.
	Work func(ctx context.Context) (more bool, err error)
}

// RunLoops runs loops until ctx ends, and returns when the turns that have
// begun are done. A turn that fails is logged, and the next comes in its time.
func RunLoops(ctx context.Context, loops ...Loop) {
	var running sync.WaitGroup
	for _, l := range loops {
		running.Go(func() { l.run(ctx) })
	}
	running.Wait()
}

func (l Loop) run(ctx context.Context) {
	ticker := time.NewTicker(l.Every)
	defer ticker.Stop()
	for {
		for ctx.Err() == nil && l.turn(ctx) {
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		case <-l.Wake:
		}
	}
}

// turn reports whether there is more to do.
func (l Loop) turn(ctx context.Context) bool {
	more, err := l.Work(ctx)
	if err == nil {
		return more
	}
	if ctx.Err() == nil {
		slog.WarnContext(ctx, "background work failed", "work", l.Name, "error", err)
	}
	return false
}
