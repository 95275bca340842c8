package catalog

import (
	"context"
	"fmt"
	"time"
)

// Reserve takes copies off the shelf, all or nothing; see Store.Reserve.
func (s *Service) Reserve(ctx context.Context, r Reservation) (Reservation, error) {
	if err := checkLines(r.Lines); err != nil {
		return Reservation{}, err
	}
	r, err := s.store.Reserve(ctx, r, s.now())
	if err != nil {
		return Reservation{}, fmt.Errorf("reserve: %w", err)
	}
	s.finder.Moved()
	return r, nil
}

// Commit makes a reservation a sale, also after its time; see Store.Commit.
func (s *Service) Commit(ctx context.Context, id string) (Reservation, error) {
	r, err := s.store.Commit(ctx, id, s.now())
	if err != nil {
		return Reservation{}, fmt.Errorf("commit reservation %s: %w", id, err)
	}
	return r, nil
}

// Release gives held copies back; see Store.Release.
func (s *Service) Release(ctx context.Context, id string) error {
	if err := s.store.Release(ctx, id, s.now()); err != nil {
		return fmt.Errorf("release reservation %s: %w", id, err)
	}
	s.finder.Moved()
	return nil
}

// Restock gives sold copies back; see Store.Restock.
func (s *Service) Restock(ctx context.Context, id, key string, lines []Return) error {
	if err := checkRestock(key, lines); err != nil {
		return err
	}
	if err := s.store.Restock(ctx, id, key, lines, s.now()); err != nil {
		return fmt.Errorf("restock from reservation %s: %w", id, err)
	}
	s.finder.Moved()
	return nil
}

// sweepAfter is how long a hold outlives its time, for the shop to release it
// by itself or to commit it late.
const sweepAfter = 10 * time.Minute

// sweepBatch is how many holds one sweep releases at most.
const sweepBatch = 200

// ReleaseOverdue releases the holds that the shop forgot and returns how many.
// Any number of instances may do so at once.
func (s *Service) ReleaseOverdue(ctx context.Context) (int, error) {
	now := s.now()
	before := now.Add(-sweepAfter)
	ids, err := s.store.OverdueHolds(ctx, before, sweepBatch)
	if err != nil {
		return 0, fmt.Errorf("find overdue holds: %w", err)
	}
	released := 0
	for _, id := range ids {
		done, err := s.store.ReleaseOverdue(ctx, id, before, now)
		if err != nil {
			return released, fmt.Errorf("release overdue hold %s: %w", id, err)
		}
		if done {
			released++
		}
	}
	return released, nil
}
