package index

import (
	"encoding/binary"
	"slices"

	"bookstore/catalogsvc/internal/catalog"
)

// rangeSize is how many neighboring ids a range has.
const rangeSize = 1 << catalog.RangeBits

// book is what the index keeps of a book beside its words.
type book struct {
	isbn                          uint64 // of thirteen digits; 0: none
	titleStart                    uint64 // the first eight bytes of the sort title, to compare most books by
	seller                        int64
	price                         uint32
	stamp                         uint32
	text                          uint32 // where its text begins in the range's texts; 0: there is no such book
	category, condition, language uint8
	inStock                       bool
}

// bookRange holds books of neighboring ids without a single pointer, so that a
// million of them cost the garbage collector nothing. A text is, one after the
// other: its length after this number, the length of the sort title, the sort
// title, how many words the title has, their numbers in order, and the numbers
// of the other words.
type bookRange struct {
	books   [rangeSize]book
	texts   []byte
	garbage int // bytes of texts that no book has any more
	sum     catalog.RangeSum
}

// text is the decoded text of a book. Its title and words are valid until the
// range changes.
type text struct {
	sortTitle []byte
	title     []uint32 // numbers of the title's words, in order
	others    []uint32 // numbers of further words under which the book is found
}

// appendText appends the encoded form of t.
func appendText(to []byte, t text) []byte {
	size := 2 + len(t.sortTitle) + 1 + 4*(len(t.title)+len(t.others))
	to = binary.LittleEndian.AppendUint16(to, uint16(size))
	to = binary.LittleEndian.AppendUint16(to, uint16(len(t.sortTitle)))
	to = append(to, t.sortTitle...)
	to = append(to, uint8(len(t.title)))
	for _, n := range t.title {
		to = binary.LittleEndian.AppendUint32(to, n)
	}
	for _, n := range t.others {
		to = binary.LittleEndian.AppendUint32(to, n)
	}
	return to
}

// encoded returns the text of b, with its length before it.
func (r *bookRange) encoded(b *book) []byte {
	from := r.texts[b.text:]
	return from[:2+int(binary.LittleEndian.Uint16(from))]
}

func (r *bookRange) sortTitle(b *book) []byte {
	encoded := r.encoded(b)
	return encoded[4:][:binary.LittleEndian.Uint16(encoded[2:])]
}

// titleWords returns the numbers of the title's words, four bytes each.
func (r *bookRange) titleWords(b *book) []byte {
	encoded := r.encoded(b)
	encoded = encoded[4+int(binary.LittleEndian.Uint16(encoded[2:])):]
	return encoded[1:][:4*int(encoded[0])]
}

func (r *bookRange) decode(b *book) text {
	encoded := r.encoded(b)
	t := text{sortTitle: r.sortTitle(b), title: numbers(r.titleWords(b))}
	t.others = numbers(encoded[4+len(t.sortTitle)+1+4*len(t.title):])
	return t
}

// startOf returns the first eight bytes of a sort title as a number that compares
// like them.
func startOf(sortTitle []byte) uint64 {
	var start [8]byte
	copy(start[:], sortTitle)
	return binary.BigEndian.Uint64(start[:])
}

func numbers(encoded []byte) []uint32 {
	all := make([]uint32, len(encoded)/4)
	for i := range all {
		all[i] = binary.LittleEndian.Uint32(encoded[4*i:])
	}
	return all
}

// put sets the book at a place of the range to b with this text.
func (r *bookRange) put(at uint32, b book, encoded []byte) {
	old := &r.books[at]
	if old.text != 0 && string(r.encoded(old)) == string(encoded) {
		b.text = old.text
	} else {
		r.drop(old)
		b.text = uint32(len(r.texts))
		r.texts = append(r.texts, encoded...)
	}
	if old.text != 0 {
		r.uncount(old)
	}
	r.sum.Books++
	r.sum.Stamps += int64(b.stamp)
	r.books[at] = b
	r.compact()
}

// remove takes the book at a place out of the range.
func (r *bookRange) remove(at uint32) {
	old := &r.books[at]
	r.drop(old)
	r.uncount(old)
	r.books[at] = book{}
	r.compact()
}

func (r *bookRange) uncount(b *book) {
	r.sum.Books--
	r.sum.Stamps -= int64(b.stamp)
}

func (r *bookRange) drop(b *book) {
	if b.text != 0 {
		r.garbage += len(r.encoded(b))
	}
}

// compact writes the texts anew once half of them are garbage.
func (r *bookRange) compact() {
	const little = 1 << 12
	if r.garbage < max(little, len(r.texts)/2) {
		return
	}
	texts := make([]byte, 1, len(r.texts)-r.garbage)
	for i := range r.books {
		if b := &r.books[i]; b.text != 0 {
			encoded := r.encoded(b)
			b.text = uint32(len(texts))
			texts = append(texts, encoded...)
		}
	}
	r.texts, r.garbage = texts, 0
}

func newRange() *bookRange { return &bookRange{texts: []byte{0}} }

// clip gives memory back that texts to come would need.
func (r *bookRange) clip() { r.texts = slices.Clip(r.texts) }

// facet is one of the few values that all books have of some kind, such as
// their categories, each with its books.
type facet struct {
	names    []string
	codes    map[string]uint8
	postings []postings
}

func newFacet() facet { return facet{codes: map[string]uint8{}} }

// code returns the code of a value, which may be new.
func (f *facet) code(name string) uint8 {
	code, ok := f.codes[name]
	if !ok {
		code = uint8(len(f.names))
		f.names = append(f.names, name)
		f.codes[name] = code
		f.postings = append(f.postings, postings{})
	}
	return code
}

// of returns the books with a value, nil if there are none.
func (f *facet) of(name string) *postings {
	if code, ok := f.codes[name]; ok {
		return &f.postings[code]
	}
	return nil
}
