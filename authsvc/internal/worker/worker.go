// Package worker does what nobody asks for: it deletes sessions, and what else
// is over, and compares accounts that the release before wrote.
package worker

import (
	"context"
	"time"

	"bookstore/authsvc/internal/auth"
	"bookstore/shared/service"
)

const (
	sweepInterval = 5 * time.Minute
	matchInterval = 5 * time.Minute // between two rounds through all accounts
)

// Loops returns what an instance does beside serving requests.
func Loops(accounts *auth.Service) []service.Loop {
	return []service.Loop{
		{Name: "sweep", Every: sweepInterval, Work: func(ctx context.Context) (bool, error) { return false, accounts.Sweep(ctx) }},
		{Name: "matching of accounts", Every: matchInterval, Work: accounts.NewMatcher().Match},
	}
}
