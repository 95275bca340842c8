package index

import (
	"context"
	"fmt"
	"log/slog"
	"runtime"
	"sync/atomic"
	"time"

	"bookstore/catalogsvc/internal/catalog"
	"bookstore/shared/apierr"

	"golang.org/x/sync/semaphore"
)

// Source is a store that an index follows.
type Source interface {
	// Finder answers by itself, as long as the index can't, and for ids.
	catalog.Finder
	// Changes returns the next entries of all logs after the given ones, at
	// most limit of each, by log and number.
	Changes(ctx context.Context, after catalog.Positions, limit int) ([]catalog.Change, error)
	// Settled returns the last entry of each log from before an instant.
	Settled(ctx context.Context, before time.Time) (catalog.Positions, error)
	// IndexedAfter returns the next limit books on offer after an id. All that
	// Settled has told of before is in it.
	IndexedAfter(ctx context.Context, after int64, limit int) ([]catalog.Indexed, error)
	// IndexedNow returns those books of ids that exist, as they are now.
	IndexedNow(ctx context.Context, ids []int64) ([]catalog.Indexed, error)
	// IndexedRange returns the books on offer of a range of ids as they are now.
	IndexedRange(ctx context.Context, number int64) ([]catalog.Indexed, error)
	// RangeSums sums up count ranges of ids from one on, as they are now.
	RangeSums(ctx context.Context, from, count int64) (map[int64]catalog.RangeSum, error)
	// LastBook returns the greatest id of a book so far.
	LastBook(ctx context.Context) (int64, error)
}

// Bounds of the searches of a process. More would only take longer each.
const (
	searchesPerCore = 2
	waitingPerCore  = 32
	longestWait     = time.Second
)

// writeWait is how long a write waits until searches know of it.
const writeWait = 2 * time.Second

// Live is an index that follows a store. It implements catalog.Finder, from the
// beginning on: until it has read all books, the store answers.
type Live struct {
	source Source
	now    func() time.Time
	index  atomic.Pointer[Index] // nil: it has not read all books yet

	turn    chan struct{} // held by the one that reads the logs and writes to the index
	asked   atomic.Int64  // how often somebody wanted all changes so far
	covered int64         // how many of those have them
	logs    [catalog.Logs]reading
	checked int64 // the range that is checked next

	file    string    // of the snapshot; empty: there is none
	saved   int64     // how many changes the snapshot has
	savedAt time.Time // when it was written

	woken   chan struct{}
	running *semaphore.Weighted
	waiting atomic.Int64
}

// NewLive returns an index of source that keeps its snapshot in file, none if
// that is empty, and takes the time from now. It does nothing by itself: see
// Follow.
func NewLive(source Source, file string, now func() time.Time) *Live {
	return &Live{
		file:    file,
		source:  source,
		now:     now,
		turn:    make(chan struct{}, 1),
		woken:   make(chan struct{}, 1),
		running: semaphore.NewWeighted(int64(searchesPerCore * runtime.GOMAXPROCS(0))),
	}
}

// Ready reports whether the index has read all books.
func (l *Live) Ready() bool { return l.index.Load() != nil }

// Woken asks for a call of Follow at once.
func (l *Live) Woken() <-chan struct{} { return l.woken }

// Find implements catalog.Finder. Selections by id are the store's to answer:
// they are quick there, and never late.
func (l *Live) Find(ctx context.Context, s catalog.Selection) (catalog.Found, error) {
	index := l.index.Load()
	if len(s.IDs) > 0 {
		return l.source.Find(ctx, s)
	}
	if s.Fresh && index != nil { // before others have to wait for this one
		if err := l.catchUp(ctx); err != nil {
			return catalog.Found{}, err
		}
	}
	leave, err := l.enter(ctx)
	if err != nil {
		return catalog.Found{}, err
	}
	defer leave()
	if index == nil {
		return l.source.Find(ctx, s)
	}
	return index.find(s)
}

// CategoryCounts implements catalog.Finder.
func (l *Live) CategoryCounts(ctx context.Context, fresh bool) (map[string]int64, error) {
	index := l.index.Load()
	if index == nil {
		return l.source.CategoryCounts(ctx, fresh)
	}
	if fresh {
		if err := l.catchUp(ctx); err != nil {
			return nil, err
		}
	}
	return index.categoryCounts(), nil
}

// Respell implements catalog.Finder. Until the index is ready nothing is similar.
func (l *Live) Respell(ctx context.Context, words []string) ([]string, error) {
	index := l.index.Load()
	if index == nil {
		return nil, nil
	}
	leave, err := l.enter(ctx)
	if err != nil {
		return nil, err
	}
	defer leave()
	return index.respell(words)
}

// Wrote implements catalog.Finder. If it fails, the next turn makes up for it.
func (l *Live) Wrote(ctx context.Context) {
	if !l.Ready() {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), writeWait)
	defer cancel()
	if err := l.catchUp(ctx); err != nil {
		slog.WarnContext(ctx, "searches are late", "error", err)
	}
}

// Moved implements catalog.Finder.
func (l *Live) Moved() {
	select {
	case l.woken <- struct{}{}:
	default:
	}
}

// enter lets a search begin, perhaps after others. It returns an error of kind
// Unavailable if too many are waiting, or for too long.
func (l *Live) enter(ctx context.Context) (leave func(), err error) {
	leave = func() { l.running.Release(1) }
	if l.running.TryAcquire(1) {
		return leave, nil
	}
	defer l.waiting.Add(-1)
	if l.waiting.Add(1) > int64(waitingPerCore*runtime.GOMAXPROCS(0)) {
		return nil, apierr.Unavailable("search")
	}
	waiting, cancel := context.WithTimeout(ctx, longestWait)
	defer cancel()
	if l.running.Acquire(waiting, 1) == nil {
		return leave, nil
	}
	if ctx.Err() != nil {
		return nil, fmt.Errorf("wait to search: %w", ctx.Err())
	}
	return nil, apierr.Unavailable("search")
}
