package store_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"bookstore/catalogsvc/internal/catalog"
	"bookstore/catalogsvc/internal/store"
	"bookstore/shared/sqldb"
)

// together runs do(0) … do(n-1) at once and returns their errors.
func together(n int, do func(i int) error) []error {
	errs := make([]error, n)
	start := make(chan struct{})
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() {
			<-start
			errs[i] = do(i)
		})
	}
	close(start)
	wg.Wait()
	return errs
}

func TestFiftyBuyersOfFiveCopiesGetFive(t *testing.T) {
	onBoth(t, func(t *testing.T, s *store.Store, db *sqldb.DB) {
		id := addStock(t, s, 5)
		errs := together(50, func(i int) error {
			_, err := s.Reserve(t.Context(), hold(fmt.Sprint("r-", i), of(id, 1)), noon)
			return err
		})
		held, refused := 0, 0
		for _, err := range errs {
			switch {
			case err == nil:
				held++
			case errors.Is(err, catalog.ErrLinesChanged):
				refused++
			default:
				t.Error(err)
			}
		}
		if held != 5 || refused != 45 {
			t.Errorf("%d held and %d refused, want 5 and 45", held, refused)
		}
		wantStock(t, s, id, 0)
		wantLedger(t, db)
	})
}

func TestCrosswiseReservationsDoNotFail(t *testing.T) {
	onBoth(t, func(t *testing.T, s *store.Store, db *sqldb.DB) {
		one, two := addStock(t, s, 100), addStock(t, s, 100)
		errs := together(40, func(i int) error {
			lines := []catalog.Line{of(one, 1), of(two, 1)}
			if i%2 == 1 {
				lines[0], lines[1] = lines[1], lines[0]
			}
			id := fmt.Sprint("r-", i)
			if _, err := s.Reserve(t.Context(), hold(id, lines...), noon); err != nil {
				return err
			}
			if i%4 < 2 {
				return s.Release(t.Context(), id, noon)
			}
			_, err := s.Commit(t.Context(), id, noon)
			return err
		})
		if err := errors.Join(errs...); err != nil {
			t.Error(err)
		}
		wantStock(t, s, one, 80)
		wantStock(t, s, two, 80)
		wantLedger(t, db)
	})
}

func TestTheSameCallMadeAtOnceHappensOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, s *store.Store, db *sqldb.DB) {
		id := addStock(t, s, 2)
		step := func(name string, left int64, do func(int) error) {
			t.Helper()
			if err := errors.Join(together(20, do)...); err != nil {
				t.Errorf("%s: %v", name, err)
			}
			wantStock(t, s, id, left)
			wantLedger(t, db)
		}
		step("reserve", 0, func(int) error {
			_, err := s.Reserve(t.Context(), hold("r-1", of(id, 2)), noon)
			return err
		})
		step("commit", 0, func(int) error {
			_, err := s.Commit(t.Context(), "r-1", noon)
			return err
		})
		step("restock", 2, func(int) error {
			return s.Restock(t.Context(), "r-1", "all", []catalog.Return{{BookID: id, Quantity: 2}}, noon)
		})
		reserve(t, s, hold("r-2", of(id, 1)))
		step("release", 2, func(int) error { return s.Release(t.Context(), "r-2", noon) })
		step("release unseen", 2, func(int) error { return s.Release(t.Context(), "r-3", noon) })
	})
}

func TestOfReserveAndReleaseAtOnceNothingStaysHeld(t *testing.T) {
	onBoth(t, func(t *testing.T, s *store.Store, db *sqldb.DB) {
		book := addStock(t, s, 3)
		for round := range 20 {
			id := fmt.Sprint("r-", round)
			errs := together(4, func(i int) error {
				if i%2 == 0 {
					return s.Release(t.Context(), id, noon)
				}
				_, err := s.Reserve(t.Context(), hold(id, of(book, 1)), noon)
				if errors.Is(err, catalog.ErrReservationReleased) {
					return nil
				}
				return err
			})
			if err := errors.Join(errs...); err != nil {
				t.Error(err)
			}
			wantStock(t, s, book, 3)
		}
		wantLedger(t, db)
	})
}

func TestOneOfCommitAndReleaseWins(t *testing.T) {
	onBoth(t, func(t *testing.T, s *store.Store, db *sqldb.DB) {
		book := addStock(t, s, 100)
		left := int64(100)
		for round := range 20 {
			id := fmt.Sprint("r-", round)
			reserve(t, s, hold(id, of(book, 1)))
			errs := together(2, func(i int) error {
				if i == 0 {
					return s.Release(t.Context(), id, noon)
				}
				_, err := s.Commit(t.Context(), id, noon)
				return err
			})
			switch {
			case errors.Is(errs[0], catalog.ErrReservationCommitted) && errs[1] == nil:
				left--
			case errs[0] == nil && errors.Is(errs[1], catalog.ErrReservationReleased):
			default:
				t.Errorf("release: %v, commit: %v", errs[0], errs[1])
			}
		}
		wantStock(t, s, book, left)
		wantLedger(t, db)
	})
}

func TestSellersEditAndBuyersReserveAtOnce(t *testing.T) {
	onBoth(t, func(t *testing.T, s *store.Store, db *sqldb.DB) {
		book := addStock(t, s, 10)
		var added, held atomic.Int64
		errs := together(30, func(i int) error {
			if i%3 > 0 {
				_, err := s.Reserve(t.Context(), hold(fmt.Sprint("r-", i), of(book, 1)), noon)
				if err == nil {
					held.Add(1)
				}
				return allow(err, catalog.ErrLinesChanged)
			}
			change := int64(i%2*4 - 2) // two more or two less
			b, err := s.CurrentBook(t.Context(), book)
			if err != nil {
				return err
			}
			err = s.EditBook(t.Context(), editOf(b, change))
			if err == nil {
				added.Add(change)
			}
			return allow(err, catalog.ErrVersionConflict, catalog.ErrStockTooLow)
		})
		if err := errors.Join(errs...); err != nil {
			t.Error(err)
		}
		wantStock(t, s, book, 10+added.Load()-held.Load())
		wantLedger(t, db)
	})
}

// allow turns the expected errors into nil.
func allow(err error, expected ...error) error {
	for _, e := range expected {
		if errors.Is(err, e) {
			return nil
		}
	}
	return err
}

// TestTheLedgerHoldsWhateverHappens does random things in random order, many
// of them out of place, by several callers at once.
func TestTheLedgerHoldsWhateverHappens(t *testing.T) {
	onBoth(t, func(t *testing.T, s *store.Store, db *sqldb.DB) {
		books := []int64{addStock(t, s, 4), addStock(t, s, 1), addStock(t, s, 20), addStock(t, s, 2)}
		errs := together(4, func(caller int) error {
			random := rand.New(rand.NewPCG(7, uint64(caller)))
			for range 80 {
				if err := randomStep(t, s, random, books); err != nil {
					return err
				}
			}
			return nil
		})
		if err := errors.Join(errs...); err != nil {
			t.Error(err)
		}
		wantLedger(t, db)
	})
}

func randomStep(t *testing.T, s *store.Store, random *rand.Rand, books []int64) error {
	ctx := t.Context()
	id := fmt.Sprint("r-", random.IntN(40))
	book := func() int64 { return books[random.IntN(len(books))] }
	at := noon.Add(time.Duration(random.IntN(60)) * time.Minute)
	quantity := 1 + random.Int64N(3)
	switch random.IntN(8) {
	case 0, 1, 2:
		lines := []catalog.Line{of(book(), quantity)}
		if second := book(); second != lines[0].BookID {
			lines = append(lines, of(second, 1))
		}
		_, err := s.Reserve(ctx, hold(id, lines...), at)
		return allow(err, catalog.ErrLinesChanged, catalog.ErrReservationDiffers, catalog.ErrReservationReleased)
	case 3:
		_, err := s.Commit(ctx, id, at)
		return allow(err, catalog.ErrReservationNotFound, catalog.ErrReservationReleased)
	case 4:
		return allow(s.Release(ctx, id, at), catalog.ErrReservationCommitted)
	case 5:
		key := fmt.Sprint("k", random.IntN(3))
		err := s.Restock(ctx, id, key, []catalog.Return{{BookID: book(), Quantity: quantity}}, at)
		return allow(err, catalog.ErrReservationNotFound, catalog.ErrReservationHeld,
			catalog.ErrReservationReleased, catalog.ErrRestockTooLarge)
	case 6:
		_, err := releaseOverdue(t, s, at.Add(-10*time.Minute), at)
		return err
	}
	b, err := s.CurrentBook(ctx, book())
	if err != nil {
		return err
	}
	if b.ID == books[3] && random.IntN(4) == 0 {
		return allow(s.DelistBook(ctx, b.ID, "user:7", at), catalog.ErrBookNotFound)
	}
	return allow(s.EditBook(ctx, editOf(b, quantity-2)), catalog.ErrVersionConflict, catalog.ErrStockTooLow, catalog.ErrBookNotFound)
}
