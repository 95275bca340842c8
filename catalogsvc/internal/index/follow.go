package index

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"slices"
	"time"

	"bookstore/catalogsvc/internal/catalog"
)

const (
	// window is how long an entry can stay unseen after a later one was seen:
	// longer than any transaction may take. So long it is looked for again.
	window = 40 * time.Second
	// settled is how old the entries are that no index need read which begins
	// with the books of now: all that were numbered before have been seen, even
	// by a clock that is a minute off.
	settled = 2*window + time.Minute

	logPage  = 2000 // entries of a log that are read at once
	bookPage = 500  // books that are read at once because of them
	scanPage = 2000 // books that are read at once when all are

	// buildGarbage is how much garbage there may be beside the memory in use,
	// in percent, while an index is built.
	buildGarbage = 25
)

// reading is how far a log is read. Entries are numbered before their
// transactions end, so that some come late.
type reading struct {
	low   int64          // nothing up to here will come any more
	seen  map[int64]bool // of the entries after low
	marks []mark
}

// mark says that an entry was the last of all at some time.
type mark struct {
	entry int64
	at    time.Time
}

// settle moves low up to where nothing can come any more: to the first number
// that is missing, or to what was the last entry a whole window ago.
func (r *reading) settle(last int64, now time.Time) {
	if last > r.low && (len(r.marks) == 0 || last > r.marks[len(r.marks)-1].entry) {
		r.marks = append(r.marks, mark{last, now})
	}
	low := r.low
	for len(r.marks) > 0 && now.Sub(r.marks[0].at) > window {
		low = max(low, r.marks[0].entry)
		r.marks = r.marks[1:]
	}
	for r.seen[low+1] {
		low++
	}
	if low == r.low {
		return
	}
	for entry := range r.seen {
		if entry <= low {
			delete(r.seen, entry)
		}
	}
	r.low = low
	r.marks = slices.DeleteFunc(r.marks, func(m mark) bool { return m.entry <= low })
}

// Follow is a turn of bringing the index up to date; the first one reads all
// books.
func (l *Live) Follow(ctx context.Context) (more bool, err error) {
	if l.Ready() {
		return false, l.catchUp(ctx)
	}
	if err := l.lock(ctx); err != nil {
		return false, err
	}
	defer l.unlock()
	if loaded, err := l.load(ctx); loaded || err != nil {
		return false, err
	}
	return false, l.build(ctx)
}

func (l *Live) lock(ctx context.Context) error {
	select {
	case l.turn <- struct{}{}:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("wait for the index: %w", ctx.Err())
	}
}

func (l *Live) unlock() { <-l.turn }

// build reads all books, with less garbage in between than a process has that
// only serves: what it takes to read a million would exceed what they need.
func (l *Live) build(ctx context.Context) error {
	defer debug.SetGCPercent(debug.SetGCPercent(buildGarbage))
	begun := l.now()
	at, err := l.source.Settled(ctx, begun.Add(-settled))
	if err != nil {
		return fmt.Errorf("begin the index: %w", err)
	}
	index := New()
	index.fill()
	if err := l.scan(ctx, index); err != nil {
		return fmt.Errorf("read all books: %w", err)
	}
	if err := index.ready(); err != nil {
		return err
	}
	return l.open(ctx, index, at, begun)
}

// scan puts all books into an index, reading the next ones meanwhile.
func (l *Live) scan(ctx context.Context, index *Index) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	pages := make(chan []catalog.Indexed)
	var failed error
	go func() {
		defer close(pages)
		for after := int64(0); ; {
			books, err := l.source.IndexedAfter(ctx, after, scanPage)
			if err != nil {
				failed = err
				return
			}
			if len(books) == 0 {
				return
			}
			after = books[len(books)-1].ID
			select {
			case pages <- books:
			case <-ctx.Done():
				failed = ctx.Err()
				return
			}
		}
	}()
	for books := range pages {
		if err := index.put(books); err != nil {
			return err
		}
	}
	return failed
}

// open lets an index answer which knows the logs up to at.
func (l *Live) open(ctx context.Context, index *Index, at catalog.Positions, begun time.Time) error {
	for log := range l.logs {
		l.logs[log] = reading{low: at[log], seen: map[int64]bool{}}
	}
	if err := l.read(ctx, index); err != nil {
		return err
	}
	debug.FreeOSMemory() // what it took to read all books
	slog.InfoContext(ctx, "search index ready", "holds", index.String(), "after", l.now().Sub(begun))
	l.index.Store(index)
	return nil
}

// catchUp brings the index up to date with all that was written before the
// call. Those who want that at once share the work.
func (l *Live) catchUp(ctx context.Context) error {
	asked := l.asked.Add(1)
	if err := l.lock(ctx); err != nil {
		return err
	}
	defer l.unlock()
	if l.covered >= asked {
		return nil
	}
	covers := l.asked.Load()
	if err := l.read(ctx, l.index.Load()); err != nil {
		return err
	}
	l.covered = covers
	return nil
}

// read reads the logs to their ends and the books that they name.
func (l *Live) read(ctx context.Context, index *Index) error {
	var after catalog.Positions
	for log := range l.logs {
		after[log] = l.logs[log].low
	}
	for {
		changes, err := l.source.Changes(ctx, after, logPage)
		if err != nil {
			return fmt.Errorf("read the logs of changes: %w", err)
		}
		var counts catalog.Positions
		fresh := changes[:0:0]
		for _, c := range changes {
			counts[c.Log]++
			after[c.Log] = c.ID
			if !l.logs[c.Log].seen[c.ID] {
				fresh = append(fresh, c)
			}
		}
		if err := l.apply(ctx, index, fresh); err != nil {
			return err
		}
		if slices.Max(counts[:]) < logPage {
			break
		}
	}
	for log := range l.logs {
		l.logs[log].settle(after[log], l.now())
	}
	return nil
}

// apply brings the books of changes up to date.
func (l *Live) apply(ctx context.Context, index *Index, changes []catalog.Change) error {
	ids := make([]int64, 0, len(changes))
	for _, c := range changes {
		if c.BookID != 0 {
			ids = append(ids, c.BookID)
		}
	}
	slices.Sort(ids)
	for page := range slices.Chunk(slices.Compact(ids), bookPage) {
		books, err := l.source.IndexedNow(ctx, page)
		if err != nil {
			return fmt.Errorf("read changed books: %w", err)
		}
		if err := index.put(books); err != nil {
			return err
		}
	}
	for _, c := range changes {
		l.logs[c.Log].seen[c.ID] = true
	}
	return nil
}

// Check compares the next range of ids with the store, and puts right what is
// wrong: what the logs were not told, for instance by the release before.
func (l *Live) Check(ctx context.Context) (more bool, err error) {
	index := l.index.Load()
	if index == nil {
		return false, nil
	}
	if err := l.lock(ctx); err != nil {
		return false, err
	}
	defer l.unlock()
	if err := l.read(ctx, index); err != nil { // lest it mend what is only late
		return false, err
	}
	last, err := l.source.LastBook(ctx)
	if err != nil {
		return false, fmt.Errorf("check the index: %w", err)
	}
	number := l.checked
	if number > max(last, int64(index.last))>>catalog.RangeBits {
		number = 0
	}
	if err := l.check(ctx, index, number, 1); err != nil {
		return false, fmt.Errorf("check the index: %w", err)
	}
	l.checked = number + 1
	return false, nil
}

// check compares count ranges from one on.
func (l *Live) check(ctx context.Context, index *Index, from, count int64) error {
	sums, err := l.source.RangeSums(ctx, from, count)
	if err != nil {
		return err
	}
	for number := from; number < from+count; number++ {
		if sums[number] == index.sum(number) {
			continue
		}
		books, err := l.source.IndexedRange(ctx, number)
		if err != nil {
			return err
		}
		books = append(books, index.without(number, books)...)
		slog.InfoContext(ctx, "search index mended", "range", number, "books", len(books))
		if err := index.put(books); err != nil {
			return err
		}
	}
	return nil
}
