// Package index keeps all books on offer in memory as bitmaps, by what they are
// searched for, and follows the store in which they are. It is derived from the
// store alone: any process can lose it and make it again. The numbers of books
// are 32 bits wide, and a search takes time in proportion to all books: past a
// few millions of them the seam is catalog.Finder, behind which a process for
// each range of ids, or an engine fed from the same log, can stand.
package index

import (
	"fmt"
	"math"
	"runtime"
	"slices"
	"sync"

	"bookstore/catalogsvc/internal/catalog"
	"bookstore/catalogsvc/internal/search"

	"github.com/RoaringBitmap/roaring/v2"
)

// Where a word of a book stands.
const (
	anywhere  = iota // in its title, or among its authors
	inTitle          // in its title
	firstWord        // at the title's beginning
	fields           // how many there are
)

// Index holds the books. Any number of searches may run beside one writer, who
// keeps them waiting for a batch of books at most. Its zero value is not ready:
// use New.
type Index struct {
	mu sync.RWMutex

	ranges map[int64]*bookRange // by id >> catalog.RangeBits
	all    *roaring.Bitmap
	last   uint32 // the greatest id so far

	terms terms
	words [fields][]postings // by number of the word
	short *roaring.Bitmap    // the books whose title is one word

	categories, conditions, languages facet
	sellers                           map[int64]*postings
	inStock                           *roaring.Bitmap
	offered                           [256]int64 // books in stock by code of the category
	prices, titles                    order
	isbns                             isbns

	changes int64 // how many books were put so far
	filling bool  // before the first search; then isbns are not kept
	scratch sync.Pool
}

// New returns an empty index.
func New() *Index {
	return &Index{
		ranges:     map[int64]*bookRange{},
		all:        roaring.New(),
		terms:      newTerms(),
		categories: newFacet(), conditions: newFacet(), languages: newFacet(),
		sellers: map[int64]*postings{},
		short:   roaring.New(),
		inStock: roaring.New(),
		prices:  newOrder(),
		titles:  newOrder(),
		scratch: sync.Pool{New: func() any { return &scratch{} }},
	}
}

// lockedBatch is how many books are changed under one lock.
const lockedBatch = 32

// entry is a book as it is to be indexed.
type entry struct {
	catalog.Indexed
	sortTitle     []byte
	title, others []string // tokens
}

// read makes the tokens of a book.
func read(b catalog.Indexed) entry {
	if b.Gone {
		return entry{Indexed: b}
	}
	words := search.Index(append([]string{b.Title}, b.Authors...)...)
	for _, name := range b.Authors {
		if author := search.Author(name); author != "" && !slices.Contains(words, author) {
			words = append(words, author)
		}
	}
	return entry{Indexed: b, sortTitle: []byte(b.SortTitle()), title: b.TitleWords(), others: words}
}

// readAll makes the tokens of books, on all cores.
func readAll(books []catalog.Indexed) []entry {
	entries := make([]entry, len(books))
	part := max(64, (len(books)+runtime.GOMAXPROCS(0)-1)/runtime.GOMAXPROCS(0))
	var wg sync.WaitGroup
	for from := 0; from < len(books); from += part {
		wg.Go(func() {
			for i := from; i < min(from+part, len(books)); i++ {
				entries[i] = read(books[i])
			}
		})
	}
	wg.Wait()
	return entries
}

// put brings books up to date, and takes those that are gone out. There is one
// writer at a time.
func (ix *Index) put(books []catalog.Indexed) error {
	ix.changes += int64(len(books))
	for batch := range slices.Chunk(readAll(books), lockedBatch) {
		ix.mu.Lock()
		for _, e := range batch {
			ix.putOne(e)
		}
		ix.mu.Unlock()
	}
	return ix.tidy()
}

// tidy sorts what has come since the last time, once it is much. Searches go on.
func (ix *Index) tidy() error {
	if ix.filling {
		return nil
	}
	if len(ix.terms.recent) > maxRecent {
		if err := ix.sortTerms(); err != nil {
			return err
		}
	}
	if len(ix.isbns.recent) > maxRecentISBNs {
		sorted := ix.isbns.sort(ix.hasISBN)
		ix.mu.Lock()
		ix.isbns = sorted
		ix.mu.Unlock()
	}
	return nil
}

// sortTerms sorts the words among the others that have come since the last time.
// It takes long where there are many, so not for none.
func (ix *Index) sortTerms() error {
	if len(ix.terms.recent) == 0 && ix.terms.sorted != nil {
		return nil
	}
	sorted, err := ix.terms.sort()
	if err != nil {
		return err
	}
	ix.mu.Lock()
	ix.terms = sorted
	ix.mu.Unlock()
	return nil
}

func (ix *Index) hasISBN(number uint64, id uint32) bool {
	b := ix.book(id)
	return b != nil && b.isbn == number
}

// book returns the book of an id, nil if there is none.
func (ix *Index) book(id uint32) *book {
	r := ix.ranges[int64(id)>>catalog.RangeBits]
	if r == nil || r.books[id%rangeSize].text == 0 {
		return nil
	}
	return &r.books[id%rangeSize]
}

func (ix *Index) putOne(e entry) {
	if e.ID <= 0 || e.ID > math.MaxUint32 {
		return // nobody has listed so many
	}
	id := uint32(e.ID)
	number := e.ID >> catalog.RangeBits
	r := ix.ranges[number]
	if e.Gone {
		if old := ix.book(id); old != nil {
			ix.unlink(id, old, r.decode(old))
			r.remove(id % rangeSize)
		}
		return
	}
	if r == nil {
		r = newRange()
		ix.ranges[number] = r
	}
	b, t := ix.encode(e)
	if old := &r.books[id%rangeSize]; old.text != 0 {
		ix.relink(id, old, &b, r.decode(old), t)
	} else {
		ix.link(id, &b, t)
	}
	r.put(id%rangeSize, b, appendText(nil, t))
}

// encode returns e in numbers, giving new words theirs.
func (ix *Index) encode(e entry) (book, text) {
	b := book{
		isbn:       isbnNumber(e.ISBN),
		titleStart: startOf(e.sortTitle),
		seller:     e.SellerID,
		price:      uint32(e.Price),
		stamp:      uint32(e.Stamp()),
		category:   ix.categories.code(e.Category),
		condition:  ix.conditions.code(e.Condition),
		language:   ix.languages.code(e.Language),
		inStock:    e.InStock,
	}
	t := text{sortTitle: e.sortTitle, title: ix.numbersOf(e.title), others: ix.numbersOf(e.others)}
	return b, t
}

func (ix *Index) numbersOf(words []string) []uint32 {
	all := make([]uint32, len(words))
	for i, word := range words {
		all[i] = ix.terms.numberOf(word)
	}
	ix.growWords()
	return all
}

// growWords makes place for the postings of all words.
func (ix *Index) growWords() {
	for field := range ix.words {
		if missing := int(ix.terms.next) - len(ix.words[field]); missing > 0 {
			ix.words[field] = append(ix.words[field], make([]postings, missing)...)
		}
	}
}

// relink puts a book that was there under what it has now.
func (ix *Index) relink(id uint32, old, b *book, was, is text) {
	if slices.Equal(was.title, is.title) && slices.Equal(was.others, is.others) {
		ix.unlinkFacts(id, old)
		ix.linkFacts(id, b)
		return
	}
	ix.unlink(id, old, was)
	ix.link(id, b, is)
}

func (ix *Index) link(id uint32, b *book, t text) {
	ix.last = max(ix.last, id)
	ix.all.Add(id)
	ix.linkFacts(id, b)
	for _, n := range t.others {
		ix.words[anywhere][n].add(id)
	}
	for i, n := range t.title {
		ix.words[inTitle][n].add(id)
		if i == 0 {
			ix.words[firstWord][n].add(id)
		}
	}
	if len(t.title) == 1 {
		ix.short.Add(id)
	}
}

func (ix *Index) unlink(id uint32, b *book, t text) {
	ix.all.Remove(id)
	ix.short.Remove(id)
	ix.unlinkFacts(id, b)
	for _, n := range t.others {
		ix.words[anywhere][n].remove(id)
	}
	for i, n := range t.title {
		ix.words[inTitle][n].remove(id)
		if i == 0 {
			ix.words[firstWord][n].remove(id)
		}
	}
}

func (ix *Index) linkFacts(id uint32, b *book) {
	ix.categories.postings[b.category].add(id)
	ix.conditions.postings[b.condition].add(id)
	ix.languages.postings[b.language].add(id)
	if ix.sellers[b.seller] == nil {
		ix.sellers[b.seller] = &postings{}
	}
	ix.sellers[b.seller].add(id)
	if b.inStock {
		ix.inStock.Add(id)
		ix.offered[b.category]++
	}
	ix.prices.add(priceKey(b.price), id, ix.filling)
	ix.titles.add(titleKey(b.titleStart), id, ix.filling)
	if b.isbn != 0 && !ix.filling {
		ix.isbns.add(b.isbn, id)
	}
}

func (ix *Index) unlinkFacts(id uint32, b *book) {
	ix.categories.postings[b.category].remove(id)
	ix.conditions.postings[b.condition].remove(id)
	ix.languages.postings[b.language].remove(id)
	ix.sellers[b.seller].remove(id)
	if b.inStock {
		ix.inStock.Remove(id)
		ix.offered[b.category]--
	}
	ix.prices.remove(priceKey(b.price), id)
	ix.titles.remove(titleKey(b.titleStart), id)
}

// fill begins to fill an index that nobody searches yet; ready ends it.
func (ix *Index) fill() { ix.filling = true }

func (ix *Index) ready() error {
	if err := ix.sortTerms(); err != nil {
		return err
	}
	var pairs []isbnOf
	for number, r := range ix.ranges {
		r.clip()
		for at := range r.books {
			if isbn := r.books[at].isbn; isbn != 0 {
				pairs = append(pairs, isbnOf{isbn, uint32(number<<catalog.RangeBits) + uint32(at)})
			}
		}
	}
	slices.SortFunc(pairs, isbnOf.compare)
	ix.isbns = isbns{numbers: make([]uint64, len(pairs)), books: make([]uint32, len(pairs))}
	for i, p := range pairs {
		ix.isbns.numbers[i], ix.isbns.books[i] = p.number, p.book
	}
	for field := range ix.words {
		ix.words[field] = slices.Clip(ix.words[field])
		for i := range ix.words[field] {
			ix.words[field][i].clip()
		}
	}
	ix.prices.sort()
	ix.titles.sort()
	ix.filling = false
	return nil
}

// sum returns what the index holds of a range of ids.
func (ix *Index) sum(number int64) catalog.RangeSum {
	if r := ix.ranges[number]; r != nil {
		return r.sum
	}
	return catalog.RangeSum{}
}

// without returns, as gone, the books of a range of ids that are not among those
// of now.
func (ix *Index) without(number int64, now []catalog.Indexed) []catalog.Indexed {
	r := ix.ranges[number]
	if r == nil {
		return nil
	}
	there := map[int64]bool{}
	for _, b := range now {
		there[b.ID] = true
	}
	var gone []catalog.Indexed
	for at := range r.books {
		if id := number<<catalog.RangeBits + int64(at); r.books[at].text != 0 && !there[id] {
			gone = append(gone, catalog.Indexed{ID: id, Gone: true})
		}
	}
	return gone
}

// String tells how much the index holds.
func (ix *Index) String() string {
	return fmt.Sprintf("%d books, %d words", ix.all.GetCardinality(), ix.terms.next)
}
