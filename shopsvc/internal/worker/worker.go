// Package worker drives on what nobody waits for: orders that are due, mails to
// be sent, and carts that nobody came back for. Any number of instances may
// work at once.
package worker

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"bookstore/shopsvc/internal/shop"
)

const (
	// atOnce bounds how many orders one instance drives side by side.
	atOnce = 8
	batch  = 64
	// sweepEvery is how often old carts are looked for.
	sweepEvery = time.Hour
)

// Outbox is where mails wait.
type Outbox interface {
	SendDue(ctx context.Context) (more bool, err error)
}

// Run works until ctx ends, looking for due orders and mails at least every
// interval, and returns when what it has begun is done.
func Run(ctx context.Context, s *shop.Service, outbox Outbox, interval time.Duration) {
	var group sync.WaitGroup
	group.Go(func() { every(ctx, interval, func() bool { return sendMails(ctx, outbox) }) })
	group.Go(func() { every(ctx, interval, func() bool { return driveDue(ctx, s) }) })
	group.Go(func() { every(ctx, sweepEvery, func() bool { return sweepCarts(ctx, s) }) })
	group.Wait()
}

// every calls work until ctx ends: again at once if there was more than it
// could take, else after interval.
func every(ctx context.Context, interval time.Duration, work func() (more bool)) {
	ticker := time.NewTicker(interval)
	defer ticker.Stop()
	for {
		for ctx.Err() == nil && work() {
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

// driveDue drives a batch of due orders and tells whether there may be more.
func driveDue(ctx context.Context, s *shop.Service) bool {
	ids, err := s.DueOrders(ctx, batch)
	if err != nil {
		if ctx.Err() == nil {
			slog.WarnContext(ctx, "due orders not found", "error", err)
		}
		return false
	}
	// An order in hand is brought to rest even if the process is to stop.
	steady := context.WithoutCancel(ctx)
	var group sync.WaitGroup
	free := make(chan struct{}, atOnce)
	for _, id := range ids {
		free <- struct{}{}
		if ctx.Err() != nil {
			break
		}
		group.Go(func() {
			defer func() { <-free }()
			if err := s.Drive(steady, id); err != nil {
				slog.WarnContext(ctx, "order held up", "order_id", id, "error", err)
			}
		})
	}
	group.Wait()
	return len(ids) == batch
}

func sendMails(ctx context.Context, outbox Outbox) bool {
	more, err := outbox.SendDue(ctx)
	if err != nil && ctx.Err() == nil {
		slog.WarnContext(ctx, "outbox not emptied", "error", err)
	}
	return more
}

func sweepCarts(ctx context.Context, s *shop.Service) bool {
	n, err := s.SweepCarts(ctx)
	if err != nil {
		if ctx.Err() == nil {
			slog.WarnContext(ctx, "old carts not swept", "error", err)
		}
		return false
	}
	if n > 0 {
		slog.InfoContext(ctx, "old carts swept", "carts", n)
	}
	return n > 0
}
