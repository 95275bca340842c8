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
	// BooksOnOffer returns those books of ids that are on offer, in their order:
	// perhaps as they were a moment ago, unless fresh.
	BooksOnOffer(ctx context.Context, ids []int64, fresh bool) ([]Book, error)
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

	// BestSold returns up to limit ids of books by how many copies the latest
	// moves of stock have sold, the most first, perhaps as it was a moment ago.
	BestSold(ctx context.Context, moves, limit int) ([]int64, error)

	// Ranges sums up the books on offer of count ranges of neighboring ids from
	// one on, by number and perhaps as they were a moment ago. Those without any
	// are left out.
	Ranges(ctx context.Context, from, count int64) ([]Range, error)
	// Marks returns the books on offer of a range by id, likewise.
	Marks(ctx context.Context, number int64) ([]Mark, error)
	// LastBook returns the greatest id of a book so far.
	LastBook(ctx context.Context) (int64, error)

	// Listed returns the ids of the next limit books, by id, that are on offer or
	// will be again when their sellers may sell.
	Listed(ctx context.Context, limit int) ([]int64, error)

	// Reindex makes the tokens anew of those of the next limit books after an id
	// whose tokens are of an older format or of an older version of the book. It
	// returns the last id it looked at, 0 after the last book.
	Reindex(ctx context.Context, after int64, limit int) (int64, error)

	// ForgetChanges deletes up to limit of the oldest entries of the log of
	// changes, as far as they are from before an instant, and returns how many.
	ForgetChanges(ctx context.Context, before time.Time, limit int) (int64, error)

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
	finder   Finder
	accounts Accounts
	now      func() time.Time
}

// NewService returns a catalog that keeps its books in store, finds them with
// finder, looks sellers up in accounts, and takes the time from now.
func NewService(store Store, finder Finder, accounts Accounts, now func() time.Time) *Service {
	return &Service{store, finder, accounts, now}
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
	if selection.IsEmpty() {
		return Books{}, nil
	}
	if who.UserID != 0 && who.UserID == q.SellerID {
		selection.Fresh = true
	}
	found, err := s.finder.Find(ctx, selection)
	if err != nil {
		return Books{}, fmt.Errorf("find books: %w", err)
	}
	places, err := page.Cut(found.Places, selection.Limit-1, func(p Place) any { return cursor{name, p} })
	if err != nil {
		return Books{}, fmt.Errorf("end the page: %w", err)
	}
	items, err := s.booksAt(ctx, places.Items, selection.Fresh)
	if err != nil {
		return Books{}, fmt.Errorf("list books: %w", err)
	}
	for i := range items {
		items[i] = items[i].shownTo(who)
	}
	books := Books{Page: page.Page[Book]{Items: items, NextCursor: places.NextCursor}, Total: found.Total}
	if selection.Search != nil && selection.After == nil && found.Total == 0 {
		books.Instead, err = s.instead(ctx, selection)
	}
	return books, err
}

// booksAt returns the books at places, in their order, without those that have
// gone off the shop since they were found.
func (s *Service) booksAt(ctx context.Context, places []Place, fresh bool) ([]Book, error) {
	if len(places) == 0 {
		return nil, nil
	}
	ids := make([]int64, len(places))
	for i, p := range places {
		ids[i] = p.ID
	}
	return s.store.BooksOnOffer(ctx, ids, fresh)
}

// Categories returns every category, by slug; fresh counts see every write so
// far.
func (s *Service) Categories(ctx context.Context, fresh bool) ([]CategoryCount, error) {
	counts, err := s.finder.CategoryCounts(ctx, fresh)
	if err != nil {
		return nil, fmt.Errorf("count categories: %w", err)
	}
	all := make([]CategoryCount, len(categories))
	for i, slug := range categories {
		all[i] = CategoryCount{slug, counts[slug]}
	}
	return all, nil
}
