package catalog

import (
	"context"
	"fmt"
	"slices"
)

const (
	// popularMoves is how many of the latest moves of stock say what is popular.
	popularMoves = 2000
	// popularSold is how many books are looked at: many have no copy left.
	popularSold = 48
	// popularBooks is how many are named at most.
	popularBooks = 12
)

// Popular returns the books in stock of which the most copies were sold lately, the
// most first.
func (s *Service) Popular(ctx context.Context, who Caller) (Books, error) {
	ids, err := s.store.BestSold(ctx, popularMoves, popularSold)
	if err != nil {
		return Books{}, fmt.Errorf("find what sold best: %w", err)
	}
	if len(ids) == 0 {
		return Books{}, nil
	}
	books, err := s.store.BooksOnOffer(ctx, ids, false)
	if err != nil {
		return Books{}, fmt.Errorf("list what sold best: %w", err)
	}
	books = slices.DeleteFunc(books, func(b Book) bool { return b.Stock == 0 })
	books = books[:min(len(books), popularBooks)]
	for i := range books {
		books[i] = books[i].shownTo(who)
	}
	found := Books{Total: len(books)}
	found.Items = books
	return found, nil
}
