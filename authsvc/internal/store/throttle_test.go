package store_test

import (
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"bookstore/authsvc/internal/auth"
	"bookstore/authsvc/internal/store"
)

var tally = auth.Tally{Key: "a", Most: 10, Each: time.Minute}

// wantCounted checks how many of the tally are not forgotten yet.
func wantCounted(t *testing.T, s *store.Store, want int, last time.Time) {
	t.Helper()
	counts, err := s.Counts(t.Context(), []string{"a", "b"})
	got := auth.Count{EmptyAt: last.Add(time.Duration(want) * tally.Each), LastAt: last}
	if c := counts["a"]; err != nil || len(counts) != 1 || !c.EmptyAt.Equal(got.EmptyAt) || !c.LastAt.Equal(got.LastAt) {
		t.Errorf("got %v, %v, want %v", counts, err, got)
	}
}

func TestATallyForgetsOneAfterEachPauseAndCountsNoMoreThanItsMost(t *testing.T) {
	run(t, func(t *testing.T, s *store.Store) {
		count := func(at time.Time) {
			t.Helper()
			if err := s.CountAll(t.Context(), []auth.Tally{tally}, at); err != nil {
				t.Fatal(err)
			}
		}
		count(now)
		count(now)
		wantCounted(t, s, 2, now)
		later := now.Add(time.Minute)
		count(later)
		wantCounted(t, s, 2, later)
		for range 20 {
			count(later)
		}
		wantCounted(t, s, 10, later)
		count(now.Add(time.Hour))
		wantCounted(t, s, 1, now.Add(time.Hour))
		if err := s.EmptyTallies(t.Context(), []string{"a"}); err != nil {
			t.Fatal(err)
		}
		if counts, err := s.Counts(t.Context(), []string{"a"}); err != nil || len(counts) != 0 {
			t.Errorf("emptied: got %v, %v", counts, err)
		}
	})
}

func TestNothingIsLostAmongSimultaneousCounts(t *testing.T) {
	run(t, func(t *testing.T, s *store.Store) {
		wide := tally
		wide.Most = 100
		var taken atomic.Int64
		var wg sync.WaitGroup
		for i := range 20 {
			wg.Go(func() {
				tallies := []auth.Tally{wide, {Key: "b", Most: 5, Each: time.Minute}}
				if i%2 == 0 {
					slices.Reverse(tallies)
				}
				wait, err := s.Take(t.Context(), tallies, now)
				if err != nil {
					t.Error(err)
				} else if wait == 0 {
					taken.Add(1)
				} else if wait != time.Minute {
					t.Errorf("got a wait of %v, want a minute", wait)
				}
				if err := s.CountAll(t.Context(), []auth.Tally{wide}, now); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		counts, err := s.Counts(t.Context(), []string{"a"})
		if want := now.Add(25 * time.Minute); err != nil || taken.Load() != 5 || !counts["a"].EmptyAt.Equal(want) {
			t.Errorf("%d took, counted until %v, %v; want 5 and %v", taken.Load(), counts["a"].EmptyAt, err, want)
		}
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
			if err := s.CountAll(t.Context(), []auth.Tally{{Key: sessions[i].ID, Most: 1, Each: time.Second}}, at); err != nil {
				t.Fatal(err)
			}
		}
		for i, at := range []time.Time{now, now.Add(-time.Hour)} {
			s4 := session(ann.ID, 4+i)
			s4.CreatedAt, s4.LastUsedAt, s4.DeviceHash = at, at, s4.ID
			if err := s.OpenSession(t.Context(), s4, ann.PasswordHash, ""); err != nil {
				t.Fatal(err)
			}
		}

		limit := now.Add(-time.Minute)
		more, err := s.Sweep(t.Context(), auth.SweepLimits{Sessions: limit, Revocations: limit, Tallies: limit, Devices: limit})
		if err != nil || more {
			t.Fatalf("got more %v, %v", more, err)
		}
		if got, want := sessionIDs(t, s, ann.ID), []string{sessions[2].ID, session(ann.ID, 4).ID}; !slices.Equal(got, want) {
			t.Errorf("sessions: got %v, want %v", got, want)
		}
		ids, err := s.Revoked(t.Context(), now.Add(-24*time.Hour))
		if err != nil || !slices.Equal(ids, []string{sessions[1].ID}) {
			t.Errorf("revocations: got %v, %v, want the later one", ids, err)
		}
		counts, err := s.Counts(t.Context(), []string{sessions[0].ID, sessions[1].ID})
		if _, left := counts[sessions[1].ID]; err != nil || len(counts) != 1 || !left {
			t.Errorf("tallies: got %v, %v, want the later one", counts, err)
		}
		for i, want := range []bool{true, false} {
			if known, err := s.IsKnownDevice(t.Context(), ann.ID, session(ann.ID, 4+i).ID); err != nil || known != want {
				t.Errorf("device %d: got %v, %v, want %v", i, known, err, want)
			}
		}
	})
}

func TestSweepLeavesSomeForLater(t *testing.T) {
	run(t, func(t *testing.T, s *store.Store) {
		var tallies []auth.Tally
		for i := range 2001 {
			tallies = append(tallies, auth.Tally{Key: session(0, i).ID, Most: 1, Each: time.Duration(i+1) * time.Microsecond})
		}
		if err := s.CountAll(t.Context(), tallies, now); err != nil {
			t.Fatal(err)
		}
		for i, want := range []bool{true, true, false} {
			more, err := s.Sweep(t.Context(), auth.SweepLimits{Tallies: now.Add(time.Hour)})
			if err != nil || more != want {
				t.Errorf("sweep %d: got more %v, %v, want %v", i+1, more, err, want)
			}
		}
	})
}
