package sqldb_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"bookstore/shared/sqldb"
	"bookstore/shared/sqldb/sqldbtest"

	sq "github.com/Masterminds/squirrel"
)

// What the first item's stock says tells who has served a read.
const (
	atWriter = 1
	atReader = 2
)

// withReplica opens a writer and, through a relay, a reader. Both hold the
// first item, but disagree about its stock.
func withReplica(t *testing.T) (*sqldb.DB, *sqldbtest.Relay) {
	t.Helper()
	writerURL, readerURL := sqldbtest.NewMySQL(t), sqldbtest.NewMySQL(t)
	setStock(t, open(t, readerURL, migrations), atReader)
	relay, through := sqldbtest.NewRelay(t, readerURL)
	db := openWithReader(t, writerURL, through)
	setStock(t, db, atWriter)
	return db, relay
}

func openWithReader(t *testing.T, writerURL, readerURL string) *sqldb.DB {
	t.Helper()
	db, err := sqldb.Open(t.Context(), sqldb.Config{URL: writerURL, ReaderURL: readerURL}, migrations)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func setStock(t *testing.T, db *sqldb.DB, stock int64) {
	t.Helper()
	if _, err := sqldb.Exec(t.Context(), db.Writer(), sq.Update("items").Set("stock", stock)); err != nil {
		t.Fatal(err)
	}
}

// servedBy reads in each of the three ways and returns who has served it.
func servedBy(ctx context.Context, t *testing.T, db *sqldb.DB) int64 {
	t.Helper()
	query := sq.Select("stock").From("items").Where(sq.Eq{"name": "first"})
	all, err := sqldb.QueryAll(ctx, db.Reader(ctx), query, scanInt)
	if err != nil || len(all) != 1 {
		t.Errorf("read rows: got %v, %v", all, err)
		return 0
	}
	if _, err := sqldb.QueryOne(ctx, db.Reader(ctx), query, scanInt); err != nil {
		t.Errorf("read a row: %v", err)
	}
	var stock int64
	if err := db.Reader(ctx).QueryRowContext(ctx, "SELECT stock FROM items").Scan(&stock); err != nil {
		t.Errorf("read a row by hand: %v", err)
	}
	return all[0]
}

func awaitServedBy(t *testing.T, db *sqldb.DB, want int64) {
	t.Helper()
	await(t, func() bool { return servedBy(t.Context(), t, db) == want })
}

// await polls until done reports true, for ten seconds at most.
func await(t *testing.T, done func() bool) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); !done(); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("waited for 10 s in vain")
		}
	}
}

// logBuffer collects the log of concurrent writers.
type logBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *logBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *logBuffer) count(text string) int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return strings.Count(b.buf.String(), text)
}

func captureLog(t *testing.T) *logBuffer {
	t.Helper()
	log := &logBuffer{}
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(log, nil)))
	t.Cleanup(func() { slog.SetDefault(before) })
	return log
}

func TestNoReadFailsBecauseTheReplicaGoes(t *testing.T) {
	log := captureLog(t)
	db, relay := withReplica(t)
	awaitServedBy(t, db, atReader)

	done := make(chan struct{})
	var readers sync.WaitGroup
	for range 8 {
		readers.Go(func() {
			for {
				select {
				case <-done:
					return
				default:
					servedBy(t.Context(), t, db)
				}
			}
		})
	}
	for round := range 2 {
		relay.Cut()
		await(t, func() bool { return log.count("reader is away") == round+1 })
		relay.Heal()
		awaitServedBy(t, db, atReader)
	}
	close(done)
	readers.Wait()
	if away, back := log.count("reader is away"), log.count("reader is back"); away != 2 || back != 2 {
		t.Errorf("logged %d times that it is away and %d times that it is back, want 2 and 2", away, back)
	}
}

func TestAReadThatHangsAtTheReplicaIsReadAtTheWriter(t *testing.T) {
	captureLog(t)
	db, relay := withReplica(t)
	awaitServedBy(t, db, atReader)
	relay.Hang()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	query := sq.Select("stock").From("items")
	if got, err := sqldb.QueryOne(ctx, db.Reader(ctx), query, scanInt); err != nil || got != atWriter {
		t.Errorf("got %d, %v; want the writer's %d", got, err, atWriter)
	}
	relay.Heal()
	awaitServedBy(t, db, atReader)
}

func TestAReadThatItsCallerGaveUpIsNotRepeated(t *testing.T) {
	captureLog(t)
	db, relay := withReplica(t)
	awaitServedBy(t, db, atReader)
	relay.Hang()
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	_, err := sqldb.QueryOne(ctx, db.Reader(ctx), sq.Select("stock").From("items"), scanInt)
	if !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v, want the deadline", err)
	}
}

func TestAReplicaThatIsBehindWithAMigrationLeavesReadsToTheWriter(t *testing.T) {
	log := captureLog(t)
	db := openWithReader(t, sqldbtest.NewMySQL(t), sqldbtest.NewMySQL(t)) // the latter has no table
	setStock(t, db, atWriter)
	for range 3 {
		if got := servedBy(t.Context(), t, db); got != atWriter {
			t.Errorf("served by %d, want the writer", got)
		}
	}
	if log.count("reader is away") != 0 {
		t.Error("it was called away, but it answers")
	}
}

func TestRowsThatWereHandedOutAreNotReadAgain(t *testing.T) {
	captureLog(t)
	db, relay := withReplica(t)
	awaitServedBy(t, db, atReader)
	calls := 0
	// More rows than any buffer on the way holds.
	query := sq.Select("REPEAT('x', 1000)").From("seq_1_to_100000")
	_, err := sqldb.QueryAll(t.Context(), db.Reader(t.Context()), query, func(row sqldb.Row) (string, error) {
		if calls++; calls == 1 {
			relay.Cut()
		}
		return scanString(row)
	})
	if !sqldb.IsUnavailable(err) || calls == 100000 {
		t.Errorf("got %d rows, %v; want an outage amid them", calls, err)
	}
}

func TestWritesNeverGoToTheReplica(t *testing.T) {
	db, _ := withReplica(t)
	awaitServedBy(t, db, atReader)
	if _, err := sqldb.Exec(t.Context(), db.Reader(t.Context()), addStock(1, 10)); err != nil {
		t.Fatal(err)
	}
	if got := stockOf(t.Context(), t, db.Writer(), 1); got != atWriter+10 {
		t.Errorf("the writer has %d, want %d", got, atWriter+10)
	}
}
