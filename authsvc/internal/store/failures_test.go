package store_test

import (
	"slices"
	"sync"
	"testing"
	"time"

	"bookstore/authsvc/internal/auth"
	"bookstore/authsvc/internal/store"
)

const window = 15 * time.Minute

func wantFailures(t *testing.T, s *store.Store, key string, at time.Time, want int, began time.Time) {
	t.Helper()
	got, gotBegan, err := s.Failures(t.Context(), key, at.Add(-window))
	if err != nil || got != want || !gotBegan.Equal(began) {
		t.Errorf("failures of %s at %v: got %d since %v, %v, want %d since %v", key, at, got, gotBegan, err, want, began)
	}
}

func TestFailuresAreCountedInAWindow(t *testing.T) {
	run(t, func(t *testing.T, s *store.Store) {
		count := func(key string, at time.Time) {
			t.Helper()
			if err := s.CountFailure(t.Context(), key, at, at.Add(-window)); err != nil {
				t.Fatal(err)
			}
		}
		wantFailures(t, s, "a", now, 0, time.Time{})
		count("a", now)
		count("a", now.Add(14*time.Minute))
		count("b", now)
		wantFailures(t, s, "a", now.Add(14*time.Minute), 2, now)
		wantFailures(t, s, "a", now.Add(16*time.Minute), 0, time.Time{})

		later := now.Add(20 * time.Minute)
		count("a", later)
		wantFailures(t, s, "a", later, 1, later)
		if err := s.ClearFailures(t.Context(), "a"); err != nil {
			t.Fatal(err)
		}
		wantFailures(t, s, "a", later, 0, time.Time{})
		wantFailures(t, s, "b", now, 1, now)
	})
}

func TestNoFailureIsLostAmongSimultaneousOnes(t *testing.T) {
	run(t, func(t *testing.T, s *store.Store) {
		const tries = 20
		var wg sync.WaitGroup
		for range tries {
			wg.Go(func() {
				if err := s.CountFailure(t.Context(), "a", now, now.Add(-window)); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		wantFailures(t, s, "a", now, tries, now)
	})
}

func TestSweepDeletesOnlyWhatIsOver(t *testing.T) {
	run(t, func(t *testing.T, s *store.Store) {
		ann := add(t, s, account("ann@example.org"))
		sessions := open(t, s, ann, 3)
		for i, at := range []time.Time{now.Add(-time.Hour), now} {
			if err := s.EndSession(t.Context(), auth.Caller{UserID: ann.ID, SessionID: sessions[i].ID}, at); err != nil {
				t.Fatal(err)
			}
			if err := s.CountFailure(t.Context(), sessions[i].ID, at, at.Add(-window)); err != nil {
				t.Fatal(err)
			}
		}
		old := session(ann.ID, 4)
		old.CreatedAt, old.LastUsedAt = now.Add(-time.Hour), now.Add(-time.Hour)
		if err := s.OpenSession(t.Context(), old, ann.PasswordHash, ""); err != nil {
			t.Fatal(err)
		}

		limit := now.Add(-time.Minute)
		if err := s.Sweep(t.Context(), auth.SweepLimits{Sessions: limit, Revocations: limit, Failures: limit}); err != nil {
			t.Fatal(err)
		}
		if got, want := sessionIDs(t, s, ann.ID), []string{sessions[2].ID}; !slices.Equal(got, want) {
			t.Errorf("sessions: got %v, want %v", got, want)
		}
		ids, err := s.Revoked(t.Context(), now.Add(-24*time.Hour))
		if err != nil || !slices.Equal(ids, []string{sessions[1].ID}) {
			t.Errorf("revocations: got %v, %v, want the later one", ids, err)
		}
		early := now.Add(-time.Hour)
		wantFailures(t, s, sessions[0].ID, early, 0, time.Time{})
		wantFailures(t, s, sessions[1].ID, now, 1, now)
	})
}
