// Package worker does what nobody asks for: it gives copies back that the shop
// reserved and forgot.
package worker

import (
	"context"
	"log/slog"
	"time"

	"bookstore/catalogsvc/internal/catalog"
)

// Sweep releases overdue holds once per interval, until ctx ends. Any number
// of instances may do so at once.
func Sweep(ctx context.Context, service *catalog.Service, interval time.Duration) {
	ticker := time.NewTicker(interval)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			sweepOnce(ctx, service)
		}
	}
}

func sweepOnce(ctx context.Context, service *catalog.Service) {
	n, err := service.ReleaseOverdue(ctx)
	if n > 0 {
		slog.InfoContext(ctx, "overdue holds released", "holds", n)
	}
	if err != nil && ctx.Err() == nil {
		slog.ErrorContext(ctx, "sweep of overdue holds failed", "error", err)
	}
}
