package index

import (
	"bytes"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/blevesearch/vellum"
)

// maxRecent is how many new words may come before all words are sorted anew.
const maxRecent = 5000

// terms numbers the words of all books. Words are never forgotten: those that
// no book has any more have no postings.
type terms struct {
	sorted *vellum.FST // the words that were there when it was made, each with its rank
	data   []byte      // of sorted
	ranked []uint32    // the numbers of those words, by rank
	recent map[string]uint32
	next   uint32 // the number of the next word
}

func newTerms() terms { return terms{recent: map[string]uint32{}} }

// number returns the number of a word that some book has, or had.
func (t *terms) number(word string) (uint32, bool) {
	if n, ok := t.recent[word]; ok {
		return n, true
	}
	if t.sorted == nil {
		return 0, false
	}
	rank, ok, err := t.sorted.Get([]byte(word))
	if err != nil || !ok {
		return 0, false
	}
	return t.ranked[rank], true
}

// numberOf returns the number of a word, which may be new.
func (t *terms) numberOf(word string) uint32 {
	n, ok := t.number(word)
	if !ok {
		n = t.next
		t.next++
		t.recent[strings.Clone(word)] = n
	}
	return n
}

// beginning calls each with the numbers of all words that begin so.
func (t *terms) beginning(start string, each func(n uint32)) error {
	for word, n := range t.recent {
		if strings.HasPrefix(word, start) {
			each(n)
		}
	}
	if t.sorted == nil {
		return nil
	}
	from, err := t.rank([]byte(start))
	if err != nil {
		return err
	}
	to, err := t.rank(following(start))
	if err != nil {
		return err
	}
	for _, n := range t.ranked[from:to] {
		each(n)
	}
	return nil
}

// rank returns how many sorted words come before a text.
func (t *terms) rank(text []byte) (uint64, error) {
	it, err := t.sorted.Iterator(text, nil)
	if err == vellum.ErrIteratorDone {
		return uint64(len(t.ranked)), nil
	}
	if err != nil {
		return 0, fmt.Errorf("find the place of a word: %w", err)
	}
	_, rank := it.Current()
	return rank, nil
}

// following returns the least text behind all that begin with start, which is
// plain ASCII.
func following(start string) []byte {
	next := []byte(start)
	next[len(next)-1]++
	return next
}

// matching calls each with all words that an automaton takes.
func (t *terms) matching(automaton vellum.Automaton, each func(word string, n uint32)) error {
	for word, n := range t.recent {
		state := automaton.Start()
		for i := range len(word) {
			state = automaton.Accept(state, word[i])
		}
		if automaton.IsMatch(state) {
			each(word, n)
		}
	}
	if t.sorted == nil {
		return nil
	}
	it, err := t.sorted.Search(automaton, nil, nil)
	for ; err == nil; err = it.Next() {
		word, rank := it.Current()
		each(string(word), t.ranked[rank])
	}
	if errors.Is(err, vellum.ErrIteratorDone) {
		return nil
	}
	return err
}

// sort returns t with all words sorted, and leaves t itself as it is.
func (t *terms) sort() (terms, error) {
	var data bytes.Buffer
	builder, err := vellum.New(&data, nil)
	if err != nil {
		return terms{}, fmt.Errorf("sort the words: %w", err)
	}
	sorted := terms{recent: map[string]uint32{}, next: t.next, ranked: make([]uint32, 0, t.next)}
	insert := func(word []byte, n uint32) error {
		sorted.ranked = append(sorted.ranked, n)
		return builder.Insert(word, uint64(len(sorted.ranked)-1))
	}
	if err := t.inOrder(insert); err != nil {
		return terms{}, fmt.Errorf("sort the words: %w", err)
	}
	if err := builder.Close(); err != nil {
		return terms{}, fmt.Errorf("sort the words: %w", err)
	}
	err = sorted.load(slices.Clip(slices.Clone(data.Bytes())))
	return sorted, err
}

// load takes data as the sorted words.
func (t *terms) load(data []byte) error {
	sorted, err := vellum.Load(data)
	if err != nil {
		return fmt.Errorf("load the sorted words: %w", err)
	}
	t.sorted, t.data = sorted, data
	return nil
}

// inOrder calls each with every word, in order.
func (t *terms) inOrder(each func(word []byte, n uint32) error) error {
	recent := slices.Sorted(maps.Keys(t.recent))
	before := func(end []byte) error {
		for len(recent) > 0 && (end == nil || recent[0] < string(end)) {
			if err := each([]byte(recent[0]), t.recent[recent[0]]); err != nil {
				return err
			}
			recent = recent[1:]
		}
		return nil
	}
	if t.sorted != nil {
		it, err := t.sorted.Iterator(nil, nil)
		for ; err == nil; err = it.Next() {
			word, rank := it.Current()
			if err := before(word); err != nil {
				return err
			}
			if err := each(word, t.ranked[rank]); err != nil {
				return err
			}
		}
		if err != vellum.ErrIteratorDone {
			return err
		}
	}
	return before(nil)
}
