// Package worker drives on what nobody waits for: orders that are due, mails to
// be sent, and carts that nobody came back for. Any number of instances may
// work at once.
package worker

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"bookstore/shared/service"
	"bookstore/shopsvc/internal/shop"
)

const (
	// atOnce bounds how many orders one instance drives side by side.
	atOnce = 8
	batch  = 64
	// workInterval is how often due orders and mails are looked for.
	workInterval = time.Second
	// sweepInterval is how often old carts are.
	sweepInterval = time.Hour
)

// Outbox is where mails wait.
type Outbox interface {
	SendDue(ctx context.Context) (more bool, err error)
}

// Loops returns what an instance does beside serving requests.
func Loops(s *shop.Service, outbox Outbox) []service.Loop {
	return []service.Loop{
		{Name: "due orders", Every: workInterval, Work: func(ctx context.Context) (bool, error) { return driveDue(ctx, s) }},
		{Name: "outbox", Every: workInterval, Work: outbox.SendDue},
		{Name: "sweep of old carts", Every: sweepInterval, Work: func(ctx context.Context) (bool, error) { return sweepCarts(ctx, s) }},
	}
}

// driveDue drives a batch of due orders and reports whether there may be more.
func driveDue(ctx context.Context, s *shop.Service) (more bool, err error) {
	ids, err := s.DueOrders(ctx, batch)
	if err != nil {
		return false, err
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
	return len(ids) == batch, nil
}

func sweepCarts(ctx context.Context, s *shop.Service) (more bool, err error) {
	n, err := s.SweepCarts(ctx)
	if n > 0 {
		slog.InfoContext(ctx, "old carts swept", "carts", n)
	}
	return n > 0, err
}
