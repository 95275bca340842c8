package catalog

import (
	"context"
	"fmt"
	"strings"
	"time"

	"bookstore/catalogsvc/internal/search"
)

// Finder finds books on offer: the store by its database's own means, or an
// index that follows the store.
type Finder interface {
	// Find returns the places of the selected books, in order. What was not
	// asked for fresh may be as it was up to two seconds ago.
	Find(ctx context.Context, s Selection) (Found, error)
	// CategoryCounts counts the listings with stock, by slug, likewise.
	CategoryCounts(ctx context.Context, fresh bool) (map[string]int64, error)
	// Respell returns the words of a search with those that no book has replaced
	// by similar ones that books have; nil if there is nothing to replace, or
	// nothing to replace it by.
	Respell(ctx context.Context, words []string) ([]string, error)
	// Wrote tells it that this process has written: from here on it finds what
	// was listed, edited or taken off the shop.
	Wrote(ctx context.Context)
	// Moved tells it that stock has moved, of which it learns soon.
	Moved()
}

// Found is one page of places, and how many books the selection has in all, up
// to MaxTotal. The total comes with the first page only.
type Found struct {
	Places []Place
	Total  int
}

// Indexed is what an index keeps of a book.
type Indexed struct {
	ID        int64
	Version   int64
	SellerID  int64
	Listing   // without the fields that nobody searches
	InStock   bool
	CreatedAt time.Time
	Gone      bool // it is not on offer
}

// Stamp is a number that changes, in all likelihood, with anything that an
// index keeps of b, and that a database can compute as well.
func (b Indexed) Stamp() int64 {
	stamp := b.CreatedAt.UnixMicro() + b.Version*StampVersion + b.Price*StampPrice
	if b.InStock {
		stamp += StampStock
	}
	return stamp % StampModulus
}

// The factors of Indexed.Stamp.
const (
	StampVersion = 1_000_003
	StampPrice   = 104_729
	StampStock   = 7_919
	StampModulus = 1<<31 - 1
)

// RangeBits is the logarithm of how many neighboring ids make a range whose
// books are summed up together.
const RangeBits = 12

// RangeSum sums up the books on offer of a range of ids: how many there are,
// and their stamps.
type RangeSum struct{ Books, Stamps int64 }

// Log is one of the logs in which the store writes what happens to books.
type Log int

// The logs: of what sellers and authsvc change, and of the moves of stock.
const (
	LogChanges Log = iota
	LogMoves
	Logs // how many there are
)

// Change is an entry of a log. Entries are numbered when they are written, and
// may be seen in another order: a transaction can end after a later one.
type Change struct {
	Log    Log
	ID     int64
	BookID int64 // 0: of none
}

// Positions are the last entries that were seen, by log.
type Positions [Logs]int64

// instead returns a text that finds something where the search of a selection
// finds nothing, because of misspellings; "" if there is none.
func (s *Service) instead(ctx context.Context, selection Selection) (string, error) {
	respelled, err := s.finder.Respell(ctx, selection.Search.Words)
	if err != nil {
		return "", fmt.Errorf("respell a search: %w", err)
	}
	words := make([]string, len(respelled))
	for i, token := range respelled {
		if words[i] = search.Plain(token); words[i] == "" {
			return "", nil
		}
	}
	text := strings.Join(words, " ")
	if selection.Search = ParseSearch(text); selection.Search == nil {
		return "", nil
	}
	selection.Limit = 1
	found, err := s.finder.Find(ctx, selection)
	if err != nil || len(found.Places) == 0 {
		return "", err
	}
	return text, nil
}
