package index

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash"
	"hash/crc32"
	"io"
	"io/fs"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"time"

	"bookstore/catalogsvc/internal/catalog"
	"bookstore/catalogsvc/internal/search"
)

const (
	// snapshotFormat numbers what a snapshot looks like. Others are not read.
	snapshotFormat = 2
	// saveEvery is how often a snapshot is written at most.
	saveEvery = 10 * time.Minute
	// abandoned is how old the draft of a snapshot is whose process has ended.
	abandoned = time.Hour
	// mostBytes bounds a part of a snapshot, lest a damaged one ask for all memory.
	mostBytes = 1 << 30
	// checkedRanges are checked at once when a snapshot was read.
	checkedRanges = 64
)

var errSnapshot = errors.New("no snapshot of this release, or a damaged one")

// snapshot is what the file of an index says of itself.
type snapshot struct {
	at    catalog.Positions // all entries up to here are in it
	taken time.Time
}

// Save writes the index to the file that makes the next start a matter of
// seconds, unless there is none, or nothing new to write. Searches and changes
// go on meanwhile: what changes is read from the logs again.
func (l *Live) Save(ctx context.Context) (more bool, err error) {
	index := l.index.Load()
	if l.file == "" || index == nil {
		return false, nil
	}
	if err := l.lock(ctx); err != nil {
		return false, err
	}
	changes, numbers := index.changes, slices.Sorted(maps.Keys(index.ranges))
	s := snapshot{taken: l.now()}
	for log := range l.logs {
		s.at[log] = l.logs[log].low
	}
	l.unlock()
	if changes == l.saved || l.now().Sub(l.savedAt) < saveEvery {
		return false, nil
	}
	if err := l.write(ctx, index, s, numbers); err != nil {
		return false, fmt.Errorf("write the snapshot of the index: %w", err)
	}
	l.saved, l.savedAt = changes, s.taken
	return false, nil
}

// write replaces the file as a whole.
func (l *Live) write(ctx context.Context, index *Index, s snapshot, numbers []int64) error {
	if err := os.MkdirAll(filepath.Dir(l.file), 0o700); err != nil {
		return err
	}
	l.removeDrafts()
	draft, err := os.CreateTemp(filepath.Dir(l.file), filepath.Base(l.file)+".*.draft")
	if err != nil {
		return err
	}
	defer os.Remove(draft.Name()) // does nothing once it is renamed
	defer draft.Close()
	w := newWriter(draft)
	w.number(snapshotFormat)
	w.number(search.Format)
	for _, number := range numbers {
		if err := l.lock(ctx); err != nil {
			return err
		}
		encoded := index.ranges[number].append(nil)
		l.unlock()
		w.number(uint64(number) + 1)
		w.bytes(encoded)
	}
	w.number(0)
	if err := l.lock(ctx); err != nil {
		return err
	}
	err = index.sortTerms()
	words := index.terms
	facets := [][]string{index.categories.names, index.conditions.names, index.languages.names}
	l.unlock()
	if err != nil {
		return err
	}
	w.words(words)
	for _, names := range facets {
		w.number(uint64(len(names)))
		for _, name := range names {
			w.bytes([]byte(name))
		}
	}
	for _, at := range s.at {
		w.number(uint64(at))
	}
	w.number(uint64(s.taken.UnixMicro()))
	if err := w.end(); err != nil {
		return err
	}
	if err := draft.Sync(); err != nil {
		return err
	}
	return os.Rename(draft.Name(), l.file)
}

func (l *Live) removeDrafts() {
	drafts, _ := filepath.Glob(l.file + ".*.draft")
	for _, draft := range drafts {
		if info, err := os.Stat(draft); err == nil && l.now().Sub(info.ModTime()) > abandoned {
			os.Remove(draft)
		}
	}
}

// load opens the index of the last snapshot, if there is one that is good, and
// reports whether it did.
func (l *Live) load(ctx context.Context) (bool, error) {
	if l.file == "" {
		return false, nil
	}
	begun := l.now()
	index, s, err := readSnapshot(l.file)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		slog.WarnContext(ctx, "snapshot of the index not read", "file", l.file, "error", err)
		return false, nil
	}
	head, err := l.source.Settled(ctx, begun.Add(settled))
	if err != nil {
		return false, fmt.Errorf("compare the snapshot with the logs: %w", err)
	}
	for log := range head {
		if head[log] < s.at[log] {
			return false, nil // of another database
		}
	}
	if begun.Sub(s.taken) > catalog.ChangesKept {
		return false, nil
	}
	if err := l.checkAll(ctx, index); err != nil {
		return false, fmt.Errorf("compare the snapshot with the books: %w", err)
	}
	return true, l.open(ctx, index, s.at, begun)
}

func readSnapshot(file string) (*Index, snapshot, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, snapshot{}, err
	}
	defer f.Close()
	if err := checkSum(f); err != nil {
		return nil, snapshot{}, err
	}
	r := &reader{from: bufio.NewReaderSize(f, 1<<20)}
	if r.number() != snapshotFormat || r.number() != search.Format {
		return nil, snapshot{}, errSnapshot
	}
	index := New()
	index.fill()
	for number := r.number(); number > 0 && r.err == nil; number = r.number() {
		if encoded := r.bytes(); r.err == nil {
			index.ranges[int64(number)-1] = parseRange(encoded)
		}
	}
	index.terms = r.words()
	for _, f := range []*facet{&index.categories, &index.conditions, &index.languages} {
		for range min(r.number(), 256) {
			f.code(string(r.bytes()))
		}
	}
	var s snapshot
	for log := range s.at {
		s.at[log] = int64(r.number())
	}
	s.taken = time.UnixMicro(int64(r.number()))
	if r.err != nil {
		return nil, s, r.err
	}
	return index, s, index.linkAll()
}

// linkAll puts all books of the ranges under what they have.
func (ix *Index) linkAll() error {
	ix.growWords()
	for _, number := range slices.Sorted(maps.Keys(ix.ranges)) {
		r := ix.ranges[number]
		for at := range r.books {
			if b := &r.books[at]; b.text != 0 {
				ix.link(uint32(number<<catalog.RangeBits)+uint32(at), b, r.decode(b))
			}
		}
	}
	return ix.ready()
}

// bookBytes is how long an encoded book is, without its text.
const bookBytes = 34

// append appends r in its encoded form.
func (r *bookRange) append(to []byte) []byte {
	to = slices.Grow(to, 4+int(r.sum.Books)*bookBytes+len(r.texts))
	to = binary.LittleEndian.AppendUint32(to, uint32(r.sum.Books))
	for at := range r.books {
		b := &r.books[at]
		if b.text == 0 {
			continue
		}
		to = binary.LittleEndian.AppendUint16(to, uint16(at))
		to = binary.LittleEndian.AppendUint64(to, b.isbn)
		to = binary.LittleEndian.AppendUint64(to, uint64(b.seller))
		for _, n := range []uint32{b.price, b.stamp, b.text} {
			to = binary.LittleEndian.AppendUint32(to, n)
		}
		stock := uint8(0)
		if b.inStock {
			stock = 1
		}
		to = append(to, b.category, b.condition, b.language, stock)
	}
	return append(to, r.texts...)
}

// parseRange reads what append wrote.
func parseRange(encoded []byte) *bookRange {
	n := int(binary.LittleEndian.Uint32(encoded))
	encoded = encoded[4:]
	r := &bookRange{texts: encoded[n*bookBytes:]}
	used := 0
	for ; n > 0; n-- {
		at := binary.LittleEndian.Uint16(encoded)
		b := book{
			isbn:      binary.LittleEndian.Uint64(encoded[2:]),
			seller:    int64(binary.LittleEndian.Uint64(encoded[10:])),
			price:     binary.LittleEndian.Uint32(encoded[18:]),
			stamp:     binary.LittleEndian.Uint32(encoded[22:]),
			text:      binary.LittleEndian.Uint32(encoded[26:]),
			category:  encoded[30],
			condition: encoded[31],
			language:  encoded[32],
			inStock:   encoded[33] == 1,
		}
		b.titleStart = startOf(r.sortTitle(&b))
		r.books[at%rangeSize] = b
		r.sum.Books++
		r.sum.Stamps += int64(b.stamp)
		used += len(r.encoded(&b))
		encoded = encoded[bookBytes:]
	}
	r.texts = slices.Clone(r.texts)
	r.garbage = len(r.texts) - 1 - used
	return r
}

// writer writes numbers and bytes with their length, and keeps the first error.
type writer struct {
	*bufio.Writer
	sum hash.Hash32
	err error
}

func newWriter(to io.Writer) *writer {
	sum := crc32.New(castagnoli)
	return &writer{Writer: bufio.NewWriterSize(io.MultiWriter(to, sum), 1<<20), sum: sum}
}

func (w *writer) raw(b []byte) {
	if w.err == nil {
		_, w.err = w.Write(b)
	}
}

func (w *writer) number(n uint64) { w.raw(binary.LittleEndian.AppendUint64(nil, n)) }

func (w *writer) bytes(b []byte) {
	w.number(uint64(len(b)))
	w.raw(b)
}

// words writes words that are all sorted.
func (w *writer) words(t terms) {
	w.number(uint64(t.next))
	ranked := make([]byte, 0, 4*len(t.ranked))
	for _, n := range t.ranked {
		ranked = binary.LittleEndian.AppendUint32(ranked, n)
	}
	w.bytes(ranked)
	w.bytes(t.data)
}

// end writes the sum of all.
func (w *writer) end() error {
	if w.err == nil {
		w.err = w.Flush()
	}
	w.number(uint64(w.sum.Sum32()))
	return errors.Join(w.err, w.Flush())
}

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// checkSum returns an error unless file ends with the sum of the rest, and goes
// back to its beginning.
func checkSum(file *os.File) error {
	info, err := file.Stat()
	if err != nil {
		return err
	}
	sum := crc32.New(castagnoli)
	if _, err := io.CopyN(sum, file, info.Size()-8); err != nil {
		return errors.Join(errSnapshot, err)
	}
	r := reader{from: bufio.NewReader(file)}
	if r.number() != uint64(sum.Sum32()) || r.err != nil {
		return errSnapshot
	}
	_, err = file.Seek(0, io.SeekStart)
	return err
}

// reader reads what a writer wrote, and keeps the first error.
type reader struct {
	from *bufio.Reader
	err  error
}

func (r *reader) raw(n uint64) []byte {
	if n > mostBytes {
		r.err = errSnapshot
	}
	if r.err != nil {
		return nil
	}
	b := make([]byte, n)
	_, r.err = io.ReadFull(r.from, b)
	return b
}

func (r *reader) number() uint64 {
	if b := r.raw(8); r.err == nil {
		return binary.LittleEndian.Uint64(b)
	}
	return 0
}

func (r *reader) bytes() []byte { return r.raw(r.number()) }

func (r *reader) words() terms {
	t := terms{recent: map[string]uint32{}, next: uint32(r.number()), ranked: numbers(r.bytes())}
	if data := r.bytes(); r.err == nil {
		r.err = t.load(data)
	}
	return t
}

// checkAll compares all ranges, as many at once as are quick to sum up.
func (l *Live) checkAll(ctx context.Context, index *Index) error {
	last, err := l.source.LastBook(ctx)
	if err != nil {
		return err
	}
	end := max(last, int64(index.last)) >> catalog.RangeBits
	for from := int64(0); from <= end; from += checkedRanges {
		if err := l.check(ctx, index, from, min(checkedRanges, end+1-from)); err != nil {
			return err
		}
	}
	return nil
}
