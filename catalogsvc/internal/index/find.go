package index

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"math"
	"slices"

	"bookstore/catalogsvc/internal/catalog"
	"bookstore/catalogsvc/internal/search"

	"github.com/RoaringBitmap/roaring/v2"
)

// find returns what s selects, as catalog.Finder promises. It ignores IDs.
func (ix *Index) find(s catalog.Selection) (catalog.Found, error) {
	memory := ix.scratch.Get().(*scratch)
	defer ix.scratch.Put(memory)
	ix.mu.RLock()
	defer ix.mu.RUnlock()

	q := &query{ix, memory}
	selected, err := q.selected(s)
	if err != nil || selected.IsEmpty() {
		return catalog.Found{}, err
	}
	var found catalog.Found
	if s.After == nil {
		found.Total = int(min(selected.GetCardinality(), catalog.MaxTotal))
	}
	switch s.Sort {
	case catalog.SortRelevance:
		found.Places, err = q.byTier(selected, s)
	case catalog.SortPriceAsc, catalog.SortPriceDesc:
		found.Places = q.byPrice(selected, s)
	case catalog.SortTitle:
		found.Places = q.byTitle(selected, s)
	default:
		found.Places = q.newest(selected, s)
	}
	return found, err
}

// categoryCounts counts the listings with stock, by slug.
func (ix *Index) categoryCounts() map[string]int64 {
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	counts := map[string]int64{}
	for code, slug := range ix.categories.names {
		counts[slug] = ix.offered[code]
	}
	return counts
}

// query is one search under way.
type query struct {
	*Index
	*scratch
}

// selected returns the books that s asks for, from any place. The bitmap may be
// the index's own.
func (q *query) selected(s catalog.Selection) (*roaring.Bitmap, error) {
	sets, err := q.wordSets(s.Search)
	if err != nil {
		return nil, err
	}
	for _, wanted := range []struct {
		facet *facet
		name  string
	}{{&q.categories, s.Category}, {&q.conditions, s.Condition}, {&q.languages, s.Language}} {
		if wanted.name != "" {
			sets = append(sets, bitmapOf(wanted.facet.of(wanted.name)))
		}
	}
	if s.SellerID > 0 {
		sets = append(sets, bitmapOf(q.sellers[s.SellerID]))
	}
	if s.Author != "" {
		sets = append(sets, q.withWord(anywhere, search.Author(s.Author)))
	}
	if s.ISBN != "" {
		sets = append(sets, q.withISBN([]span{spanOf(s.ISBN)}))
	}
	if s.InStock {
		sets = append(sets, q.inStock)
	}
	all := q.intersection(sets)
	if s.MinPrice > 0 || s.MaxPrice > 0 {
		all = q.priced(all, s.MinPrice, s.MaxPrice)
	}
	return all, nil
}

func bitmapOf(p *postings) *roaring.Bitmap {
	if p == nil {
		return roaring.New()
	}
	return p.bitmap()
}

// intersection returns the books that are in all sets. It changes none of them.
func (q *query) intersection(sets []*roaring.Bitmap) *roaring.Bitmap {
	if len(sets) == 0 {
		return q.all
	}
	slices.SortFunc(sets, func(a, b *roaring.Bitmap) int { return cmp.Compare(a.GetCardinality(), b.GetCardinality()) })
	if len(sets) == 1 {
		return sets[0]
	}
	return roaring.FastAnd(sets...)
}

// wordSets returns the books with each word of a search.
func (q *query) wordSets(wanted *catalog.Search) ([]*roaring.Bitmap, error) {
	if wanted == nil {
		return nil, nil
	}
	var sets []*roaring.Bitmap
	last := len(wanted.Words) - 1
	for _, word := range wanted.Words[:last] {
		set := q.withWord(anywhere, word)
		if spans := isbnSpans(search.Plain(word), false); spans != nil {
			set = roaring.Or(set, q.withISBN(spans))
		}
		sets = append(sets, set)
	}
	set, err := q.withBeginning(anywhere, wanted.Words[last])
	if err != nil {
		return nil, err
	}
	if spans := isbnSpans(search.Plain(wanted.Words[last]), true); spans != nil {
		set = roaring.Or(set, q.withISBN(spans))
	}
	return append(sets, set), nil
}

func (q *query) withWord(field int, word string) *roaring.Bitmap {
	n, ok := q.terms.number(word)
	if !ok {
		return roaring.New()
	}
	return q.words[field][n].bitmap()
}

// withBeginning returns the books with a word that begins so.
func (q *query) withBeginning(field int, start string) (*roaring.Bitmap, error) {
	all := &q.union
	all.ids, all.bits = all.ids[:0], all.bits[:0]
	err := q.terms.beginning(start, func(n uint32) { all.add(&q.words[field][n]) })
	return all.bitmap(q.scratch), err
}

// withISBN returns the books whose ISBN is in one of spans.
func (q *query) withISBN(spans []span) *roaring.Bitmap {
	expected := 0
	for _, s := range spans {
		expected += q.isbns.count(s.from, s.to)
	}
	if expected > int(q.last/8) {
		return q.where(q.all, func(b *book) bool {
			return slices.ContainsFunc(spans, func(s span) bool { return s.has(b.isbn) })
		})
	}
	ids := q.union.ids[:0]
	for _, s := range spans {
		q.isbns.each(s.from, s.to, func(id uint32) {
			if b := q.book(id); b != nil && s.has(b.isbn) {
				ids = append(ids, id)
			}
		})
	}
	q.union.ids = ids
	return q.bitmapOf(ids)
}

func (q *query) priced(set *roaring.Bitmap, least, most int64) *roaring.Bitmap {
	if most <= 0 {
		most = math.MaxInt64
	}
	if q.isMuch(set) {
		return roaring.And(set, q.between(least, most))
	}
	return q.where(set, func(b *book) bool { return int64(b.price) >= least && int64(b.price) <= most })
}

// where returns the books of set that meet a condition.
func (q *query) where(set *roaring.Bitmap, meets func(b *book) bool) *roaring.Bitmap {
	if set.IsEmpty() {
		return set
	}
	dense := q.denseTo(set.Maximum())
	q.each(set, func(id uint32, _ *bookRange, b *book) {
		if meets(b) {
			dense[id/64] |= 1 << (id % 64)
		}
	})
	return roaring.FromDense(dense, true)
}

// each calls do with the books of set, by id.
func (q *query) each(set *roaring.Bitmap, do func(id uint32, r *bookRange, b *book)) {
	const size = 4096
	q.batch = slices.Grow(q.batch[:0], size)[:size]
	var r *bookRange
	number := int64(-1)
	for it := set.ManyIterator(); ; {
		n := it.NextMany(q.batch)
		if n == 0 {
			return
		}
		for _, id := range q.batch[:n] {
			if next := int64(id) >> catalog.RangeBits; next != number {
				number, r = next, q.ranges[next]
			}
			do(id, r, &r.books[id%rangeSize])
		}
	}
}

// newest returns the places of set by id, the greatest first.
func (q *query) newest(set *roaring.Bitmap, s catalog.Selection) []catalog.Place {
	below := int64(math.MaxUint32) + 1
	if s.After != nil {
		below = s.After.ID
	}
	return downwards(nil, set, below, 0, s.Limit)
}

// downwards appends the greatest ids of set below one, until there are limit.
func downwards(places []catalog.Place, set *roaring.Bitmap, below int64, tier, limit int) []catalog.Place {
	for len(places) < limit {
		if below = min(below, math.MaxUint32+1); below <= 0 {
			break
		}
		id := set.PreviousValue(uint32(below - 1))
		if id < 0 {
			break
		}
		places = append(places, catalog.Place{Tier: tier, ID: id})
		below = id
	}
	return places
}

// byPrice returns the places of set by price.
func (q *query) byPrice(set *roaring.Bitmap, s catalog.Selection) []catalog.Place {
	flip := uint64(0)
	if s.Sort == catalog.SortPriceDesc {
		flip = math.MaxUint64
	}
	key := func(price int64, id uint32) uint64 { return (uint64(price)<<32 | uint64(id)) ^ flip }
	after, hasAfter := uint64(0), s.After != nil
	if hasAfter {
		after = key(min(max(s.After.Price, 0), math.MaxUint32), uint32(min(max(s.After.ID, 0), math.MaxUint32)))
	}
	best := make([]uint64, 0, s.Limit+1)
	consider := func(id uint32, _ *bookRange, b *book) {
		k := key(int64(b.price), id)
		if hasAfter && k <= after || len(best) == s.Limit && k >= best[s.Limit-1] {
			return
		}
		at, _ := slices.BinarySearch(best, k)
		best = slices.Insert(best, at, k)
		best = best[:min(len(best), s.Limit)]
	}
	keys := q.prices.keys
	switch {
	case hasAfter && flip == 0:
		keys = q.prices.from(priceKey(uint32(after >> 32)))
	case hasAfter:
		keys = q.prices.upTo(priceKey(uint32((after ^ flip) >> 32)))
	}
	full := func() bool { return len(best) == s.Limit }
	if !q.isMuch(set) || !q.eachInOrder(&q.prices, keys, flip != 0, set, consider, full) {
		best = best[:0]
		q.each(set, consider)
	}
	places := make([]catalog.Place, len(best))
	for i, k := range best {
		k ^= flip
		places[i] = catalog.Place{Price: int64(k >> 32), ID: int64(uint32(k))}
	}
	return places
}

// titled is a book by its sort title.
type titled struct {
	start uint64
	title []byte
	id    uint32
}

func (a titled) compare(b titled) int {
	return cmp.Or(cmp.Compare(a.start, b.start), bytes.Compare(a.title, b.title), cmp.Compare(a.id, b.id))
}

// byTitle returns the places of set by title. It looks at the titles themselves
// only of those books that can't be told from others by how they start.
func (q *query) byTitle(set *roaring.Bitmap, s catalog.Selection) []catalog.Place {
	first, hasAfter := titled{}, s.After != nil
	if hasAfter {
		title := []byte(s.After.Title)
		first = titled{startOf(title), title, uint32(min(max(s.After.ID, 0), math.MaxUint32))}
	}
	most := uint64(math.MaxUint64)
	best := make([]titled, 0, s.Limit+1)
	consider := func(id uint32, r *bookRange, b *book) {
		if b.titleStart < first.start || b.titleStart > most {
			return
		}
		t := titled{b.titleStart, r.sortTitle(b), id}
		if len(best) == s.Limit && t.compare(best[s.Limit-1]) > 0 || hasAfter && t.compare(first) <= 0 {
			return
		}
		at, _ := slices.BinarySearchFunc(best, t, titled.compare)
		best = slices.Insert(best, at, t)
		if best = best[:min(len(best), s.Limit)]; len(best) == s.Limit {
			most = best[s.Limit-1].start
		}
	}
	full := func() bool { return len(best) == s.Limit }
	if !q.isMuch(set) || !q.eachInOrder(&q.titles, q.titles.from(titleKey(first.start)), false, set, consider, full) {
		best, most = best[:0], math.MaxUint64
		q.each(set, consider)
	}
	places := make([]catalog.Place, len(best))
	for i, t := range best {
		places[i] = catalog.Place{Title: string(t.title), ID: int64(t.id)}
	}
	return places
}

// byTier returns the places of set, which a search found, by tier and then the
// newer first.
func (q *query) byTier(set *roaring.Bitmap, s catalog.Selection) ([]catalog.Place, error) {
	tiers, err := q.tiers(set, s.Search)
	if err != nil {
		return nil, err
	}
	first, below := 0, int64(math.MaxUint32)+1
	if s.After != nil {
		first, below = max(s.After.Tier, 0), s.After.ID
	}
	var places []catalog.Place
	var before []*roaring.Bitmap
	for tier, members := range tiers {
		if tier >= first && len(places) < s.Limit {
			own := members
			if len(before) > 0 {
				own = roaring.AndNot(members, roaring.FastOr(before...))
			}
			places = downwards(places, own, below, tier, s.Limit)
			below = int64(math.MaxUint32) + 1
		}
		before = append(before, members)
	}
	return places, nil
}

// tiers returns the books of set that meet the condition of each of catalog's
// tiers, and perhaps that of a better one as well.
func (q *query) tiers(set *roaring.Bitmap, wanted *catalog.Search) ([]*roaring.Bitmap, error) {
	tiers := []*roaring.Bitmap{roaring.New(), nil, nil, nil, set}
	if wanted.ISBN != "" {
		tiers[catalog.TierISBN] = roaring.And(set, q.withISBN([]span{spanOf(wanted.ISBN)}))
	}
	last := len(wanted.Title) - 1
	sets := []*roaring.Bitmap{set}
	for _, word := range wanted.Title[:last] {
		sets = append(sets, q.withWord(inTitle, word))
	}
	ending, err := q.withBeginning(inTitle, wanted.Title[last])
	if err != nil {
		return nil, err
	}
	all := q.intersection(append(sets, ending))
	tiers[catalog.TierTitleWords] = all
	if last > 0 {
		tiers[catalog.TierTitle], tiers[catalog.TierTitleBegins], err = q.beginnings(all, wanted.Title)
		return tiers, err
	}
	begins, err := q.withBeginning(firstWord, wanted.Title[0])
	if err != nil {
		return nil, err
	}
	tiers[catalog.TierTitleBegins] = roaring.And(begins, all)
	tiers[catalog.TierTitle] = q.intersection([]*roaring.Bitmap{all, q.short, q.withWord(firstWord, wanted.Title[0])})
	return tiers, nil
}

// beginnings returns the books of set whose title is words, of which there are
// several, and those whose title begins with them, the last as a beginning.
func (q *query) beginnings(set *roaring.Bitmap, words []string) (whole, begins *roaring.Bitmap, err error) {
	numbers := make([]byte, 0, 4*len(words))
	for _, word := range words {
		n, ok := q.terms.number(word)
		if !ok && len(numbers) < 4*(len(words)-1) {
			return roaring.New(), roaring.New(), nil
		}
		if !ok {
			n = math.MaxUint32 // no whole word, perhaps a beginning
		}
		numbers = binary.LittleEndian.AppendUint32(numbers, n)
	}
	endings, err := q.numbersBeginning(words[len(words)-1])
	if err != nil {
		return nil, nil, err
	}
	candidates := roaring.And(set, q.withWord(firstWord, words[0]))
	whole, begins = roaring.New(), roaring.New()
	start := numbers[:len(numbers)-4]
	q.each(candidates, func(id uint32, r *bookRange, b *book) {
		title := r.titleWords(b)
		if len(title) < len(numbers) || !bytes.Equal(title[:len(start)], start) {
			return
		}
		if n := binary.LittleEndian.Uint32(title[len(start):]); endings[n/64]&(1<<(n%64)) != 0 {
			begins.Add(id)
		}
		if bytes.Equal(title, numbers) {
			whole.Add(id)
		}
	})
	return whole, begins, nil
}

// numbersBeginning returns a bit for each number of a word that begins so.
func (q *query) numbersBeginning(start string) ([]uint64, error) {
	n := int(q.terms.next)/64 + 1
	q.marks = slices.Grow(q.marks[:0], n)[:n]
	clear(q.marks)
	err := q.terms.beginning(start, func(n uint32) { q.marks[n/64] |= 1 << (n % 64) })
	return q.marks, err
}
