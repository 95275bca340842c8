// Package worker does what nobody asks for: it deletes sessions, and what else
// is over.
package worker

import (
	"context"
	"time"

	"bookstore/authsvc/internal/auth"
	"bookstore/shared/service"
)

const sweepInterval = 5 * time.Minute

// Loops returns what an instance does beside serving requests.
func Loops(accounts *auth.Service) []service.Loop {
	return []service.Loop{
		{Name: "sweep", Every: sweepInterval, Work: func(ctx context.Context) (bool, error) { return false, accounts.Sweep(ctx) }},
	}
}
