// Package worker does what nobody asks for: it gives copies back that the shop
// reserved and forgot, indexes books anew that an older release indexed, and
// keeps the search index up to date.
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
	followInterval  = 500 * time.Millisecond
	checkInterval   = 2 * time.Second // between two ranges of books
	saveInterval    = time.Minute
	forgetInterval  = time.Hour
)

// Index is a search index that follows the catalog.
type Index interface {
	// Follow brings it up to date with what was written, and Woken asks for
	// that at once.
	Follow(ctx context.Context) (more bool, err error)
	Woken() <-chan struct{}
	// Check compares some books with the catalog's, and puts right what differs.
	Check(ctx context.Context) (more bool, err error)
	// Save writes down what it holds, now and then.
	Save(ctx context.Context) (more bool, err error)
}

// Loops returns what an instance does beside serving requests.
func Loops(listings *catalog.Service, index Index) []service.Loop {
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
		{Name: "search index", Every: followInterval, Wake: index.Woken(), Work: firstFailures(index.Follow)},
		{Name: "check of the search index", Every: checkInterval, Work: firstFailures(index.Check)},
		{Name: "snapshot of the search index", Every: saveInterval, Work: index.Save},
		{Name: "forgetting of old changes", Every: forgetInterval, Work: listings.ForgetChanges},
	}
}

// work is a turn of a loop.
type work func(ctx context.Context) (more bool, err error)

// firstFailures returns a turn that fails only if the one before did not: what
// is tried twice a second need not say twice a second that the database is away.
func firstFailures(turn work) work {
	failed := false
	return func(ctx context.Context) (bool, error) {
		more, err := turn(ctx)
		if failed && err != nil {
			return false, nil
		}
		failed = err != nil
		return more, err
	}
}
