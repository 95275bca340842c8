package index

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"bookstore/catalogsvc/internal/isbn"
)

// maxRecentISBNs is how many new numbers may come before all are sorted anew.
const maxRecentISBNs = 2000

// isbns are the ISBNs of all books as numbers in order, so that the books under
// a number or under its beginning are neighbors. Pairs that are no longer true
// may be among them.
type isbns struct {
	numbers []uint64
	books   []uint32 // of numbers, at the same place
	recent  []isbnOf // sorted likewise, few
}

type isbnOf struct {
	number uint64
	book   uint32
}

func (a isbnOf) compare(b isbnOf) int {
	return cmp.Or(cmp.Compare(a.number, b.number), cmp.Compare(a.book, b.book))
}

func (s *isbns) add(number uint64, book uint32) {
	pair := isbnOf{number, book}
	if at, found := slices.BinarySearchFunc(s.recent, pair, isbnOf.compare); !found {
		s.recent = slices.Insert(s.recent, at, pair)
	}
}

// sort returns s with the recent ones among the others and without those that
// are no longer true. It leaves s itself as it is.
func (s *isbns) sort(isTrue func(number uint64, book uint32) bool) isbns {
	n := len(s.numbers) + len(s.recent)
	sorted := isbns{numbers: make([]uint64, 0, n), books: make([]uint32, 0, n)}
	add := func(p isbnOf) {
		last := len(sorted.books) - 1
		repeated := last >= 0 && sorted.books[last] == p.book && sorted.numbers[last] == p.number
		if !repeated && isTrue(p.number, p.book) {
			sorted.numbers, sorted.books = append(sorted.numbers, p.number), append(sorted.books, p.book)
		}
	}
	recent := s.recent
	for i, number := range s.numbers {
		p := isbnOf{number, s.books[i]}
		for len(recent) > 0 && recent[0].compare(p) < 0 {
			add(recent[0])
			recent = recent[1:]
		}
		add(p)
	}
	for _, p := range recent {
		add(p)
	}
	return sorted
}

// each calls found for the books that may have a number in [from, to).
func (s *isbns) each(from, to uint64, found func(book uint32)) {
	at, _ := slices.BinarySearch(s.numbers, from)
	for ; at < len(s.numbers) && s.numbers[at] < to; at++ {
		found(s.books[at])
	}
	at, _ = slices.BinarySearchFunc(s.recent, isbnOf{number: from}, isbnOf.compare)
	for ; at < len(s.recent) && s.recent[at].number < to; at++ {
		found(s.recent[at].book)
	}
}

// count returns how many pairs each would go through.
func (s *isbns) count(from, to uint64) int {
	start, _ := slices.BinarySearch(s.numbers, from)
	end, _ := slices.BinarySearch(s.numbers, to)
	return end - start + len(s.recent)
}

// span is a half-open range of ISBNs as numbers.
type span struct{ from, to uint64 }

func (s span) has(number uint64) bool { return number > 0 && s.from <= number && number < s.to }

const isbnDigits = 13

// isbnSpans returns the ISBNs under which a word, as it was typed, finds a
// book: those that begin so with thirteen or with ten digits if it is a
// beginning, else those that are so.
func isbnSpans(typed string, isBeginning bool) []span {
	body := strings.TrimSuffix(typed, "x")
	if body == "" || strings.Trim(body, "0123456789") != "" {
		return nil
	}
	var spans []span
	if body == typed && (len(typed) == isbnDigits || isBeginning && len(typed) < isbnDigits) {
		spans = append(spans, spanOf(typed))
	}
	switch {
	case len(typed) == 10:
		if isbn13, err := isbn.Parse(typed); err == nil {
			spans = append(spans, spanOf(isbn13))
		}
	case len(typed) < 10 && body == typed && isBeginning:
		spans = append(spans, spanOf("978"+typed))
	}
	return spans
}

// spanOf returns the ISBNs that begin with digits, of which there are thirteen
// at most.
func spanOf(digits string) span {
	from, to := isbnNumber(digits), isbnNumber(digits)+1
	for range isbnDigits - len(digits) {
		from, to = from*10, to*10
	}
	return span{from, to}
}

func isbnNumber(digits string) uint64 {
	n, _ := strconv.ParseUint(digits, 10, 64) // what is none has no books
	return n
}
