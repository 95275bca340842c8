package shop

import (
	"context"
	"log/slog"
	"sync"
	"time"
)

// lease keeps o for its driver until a time, at which others may take it over.
func (o *Order) lease(until time.Time) { o.LeaseUntil, o.NextAt = until, until }

// renewLease renews o's lease until stop is called, so that leases can be short
// whatever a step takes: an order whose driver died goes on soon. It does not
// touch o. A driver that has lost its lease all the same, as one that hangs
// does, changes nothing any more: saving is guarded by the order's version.
func (s *Service) renewLease(ctx context.Context, o *Order) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	id, version := o.ID, o.Version
	// A lease is renewed when the time of a heartbeat is gone from it.
	first := o.LeaseUntil.Sub(s.now()) - s.cfg.Lease + s.cfg.Heartbeat
	var renewing sync.WaitGroup
	renewing.Go(func() {
		for wait := first; ; wait = s.cfg.Heartbeat {
			select {
			case <-ctx.Done():
				return
			case <-time.After(wait):
			}
			kept, err := s.store.RenewLease(ctx, id, version, s.now().Add(s.cfg.Lease))
			switch {
			case ctx.Err() != nil:
				return
			case err != nil:
				slog.WarnContext(ctx, "lease not renewed", "order_id", id, "error", err)
			case !kept:
				return
			}
		}
	})
	return func() {
		cancel()
		renewing.Wait()
	}
}
