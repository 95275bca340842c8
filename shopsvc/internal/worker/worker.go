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
	// atOnce bounds how many orders one instance drives side by side: enough that
	// those of a gateway that hangs leave room for others.
	atOnce = 32
	batch  = 64
	// OrderInterval is how often due orders are looked for. After a lease at most
	// and this time, the order of a driver that died goes on.
	OrderInterval = 300 * time.Millisecond
	// mailInterval is how often mails to be sent are.
	mailInterval = time.Second
	// ledgerInterval is how often the ledger is brought up to date with what the
	// release before did, and money that has become due is made available.
	ledgerInterval = 10 * time.Second
	// sweepInterval is how often old carts and idempotency keys are.
	sweepInterval = time.Hour
)

// Outbox is where mails wait.
type Outbox interface {
	SendDue(ctx context.Context) (more bool, err error)
}

// Loops returns what an instance does beside serving requests.
func Loops(s *shop.Service, outbox Outbox) []service.Loop {
	d := &drivers{shop: s, free: make(chan struct{}, atOnce)}
	return []service.Loop{
		{Name: "due orders", Every: OrderInterval, Work: d.driveDue},
		{Name: "outbox", Every: mailInterval, Work: outbox.SendDue},
		{Name: "ledger", Every: ledgerInterval, Work: s.PostUnposted},
		{Name: "sellers' money", Every: ledgerInterval, Work: s.ReleaseDue},
		{Name: "sweep of old carts", Every: sweepInterval, Work: func(ctx context.Context) (bool, error) { return sweepCarts(ctx, s) }},
		{Name: "sweep of idempotency keys", Every: sweepInterval, Work: func(ctx context.Context) (bool, error) { return false, s.SweepKeys(ctx) }},
	}
}

// drivers drive orders side by side. None waits for another, so that one whose
// gateway hangs does not keep the others from being looked for.
type drivers struct {
	shop   *shop.Service
	free   chan struct{} // holds one for each that is at work
	inHand sync.Map      // the ids of their orders
}

// driveDue starts driving a batch of due orders and reports whether there may
// be more. The shop's Wait waits for those that it has started.
func (d *drivers) driveDue(ctx context.Context) (more bool, err error) {
	ids, err := d.shop.DueOrders(ctx, batch)
	if err != nil {
		return false, err
	}
	started := 0
	for _, id := range ids {
		if _, known := d.inHand.LoadOrStore(id, true); known {
			continue
		}
		select {
		case d.free <- struct{}{}:
		case <-ctx.Done():
			return false, nil
		}
		started++
		d.shop.StartDriving(ctx, id, func() {
			d.inHand.Delete(id)
			<-d.free
		})
	}
	return started > 0 && len(ids) == batch, nil
}

func sweepCarts(ctx context.Context, s *shop.Service) (more bool, err error) {
	n, err := s.SweepCarts(ctx)
	if n > 0 {
		slog.InfoContext(ctx, "old carts swept", "carts", n)
	}
	return n > 0, err
}
