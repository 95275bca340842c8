package catalog

import (
	"context"
	"fmt"
	"time"
)

const (
	// ChangesKept is how long the log of changes is kept for indexes to read.
	ChangesKept = 7 * 24 * time.Hour
	forgetBatch = 1000
)

// ForgetChanges deletes some entries of the log of changes that nobody needs any
// more, and reports whether there may be others.
func (s *Service) ForgetChanges(ctx context.Context) (more bool, err error) {
	n, err := s.store.ForgetChanges(ctx, s.now().Add(-ChangesKept), forgetBatch)
	if err != nil {
		return false, fmt.Errorf("forget old changes: %w", err)
	}
	return n == forgetBatch, nil
}

// reindexBatch books are looked at in every step of a round through all.
const reindexBatch = 200

// Reindexer makes the tokens anew of books that were indexed in an older
// format of package search. Any number of instances may run at once.
//
// While the release before serves beside this one, and until a round is over,
// each release finds by its own tokens: in titles of Latin, Greek, Cyrillic and
// Korean letters, which both fold alike, the same books. This release finds a
// book that the other indexed not yet by words with signs that the other took
// for accents (パ, Thai and Hindi vowels), with Persian letters or with
// characters that can't be seen; the other finds a book that this one indexed
// not by such words. Where "&" and "and" stand for each other, the book is
// found but ranked lower. Nothing is found under a title that it no longer has.
type Reindexer struct {
	store Store
	last  int64 // the last book of the round
}

// NewReindexer returns a reindexer that begins with the first book.
func (s *Service) NewReindexer() *Reindexer { return &Reindexer{store: s.store} }

// Reindex takes a step through all books and reports whether some are left in
// this round.
func (r *Reindexer) Reindex(ctx context.Context) (more bool, err error) {
	if r.last, err = r.store.Reindex(ctx, r.last, reindexBatch); err != nil {
		return false, fmt.Errorf("index books anew: %w", err)
	}
	return r.last > 0, nil
}
