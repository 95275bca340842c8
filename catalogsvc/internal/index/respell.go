package index

import (
	"fmt"
	"strings"
	"sync"

	"bookstore/catalogsvc/internal/search"

	"github.com/blevesearch/vellum/levenshtein"
)

// maxEdits is how many letters may be wrong in a long word: missing, too many,
// others or changed places with their neighbors.
const maxEdits = 2

// edits returns how many letters may be wrong in a word. In short ones a letter
// makes another word of it.
func edits(word string) uint8 {
	switch {
	case len(word) < 4:
		return 0
	case len(word) < 8:
		return 1
	}
	return maxEdits
}

// misspellings tells words apart that are few edits away from another. It is
// made when it is first needed, for that takes some milliseconds.
var misspellings = sync.OnceValues(func() (*levenshtein.LevenshteinAutomatonBuilder, error) {
	return levenshtein.NewLevenshteinAutomatonBuilder(maxEdits, true)
})

// respell returns the words of a search with those that no book has replaced by
// the most similar ones that books have, of equally similar ones the most
// frequent; nil if there is nothing to replace, or nothing to replace it by.
func (ix *Index) respell(words []string) ([]string, error) {
	memory := ix.scratch.Get().(*scratch)
	defer ix.scratch.Put(memory)
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	q := &query{ix, memory}
	respelled := make([]string, len(words))
	changed := false
	for i, word := range words {
		known := q.withWord(anywhere, word)
		if i == len(words)-1 {
			var err error
			if known, err = q.withBeginning(anywhere, word); err != nil {
				return nil, err
			}
		}
		respelled[i] = word
		if !known.IsEmpty() || strings.ContainsAny(search.Plain(word), "0123456789") {
			continue // numbers are seldom like another by mistake, and ISBNs are no words
		}
		similar, err := q.similar(word)
		if err != nil || similar == "" {
			return nil, err
		}
		respelled[i], changed = similar, true
	}
	if !changed {
		return nil, nil
	}
	return respelled, nil
}

// similar returns the word of some book that is most similar to one that none
// has, "" if none is.
func (q *query) similar(word string) (string, error) {
	allowed := edits(search.Plain(word))
	if allowed == 0 {
		return "", nil
	}
	builder, err := misspellings()
	if err != nil {
		return "", fmt.Errorf("prepare for misspellings: %w", err)
	}
	best, most := "", uint64(0)
	for distance := uint8(1); distance <= allowed && best == ""; distance++ {
		automaton, err := builder.BuildDfa(word, distance)
		if err != nil {
			return "", nil // a word that is too long to look for
		}
		err = q.terms.matching(automaton, func(found string, number uint32) {
			n := q.words[anywhere][number].count()
			if search.Plain(found) != "" && (n > most || n == most && n > 0 && found < best) {
				best, most = found, n
			}
		})
		if err != nil {
			return "", fmt.Errorf("look for similar words: %w", err)
		}
	}
	return best, nil
}
