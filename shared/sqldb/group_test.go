package sqldb_test

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"bookstore/shared/sqldb"

	sq "github.com/Masterminds/squirrel"
)

// grouped is a SQLite database whose writer is busy, so that whoever comes next
// waits for a common commit.
type grouped struct {
	*sqldb.DB
	file    string
	release func()
	going   sync.WaitGroup
}

func newGrouped(t *testing.T) *grouped {
	t.Helper()
	g := &grouped{file: filepath.Join(t.TempDir(), "test.db")}
	g.DB = open(t, "sqlite:"+g.file, migrations)
	working, free := make(chan struct{}), make(chan struct{})
	g.release = sync.OnceFunc(func() { close(free) })
	t.Cleanup(func() { g.release(); g.going.Wait() })
	g.add(t.Context(), "first", func(context.Context, *sqldb.Tx) error {
		close(working)
		<-free
		return nil
	})
	<-working
	return g
}

// add begins a transaction that inserts an item and then does more, and returns
// what will have come of it.
func (g *grouped) add(ctx context.Context, name string, more func(context.Context, *sqldb.Tx) error) <-chan error {
	result := make(chan error, 1)
	g.going.Go(func() {
		defer func() {
			if p := recover(); p != nil {
				result <- fmt.Errorf("panic: %v", p)
			}
		}()
		result <- g.Tx(ctx, func(ctx context.Context, tx *sqldb.Tx) error {
			if _, err := sqldb.Exec(ctx, tx, insertItem("the "+name, 1)); err != nil {
				return err
			}
			if more == nil {
				return nil
			}
			return more(ctx, tx)
		})
	})
	return result
}

// commits returns the counter of transactions in the index of the write-ahead
// log (https://sqlite.org/walformat.html, iChange).
func (g *grouped) commits(t *testing.T) uint32 {
	t.Helper()
	index, err := os.ReadFile(g.file + "-shm")
	if err != nil {
		t.Fatal(err)
	}
	return binary.NativeEndian.Uint32(index[8:])
}

// items returns the names in the database, or in a copy of its files as a crash
// would leave them now.
func (g *grouped) items(t *testing.T, db *sqldb.DB) []string {
	t.Helper()
	names, err := sqldb.QueryAll(t.Context(), db.Writer(), sq.Select("name").From("items").Where("name LIKE 'the %'").OrderBy("id"),
		func(row sqldb.Row) (name string, err error) {
			err = row.Scan(&name)
			return strings.TrimPrefix(name, "the "), err
		})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

func (g *grouped) afterACrash(t *testing.T) []string {
	t.Helper()
	copied := filepath.Join(t.TempDir(), "test.db")
	for _, suffix := range []string{"", "-wal"} {
		data, err := os.ReadFile(g.file + suffix)
		if err == nil {
			err = os.WriteFile(copied+suffix, data, 0o600)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	return g.items(t, open(t, "sqlite:"+copied, migrations))
}

func TestWhoWaitsForTheWriterIsCommittedTogetherEachWithItsOwnFate(t *testing.T) {
	g := newGrouped(t)
	before := g.commits(t)
	ctx := t.Context()
	refused := errors.New("refused")
	left, leave := context.WithCancel(ctx)
	late, end := context.WithCancel(ctx)
	good := g.add(ctx, "good", nil)
	bad := g.add(ctx, "bad", func(context.Context, *sqldb.Tx) error { return refused })
	panics := g.add(ctx, "panic", func(context.Context, *sqldb.Tx) error { panic("bug") })
	gone := g.add(left, "gone", nil)
	ended := g.add(late, "ended", func(context.Context, *sqldb.Tx) error { end(); return nil })
	duplicate := make(chan error, 1)
	single := make(chan error, 1)
	g.going.Go(func() { // statements alone are members, too
		_, err := sqldb.Exec(ctx, g.Writer(), insertItem("first", 1))
		duplicate <- err
	})
	g.going.Go(func() {
		_, err := sqldb.Exec(ctx, g.Writer(), insertItem("the single", 1))
		single <- err
	})
	leave()
	if err := <-gone; !errors.Is(err, context.Canceled) {
		t.Errorf("who left: %v", err)
	}
	time.Sleep(50 * time.Millisecond) // until the others wait
	g.release()
	if err := errors.Join(<-good, <-single); err != nil {
		t.Error(err)
	}
	if err := <-bad; !errors.Is(err, refused) {
		t.Errorf("who fails: %v", err)
	}
	if err := <-panics; err == nil || err.Error() != "panic: bug" {
		t.Errorf("who panics: %v", err)
	}
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("whose time ended: %v", err)
	}
	if err := <-duplicate; !sqldb.IsDuplicate(err) {
		t.Errorf("a duplicate: %v", err)
	}
	g.going.Wait()
	got := g.items(t, g.DB)
	slices.Sort(got)
	if want := []string{"first", "good", "single"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if n := g.commits(t) - before; n >= 3 {
		t.Errorf("%d commits of three transactions", n)
	}
}

func TestTheWriterMakesNoFilesForSavepoints(t *testing.T) {
	db := open(t, "sqlite:"+filepath.Join(t.TempDir(), "test.db"), migrations)
	err := db.Tx(t.Context(), func(ctx context.Context, tx *sqldb.Tx) error {
		const memory = 2 // https://sqlite.org/pragma.html#pragma_temp_store
		store, err := sqldb.QueryOne(ctx, tx, sq.Expr("PRAGMA temp_store"), func(row sqldb.Row) (store int, err error) {
			err = row.Scan(&store)
			return store, err
		})
		if store != memory {
			t.Errorf("got %d, want %d", store, memory)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// An answer is a promise that holds after a crash.
func TestNobodyIsAnsweredBeforeTheCommonCommitIsOnTheDisk(t *testing.T) {
	g := newGrouped(t)
	working, free := make(chan struct{}), make(chan struct{})
	one := g.add(t.Context(), "one", nil)
	time.Sleep(50 * time.Millisecond) // until it waits
	two := g.add(t.Context(), "two", func(context.Context, *sqldb.Tx) error {
		close(working)
		<-free
		return nil
	})
	time.Sleep(50 * time.Millisecond)
	g.release()
	<-working
	select {
	case err := <-one:
		if got := g.afterACrash(t); !slices.Contains(got, "one") {
			t.Errorf("answered %v, but a crash leaves %q", err, got)
		}
	default:
		if got := g.afterACrash(t); slices.Contains(got, "one") {
			t.Errorf("a crash leaves %q of what nobody was told", got)
		}
	}
	close(free)
	if err := <-two; err != nil {
		t.Fatal(err)
	}
	if got := g.afterACrash(t); !slices.Equal(got, []string{"first", "one", "two"}) {
		t.Errorf("a crash leaves %q of what was promised", got)
	}
}

// A few failures, of the disk for example, make SQLite roll back all of a
// transaction. The others of its group are done again.
func TestWhoLosesTheTransactionOfAllDoesNotTakeTheOthersAlong(t *testing.T) {
	g := newGrouped(t)
	one := g.add(t.Context(), "one", nil)
	time.Sleep(50 * time.Millisecond)
	loses := g.add(t.Context(), "loser", func(ctx context.Context, tx *sqldb.Tx) error {
		_, err := tx.ExecContext(ctx, "INSERT OR ROLLBACK INTO items (name, stock) VALUES (?, 1)", "first")
		return err
	})
	time.Sleep(50 * time.Millisecond)
	g.release()
	if err := <-one; err != nil {
		t.Error(err)
	}
	if err := <-loses; !sqldb.IsDuplicate(err) {
		t.Errorf("got %v, want a duplicate", err)
	}
	g.going.Wait()
	got := g.items(t, g.DB)
	slices.Sort(got)
	if want := []string{"first", "one"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// Who is refused for what another has written finds it there.
func TestAnErrorComesOnceWhatItCameOfIsThere(t *testing.T) {
	db := open(t, "sqlite:"+filepath.Join(t.TempDir(), "test.db"), migrations)
	var racing sync.WaitGroup
	for range 20 {
		racing.Go(func() {
			for i := range 20 {
				name := fmt.Sprint("item ", i)
				_, err := sqldb.Exec(t.Context(), db.Writer(), insertItem(name, 1))
				_, found := sqldb.QueryOne(t.Context(), db.Writer(), sq.Select("id").From("items").Where(sq.Eq{"name": name}), func(row sqldb.Row) (id int64, err error) {
					err = row.Scan(&id)
					return id, err
				})
				if err != nil && !sqldb.IsDuplicate(err) || found != nil {
					t.Errorf("%s: inserted with %v, found with %v", name, err, found)
				}
			}
		})
	}
	racing.Wait()
}
