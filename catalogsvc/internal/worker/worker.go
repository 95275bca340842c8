// Package worker does what nobody asks for: it gives copies back that the shop
// reserved and forgot, and indexes books anew that an older release indexed.
package worker

import (
	"context"
	"log/slog"
	"time"

	"bookstore/catalogsvc/internal/catalog"
	"bookstore/shared/service"
)

const (
	sweepInterval   = time.Minute
	keysInterval    = time.Hour
	reindexInterval = 5 * time.Minute // between two rounds through all books
)

// Loops returns what an instance does beside serving requests.
func Loops(listings *catalog.Service) []service.Loop {
	return []service.Loop{
		{Name: "sweep of overdue holds", Every: sweepInterval, Work: func(ctx context.Context) (bool, error) {
			n, err := listings.ReleaseOverdue(ctx)
			if n > 0 {
				slog.InfoContext(ctx, "overdue holds released", "holds", n)
			}
			return false, err
		}},
		{Name: "sweep of idempotency keys", Every: keysInterval, Work: func(ctx context.Context) (bool, error) { return false, listings.SweepKeys(ctx) }},
		{Name: "indexing of books anew", Every: reindexInterval, Work: listings.NewReindexer().Reindex},
	}
}
