package store_test

import (
	"errors"
	"testing"
	"time"

	"bookstore/catalogsvc/internal/catalog"
	"bookstore/catalogsvc/internal/store"
	"bookstore/shared/apierr"
	"bookstore/shared/catalogapi"
	"bookstore/shared/sqldb"
)

func reserve(t testing.TB, s *store.Store, r catalog.Reservation) catalog.Reservation {
	t.Helper()
	got, err := s.Reserve(t.Context(), r, noon)
	if err != nil {
		t.Fatalf("reserve %s: %v", r.ID, err)
	}
	return got
}

func commit(t testing.TB, s *store.Store, id string) {
	t.Helper()
	if r, err := s.Commit(t.Context(), id, noon); err != nil || r.State != catalog.Committed {
		t.Fatalf("commit %s: got %+v, %v", id, r, err)
	}
}

// wantRefused fails unless the lines of r are refused with these codes; an
// empty code stands for a line that is not.
func wantRefused(t testing.TB, s *store.Store, r catalog.Reservation, codes ...string) *apierr.Error {
	t.Helper()
	_, err := s.Reserve(t.Context(), r, noon)
	e, _ := apierr.As(err)
	if !errors.Is(err, catalog.ErrLinesChanged) {
		t.Fatalf("reserve %s: got %v, want ErrLinesChanged", r.ID, err)
	}
	got := map[string]string{}
	for _, f := range e.Fields {
		got[f.Field] = f.Code
	}
	for i, want := range codes {
		field := []string{"lines[0]", "lines[1]", "lines[2]", "lines[3]"}[i]
		if got[field] != want {
			t.Errorf("%s: got %q, want %q", field, got[field], want)
		}
	}
	return e
}

func TestReserveTakesCopiesOffTheShelf(t *testing.T) {
	onBoth(t, func(t *testing.T, s *store.Store, db *sqldb.DB) {
		one, two := addStock(t, s, 5), addStock(t, s, 1)
		got := reserve(t, s, hold("r-1", of(two, 1), of(one, 2)))
		if got.State != catalog.Held || !got.ExpiresAt.Equal(noon.Add(15*time.Minute)) || len(got.Lines) != 2 || got.Lines[0].BookID != one {
			t.Errorf("got %+v", got)
		}
		wantStock(t, s, one, 3)
		wantStock(t, s, two, 0)
		if v := current(t, s, one).Version; v != 1 {
			t.Errorf("a reservation made version %d of the listing", v)
		}
		wantLedger(t, db)
	})
}

func TestARefusedReservationSaysWhyForEachLineAndTakesNothing(t *testing.T) {
	onBoth(t, func(t *testing.T, s *store.Store, db *sqldb.DB) {
		fine, few, dearer := addStock(t, s, 5), addStock(t, s, 2), addStock(t, s, 5)
		e := wantRefused(t, s, hold("r-1",
			catalog.Line{BookID: dearer, Quantity: 1, Price: 1},
			of(few, 3),
			of(fine, 5),
			of(9999, 1),
		), catalogapi.CodePriceChanged, catalogapi.CodeOutOfStock, "", catalogapi.CodeBookGone)
		if p := e.Fields[1].Params; p["available"] != int64(2) || p["title"] != "Emma" || p["book_id"] != few || p["price"] != int64(1299) {
			t.Errorf("the scarce line's parameters: %v", p)
		}
		wantStock(t, s, fine, 5)
		wantStock(t, s, few, 2)
		wantLedger(t, db)
		// Nothing was placed, so the id is as good as new.
		reserve(t, s, hold("r-1", of(few, 2)))
	})
}

func TestARepeatedReserveReturnsTheReservationAsItIs(t *testing.T) {
	onBoth(t, func(t *testing.T, s *store.Store, db *sqldb.DB) {
		id := addStock(t, s, 1)
		r := hold("r-1", of(id, 1))
		reserve(t, s, r)
		if got := reserve(t, s, r); got.State != catalog.Held {
			t.Errorf("got %+v, want it held", got)
		}
		r.ExpiresAt = noon.Add(time.Hour)
		if got := reserve(t, s, r); !got.ExpiresAt.Equal(r.ExpiresAt) {
			t.Errorf("held until %v, want it prolonged", got.ExpiresAt)
		}
		r.ExpiresAt = noon
		if got := reserve(t, s, r); !got.ExpiresAt.Equal(noon.Add(time.Hour)) {
			t.Errorf("held until %v, want it as long as before", got.ExpiresAt)
		}
		if _, err := s.Reserve(t.Context(), hold("r-1", of(id, 2)), noon); !errors.Is(err, catalog.ErrReservationDiffers) {
			t.Errorf("other lines: got %v, want ErrReservationDiffers", err)
		}
		commit(t, s, "r-1")
		if got := reserve(t, s, r); got.State != catalog.Committed {
			t.Errorf("got %+v, want it committed", got)
		}
		wantStock(t, s, id, 0)
		wantLedger(t, db)
	})
}

func TestReleaseGivesCopiesBackOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, s *store.Store, db *sqldb.DB) {
		id := addStock(t, s, 3)
		reserve(t, s, hold("r-1", of(id, 2)))
		for range 3 {
			if err := s.Release(t.Context(), "r-1", noon); err != nil {
				t.Fatal(err)
			}
		}
		wantStock(t, s, id, 3)
		if _, err := s.Commit(t.Context(), "r-1", noon); !errors.Is(err, catalog.ErrReservationReleased) {
			t.Errorf("commit: got %v, want ErrReservationReleased", err)
		}
		if _, err := s.Reserve(t.Context(), hold("r-1", of(id, 2)), noon); !errors.Is(err, catalog.ErrReservationReleased) {
			t.Errorf("reserve again: got %v, want ErrReservationReleased", err)
		}
		wantLedger(t, db)
	})
}

func TestAnIDReleasedUnseenIsNeverReserved(t *testing.T) {
	onBoth(t, func(t *testing.T, s *store.Store, db *sqldb.DB) {
		id := addStock(t, s, 3)
		for range 2 {
			if err := s.Release(t.Context(), "late", noon); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := s.Reserve(t.Context(), hold("late", of(id, 1)), noon); !errors.Is(err, catalog.ErrReservationReleased) {
			t.Errorf("got %v, want ErrReservationReleased", err)
		}
		wantStock(t, s, id, 3)
		wantLedger(t, db)
	})
}

func TestCommitIsASaleWhateverTheTime(t *testing.T) {
	onBoth(t, func(t *testing.T, s *store.Store, db *sqldb.DB) {
		id := addStock(t, s, 3)
		reserve(t, s, hold("r-1", of(id, 2)))
		for range 2 {
			if r, err := s.Commit(t.Context(), "r-1", noon.Add(1000*time.Hour)); err != nil || r.State != catalog.Committed || len(r.Lines) != 1 {
				t.Fatalf("got %+v, %v", r, err)
			}
		}
		if err := s.Release(t.Context(), "r-1", noon); !errors.Is(err, catalog.ErrReservationCommitted) {
			t.Errorf("release: got %v, want ErrReservationCommitted", err)
		}
		if _, err := s.Commit(t.Context(), "unknown", noon); !errors.Is(err, catalog.ErrReservationNotFound) {
			t.Errorf("commit of nothing: got %v, want ErrReservationNotFound", err)
		}
		wantStock(t, s, id, 1)
		wantLedger(t, db)
	})
}

func TestRestockGivesSoldCopiesBackOncePerKey(t *testing.T) {
	onBoth(t, func(t *testing.T, s *store.Store, db *sqldb.DB) {
		one, two := addStock(t, s, 5), addStock(t, s, 5)
		reserve(t, s, hold("r-1", of(one, 3), of(two, 1)))
		restock := func(key string, lines ...catalog.Return) error {
			return s.Restock(t.Context(), "r-1", key, lines, noon)
		}
		if err := restock("a", catalog.Return{BookID: one, Quantity: 1}); !errors.Is(err, catalog.ErrReservationHeld) {
			t.Errorf("before the sale: got %v, want ErrReservationHeld", err)
		}
		commit(t, s, "r-1")
		for range 2 {
			if err := restock("a", catalog.Return{BookID: two, Quantity: 1}, catalog.Return{BookID: one, Quantity: 2}); err != nil {
				t.Fatal(err)
			}
		}
		wantStock(t, s, one, 4)
		wantStock(t, s, two, 5)
		err := restock("b", catalog.Return{BookID: one, Quantity: 2})
		if e, _ := apierr.As(err); !errors.Is(err, catalog.ErrRestockTooLarge) || e.Params["available"] != int64(1) {
			t.Errorf("too many: got %v, want ErrRestockTooLarge with 1", err)
		}
		if err := restock("b", catalog.Return{BookID: 9999, Quantity: 1}); !errors.Is(err, catalog.ErrRestockTooLarge) {
			t.Errorf("a foreign book: got %v, want ErrRestockTooLarge", err)
		}
		if err := restock("b", catalog.Return{BookID: one, Quantity: 1}); err != nil {
			t.Errorf("the last one: %v", err)
		}
		wantStock(t, s, one, 5)
		wantLedger(t, db)
	})
}

// releaseOverdue releases the holds whose time ended before a time, and returns
// how many.
func releaseOverdue(t *testing.T, s *store.Store, before, at time.Time) (released int, err error) {
	t.Helper()
	ids, err := s.OverdueHolds(t.Context(), before, 200)
	if err != nil {
		return 0, err
	}
	for _, id := range ids {
		done, err := s.ReleaseOverdue(t.Context(), id, before, at)
		if err != nil {
			return released, err
		}
		if done {
			released++
		}
	}
	return released, nil
}

func TestTheSweepReleasesHoldsLongPastTheirTime(t *testing.T) {
	onBoth(t, func(t *testing.T, s *store.Store, db *sqldb.DB) {
		id := addStock(t, s, 9)
		for _, name := range []string{"forgotten", "recent", "sold", "prolonged"} {
			reserve(t, s, hold(name, of(id, 1)))
		}
		commit(t, s, "sold")
		recent := hold("recent", of(id, 1))
		recent.ExpiresAt = noon.Add(16 * time.Minute)
		reserve(t, s, recent)
		later := noon.Add(26*time.Minute - time.Second)
		before := later.Add(-10 * time.Minute)
		n, err := releaseOverdue(t, s, before, later)
		if err != nil || n != 2 {
			t.Errorf("released %d, %v; want the two that are overdue", n, err)
		}
		wantStock(t, s, id, 7)
		if n, err := releaseOverdue(t, s, before, later); err != nil || n != 0 {
			t.Errorf("again: released %d, %v", n, err)
		}
		wantLedger(t, db)
	})
}

func TestAHoldProlongedAfterTheSweepLookedStays(t *testing.T) {
	onBoth(t, func(t *testing.T, s *store.Store, db *sqldb.DB) {
		id := addStock(t, s, 1)
		r := hold("r-1", of(id, 1))
		reserve(t, s, r)
		later := noon.Add(time.Hour)
		r.ExpiresAt = later.Add(time.Hour)
		reserve(t, s, r)
		if done, err := s.ReleaseOverdue(t.Context(), "r-1", later, later); done || err != nil {
			t.Errorf("got %v, %v; want it kept", done, err)
		}
		wantStock(t, s, id, 0)
		wantLedger(t, db)
	})
}
