package catalog

import (
	"context"
	"fmt"
	"time"

	"bookstore/shared/catalogapi"
	"bookstore/shared/page"
)

// RangeIDs is how many neighboring ids make a Range.
const RangeIDs = catalogapi.RangeIDs

// rangesAtOnce is how many ranges one page of them looks at: each is a walk over
// its books.
const rangesAtOnce = 8

// Range sums up the books on offer with neighboring ids, for whoever keeps a copy
// of what there is and wants to know what has changed.
type Range struct {
	Number    int64 // of its ids by RangeIDs
	Books     int64
	UpdatedAt time.Time // of the one that changed last, on offer or not
}

// Mark is a book on offer and when its listing changed last.
type Mark struct {
	ID        int64
	UpdatedAt time.Time
}

// Ranges returns a page of the ranges that have books on offer; "" is the first
// cursor. It returns page.ErrCursor.
func (s *Service) Ranges(ctx context.Context, cursor string) (page.Page[Range], error) {
	var from int64
	if cursor != "" {
		if err := page.Decode(cursor, &from); err != nil {
			return page.Page[Range]{}, err
		}
	}
	last, err := s.store.LastBook(ctx)
	if err != nil {
		return page.Page[Range]{}, fmt.Errorf("find the last book: %w", err)
	}
	if from < 0 || from > last/RangeIDs {
		return page.Page[Range]{}, nil
	}
	ranges, err := s.store.Ranges(ctx, from, rangesAtOnce)
	if err != nil {
		return page.Page[Range]{}, fmt.Errorf("sum up ranges from %d on: %w", from, err)
	}
	found := page.Page[Range]{Items: ranges}
	if next := from + rangesAtOnce; next <= last/RangeIDs {
		found.NextCursor, err = page.Encode(next)
	}
	return found, err
}

// Marks returns the books on offer of the range of a number, none for one that no
// range has.
func (s *Service) Marks(ctx context.Context, number int64) ([]Mark, error) {
	marks, err := s.store.Marks(ctx, number)
	if err != nil {
		return nil, fmt.Errorf("list range %d: %w", number, err)
	}
	return marks, nil
}
