package catalog

import (
	"context"
	"fmt"
	"time"

	"bookstore/shared/idempotency"
	"bookstore/shared/page"
)

// Store keeps the catalog. Each method that writes is one transaction: it
// happens as a whole or not at all. Instants are given, never taken.
type Store interface {
	// Book returns a book, perhaps as it was a moment ago, delisted ones as well.
	// It returns ErrBookNotFound.
	Book(ctx context.Context, id int64) (Book, error)
	// CurrentBook returns a book as it is now, likewise.
	CurrentBook(ctx context.Context, id int64) (Book, error)
	// Books returns the selected books on offer, in order.
	Books(ctx context.Context, s Selection) ([]Match, error)
	// CountBooks counts what s selects, whatever its place and limit, and
	// stops at most.
	CountBooks(ctx context.Context, s Selection, most int) (int, error)
	// CategoryCounts counts the listings with stock, by slug.
	CategoryCounts(ctx context.Context) (map[string]int64, error)
	// Seller returns what is known of a seller, nothing for one who is not.
	Seller(ctx context.Context, id int64) (SellerState, error)
	// PutSeller takes authsvc's word on a seller, unless a later one came
	// before, and takes the listings off the shop or brings them back.
	PutSeller(ctx context.Context, state SellerState, at time.Time) error

	// AddBook lists b with its stock, from b.CreatedAt on, and returns its id,
	// once for each key of a request. It returns ErrSellerSuspended or
	// idempotency.ErrReused.
	AddBook(ctx context.Context, request idempotency.Request, b Book) (int64, error)
	// EditBook returns ErrBookNotFound, ErrVersionConflict, ErrStockTooLow or
	// ErrSellerSuspended.
	EditBook(ctx context.Context, e Edit) error
	// DelistBook takes a book and its stock off the shop. It returns
	// ErrBookNotFound, also if that was done before.
	DelistBook(ctx context.Context, id int64, actor string, at time.Time) error

	// Listed returns the ids of the next limit books, by id, that are on offer or
	// will be again when their sellers may sell.
	Listed(ctx context.Context, limit int) ([]int64, error)

	// Reindex makes the tokens anew of those of the next limit books after an id
	// whose tokens are of an older format or of an older version of the book. It
	// returns the last id it looked at, 0 after the last book.
	Reindex(ctx context.Context, after int64, limit int) (int64, error)

	// SetCover notes the key of a book's picture, "" for none, and leaves the
	// version as it is. It returns ErrBookNotFound.
	SetCover(ctx context.Context, id int64, key string, at time.Time) error

	// SweepKeys forgets the keys of requests from before an instant.
	SweepKeys(ctx context.Context, before time.Time) error

	// Reserve takes copies off the shelf. A repeated call returns the
	// reservation as it is, held until the later of the two times. It returns
	// ErrLinesChanged, ErrReservationDiffers or ErrReservationReleased.
	Reserve(ctx context.Context, r Reservation, at time.Time) (Reservation, error)
	// Commit makes a held reservation a sale and returns it; it may be
	// repeated. It returns ErrReservationNotFound or ErrReservationReleased.
	Commit(ctx context.Context, id string, at time.Time) (Reservation, error)
	// Release gives held copies back; it may be repeated. An id that is unknown
	// becomes a released one. It returns ErrReservationCommitted.
	Release(ctx context.Context, id string, at time.Time) error
	// Restock gives sold copies back, once for each key. It returns
	// ErrReservationNotFound, ErrReservationHeld, ErrReservationReleased or
	// ErrRestockTooLarge.
	Restock(ctx context.Context, id, key string, lines []Return, at time.Time) error
	// OverdueHolds returns the ids of held reservations that ended before an
	// instant, the oldest first.
	OverdueHolds(ctx context.Context, before time.Time, limit int) ([]string, error)
	// ReleaseOverdue gives the copies of one of them back, and reports false if
	// that is no longer due: it was released, committed or prolonged.
	ReleaseOverdue(ctx context.Context, id string, before, at time.Time) (bool, error)
}

// Accounts knows the sellers.
type Accounts interface {
	// SellerName returns the name under which an account sells. It may fail:
	// the catalog does without.
	SellerName(ctx context.Context, id int64) (string, error)
}

// Service is the catalog.
type Service struct {
	store    Store
	accounts Accounts
	now      func() time.Time
}

// NewService returns a catalog that keeps its books in store, looks sellers
// up in accounts, and takes the time from now.
func NewService(store Store, accounts Accounts, now func() time.Time) *Service {
	return &Service{store, accounts, now}
}

// Book returns a book on offer as the caller may see it. It returns
// ErrBookNotFound.
func (s *Service) Book(ctx context.Context, who Caller, id int64) (Book, error) {
	b, err := s.store.Book(ctx, id)
	if err == nil && b.Delisted() {
		err = ErrBookNotFound
	}
	if err != nil {
		return Book{}, err
	}
	return b.shownTo(who), nil
}

// AnyBook is Book for whoever also wants to know of a book that is no longer
// offered, which it then was; no copy of it is in stock.
func (s *Service) AnyBook(ctx context.Context, who Caller, id int64) (Book, error) {
	b, err := s.store.Book(ctx, id)
	if err != nil {
		return Book{}, err
	}
	if b.Delisted() {
		b = b.remains()
	}
	return b.shownTo(who), nil
}

// Books returns a page of the books that q selects. Callers see their own
// listings as they are now.
func (s *Service) Books(ctx context.Context, who Caller, q Query) (Books, error) {
	selection, name, err := q.selection()
	if err != nil {
		return Books{}, err
	}
	if selection.isEmpty() {
		return Books{}, nil
	}
	if who.UserID != 0 && who.UserID == q.SellerID {
		selection.Fresh = true
	}
	matches, err := s.store.Books(ctx, selection)
	if err != nil {
		return Books{}, fmt.Errorf("list books: %w", err)
	}
	found, err := page.Cut(matches, selection.Limit-1, func(m Match) any { return cursor{name, m.Place} })
	if err != nil {
		return Books{}, fmt.Errorf("end the page: %w", err)
	}
	books := Books{Page: page.Map(found, func(m Match) Book { return m.Book.shownTo(who) })}
	if selection.After == nil {
		books.Total, err = s.total(ctx, selection, books.Page)
	}
	return books, err
}

func (s *Service) total(ctx context.Context, selection Selection, first page.Page[Book]) (int, error) {
	if first.NextCursor == "" {
		return len(first.Items), nil
	}
	n, err := s.store.CountBooks(ctx, selection, MaxTotal)
	if err != nil {
		return 0, fmt.Errorf("count books: %w", err)
	}
	return n, nil
}

// Categories returns every category, by slug.
func (s *Service) Categories(ctx context.Context) ([]CategoryCount, error) {
	counts, err := s.store.CategoryCounts(ctx)
	if err != nil {
		return nil, fmt.Errorf("count categories: %w", err)
	}
	all := make([]CategoryCount, len(categories))
	for i, slug := range categories {
		all[i] = CategoryCount{slug, counts[slug]}
	}
	return all, nil
}
