package sqldb_test

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"bookstore/shared/sqldb"
	"bookstore/shared/sqldb/sqldbtest"
)

// change adds one to the stock of each item, in this order.
func change(ctx context.Context, tx *sqldb.Tx, ids ...int64) error {
	for _, id := range ids {
		if _, err := sqldb.Exec(ctx, tx, addStock(id, 1)); err != nil {
			return err
		}
	}
	return nil
}

func TestTheLoserOfADeadlockTriesAgain(t *testing.T) {
	sqldbtest.Run(t, migrations, func(t *testing.T, db *sqldb.DB) {
		a, b := insert(t, db, "a", 0), insert(t, db, "b", 0)

		// In MySQL both hold their first row before either asks for its second.
		var runs atomic.Int64
		bothStarted := make(chan struct{})
		crosswise := func(first, second int64) error {
			return db.Tx(t.Context(), func(ctx context.Context, tx *sqldb.Tx) error {
				run := runs.Add(1)
				if err := change(ctx, tx, first); err != nil {
					return err
				}
				if db.Dialect() == sqldb.MySQL {
					if run == 2 {
						close(bothStarted)
					}
					<-bothStarted
				}
				return change(ctx, tx, second)
			})
		}
		var wg sync.WaitGroup
		wg.Go(func() {
			if err := crosswise(a, b); err != nil {
				t.Errorf("a then b: %v", err)
			}
		})
		wg.Go(func() {
			if err := crosswise(b, a); err != nil {
				t.Errorf("b then a: %v", err)
			}
		})
		wg.Wait()
		for _, id := range []int64{a, b} {
			if got := stockOf(t.Context(), t, db.Writer(), id); got != 2 {
				t.Errorf("item %d: got %d, want 2", id, got)
			}
		}
		if db.Dialect() == sqldb.MySQL && runs.Load() != 3 {
			t.Errorf("got %d runs, want 3: one of the two lost a deadlock", runs.Load())
		}
	})
}

// Two DBs on one SQLite file are what two processes are: each has a writer.
func TestNothingIsLostBetweenProcesses(t *testing.T) {
	sqldbtest.RunURL(t, func(t *testing.T, url string) {
		dbs := []*sqldb.DB{open(t, url, migrations), open(t, url, migrations)}
		id := insert(t, dbs[0], "a", 0)
		const workers, each = 4, 10

		var wg sync.WaitGroup
		for worker := range workers {
			db := dbs[worker%len(dbs)]
			wg.Go(func() {
				for range each {
					err := db.Tx(t.Context(), func(ctx context.Context, tx *sqldb.Tx) error {
						_ = stockOf(ctx, t, tx, id) // a read first, as a careless caller does
						return change(ctx, tx, id)
					})
					if err != nil {
						t.Errorf("worker %d: %v", worker, err)
					}
				}
			})
		}
		wg.Wait()
		if got := stockOf(t.Context(), t, dbs[1].Writer(), id); got != workers*each {
			t.Errorf("got %d, want %d", got, workers*each)
		}
	})
}

func TestATransactionSeesWhatOthersHaveCommittedMeanwhile(t *testing.T) {
	sqldbtest.Run(t, migrations, func(t *testing.T, db *sqldb.DB) {
		if db.Dialect() != sqldb.MySQL {
			return // SQLite has one writer at a time
		}
		id := insert(t, db, "a", 1)
		for range 2 { // the isolation is the connection's, not the first transaction's
			err := db.Tx(t.Context(), func(ctx context.Context, tx *sqldb.Tx) error {
				before := stockOf(ctx, t, tx, id)
				if _, err := sqldb.Exec(t.Context(), db.Writer(), addStock(id, 1)); err != nil {
					return err
				}
				if got := stockOf(ctx, t, tx, id); got != before+1 {
					t.Errorf("got %d, want %d", got, before+1)
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
		}
	})
}

func TestAFailedTransactionWritesNothing(t *testing.T) {
	sqldbtest.Run(t, migrations, func(t *testing.T, db *sqldb.DB) {
		id := insert(t, db, "a", 0)
		refusal := errors.New("refused")

		runs := 0
		err := db.Tx(t.Context(), func(ctx context.Context, tx *sqldb.Tx) error {
			runs++
			return errors.Join(change(ctx, tx, id), refusal)
		})
		if !errors.Is(err, refusal) || runs != 1 {
			t.Errorf("got %v after %d runs, want the refusal after 1", err, runs)
		}

		func() {
			defer func() {
				if recover() == nil {
					t.Error("the panic was swallowed")
				}
			}()
			_ = db.Tx(t.Context(), func(ctx context.Context, tx *sqldb.Tx) error {
				if err := change(ctx, tx, id); err != nil {
					return err
				}
				panic("a bug")
			})
		}()

		ctx, cancel := context.WithCancel(t.Context())
		err = db.Tx(ctx, func(ctx context.Context, tx *sqldb.Tx) error {
			defer cancel()
			return change(ctx, tx, id)
		})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("cancelled before the commit: got %v", err)
		}

		if got := stockOf(t.Context(), t, db.Writer(), id); got != 0 {
			t.Errorf("got stock %d, want 0", got)
		}
		insert(t, db, "b", 0) // and the connection is free again
	})
}

func TestATransactionEndsWithItsContext(t *testing.T) {
	sqldbtest.RunURL(t, func(t *testing.T, url string) {
		holder, waiter := open(t, url, migrations), open(t, url, migrations)
		id := insert(t, holder, "a", 0)
		err := holder.Tx(t.Context(), func(ctx context.Context, tx *sqldb.Tx) error {
			if err := change(ctx, tx, id); err != nil {
				return err
			}
			short, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
			defer cancel()
			began := time.Now()
			err := waiter.Tx(short, func(ctx context.Context, tx *sqldb.Tx) error {
				return change(ctx, tx, id)
			})
			if waited := time.Since(began); waited > 3*time.Second {
				t.Errorf("waited %v for the lock, want about 200ms", waited)
			}
			if !sqldb.IsUnavailable(err) {
				t.Errorf("got %v, want a database that is too slow", err)
			}
			return nil
		})
		if err != nil {
			t.Fatalf("holder: %v", err)
		}
		if got := stockOf(t.Context(), t, holder.Writer(), id); got != 1 {
			t.Errorf("got stock %d, want 1", got)
		}
	})
}

func TestATransactionInsideATransactionIsRefused(t *testing.T) {
	sqldbtest.Run(t, migrations, func(t *testing.T, db *sqldb.DB) {
		err := db.Tx(t.Context(), func(ctx context.Context, _ *sqldb.Tx) error {
			return db.Tx(ctx, func(context.Context, *sqldb.Tx) error { return nil })
		})
		if err == nil {
			t.Error("got no error")
		}
	})
}

func TestReadsDoNotWaitForATransaction(t *testing.T) {
	sqldbtest.Run(t, migrations, func(t *testing.T, db *sqldb.DB) {
		id := insert(t, db, "a", 7)
		err := db.Tx(t.Context(), func(ctx context.Context, tx *sqldb.Tx) error {
			if err := change(ctx, tx, id); err != nil {
				return err
			}
			outside, cancel := context.WithTimeout(t.Context(), 5*time.Second)
			defer cancel()
			if got := stockOf(outside, t, db.Writer(), id); got != 7 {
				t.Errorf("outside: got %d, want 7", got)
			}
			if got := stockOf(ctx, t, tx, id); got != 8 {
				t.Errorf("inside: got %d, want 8", got)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if got := stockOf(t.Context(), t, db.Reader(t.Context()), id); got != 8 {
			t.Errorf("afterwards: got %d, want 8", got)
		}
	})
}
