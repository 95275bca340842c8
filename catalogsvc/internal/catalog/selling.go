package catalog

import (
	"context"
	"errors"
	"fmt"
	"reflect"

	"bookstore/shared/idempotency"
)

// AddBook lists a book with its first copies for the calling seller. Under the
// same key, which may be empty, it lists once and returns that book again. It
// returns idempotency.ErrReused if the key listed another.
func (s *Service) AddBook(ctx context.Context, who Caller, key string, l Listing, stock int64) (Book, error) {
	if err := who.seller(); err != nil {
		return Book{}, err
	}
	l, err := l.normalized(stock)
	if err != nil {
		return Book{}, err
	}
	request, err := idempotency.NewRequest(who.UserID, key, []any{l, stock})
	if err != nil {
		return Book{}, err
	}
	now := s.now()
	id, err := s.store.AddBook(ctx, request, Book{
		SellerID:   who.UserID,
		SellerName: s.sellerName(ctx, who),
		Listing:    l,
		Stock:      stock,
		CreatedAt:  now,
		UpdatedAt:  now,
	})
	if err != nil {
		return Book{}, fmt.Errorf("list a book: %w", err)
	}
	s.finder.Wrote(ctx)
	return s.store.CurrentBook(ctx, id)
}

// CheckBook returns what is wrong with a listing that a seller may still be
// writing, every field of it, or nil.
func (s *Service) CheckBook(_ context.Context, who Caller, l Listing, stock int64) error {
	if err := who.seller(); err != nil {
		return err
	}
	return l.Check(stock)
}

// SweepKeys forgets the keys of requests that nobody sends again.
func (s *Service) SweepKeys(ctx context.Context) error {
	return s.store.SweepKeys(ctx, s.now().Add(-idempotency.Life))
}

// EditBook replaces a listing of the calling seller. The stock changes by
// stock − shown, so that copies which left the shelf meanwhile stay away. An
// edit that changes nothing writes nothing.
func (s *Service) EditBook(ctx context.Context, who Caller, id, version int64, l Listing, stock, shown int64) (Book, error) {
	if err := who.seller(); err != nil {
		return Book{}, err
	}
	old, err := s.store.CurrentBook(ctx, id)
	switch {
	case err != nil:
		return Book{}, err
	case old.Delisted():
		return Book{}, ErrBookNotFound
	case old.SellerID != who.UserID:
		return Book{}, ErrNotYourBook
	}
	l, err = l.normalized(stock)
	if err != nil {
		return Book{}, err
	}
	if version == old.Version && stock == shown && reflect.DeepEqual(l, old.Listing) {
		return old, nil
	}
	err = s.store.EditBook(ctx, Edit{
		BookID:      id,
		Version:     version,
		StockChange: stock - shown,
		Seller:      Seller{who.UserID, s.sellerName(ctx, who)},
		Listing:     l,
		At:          s.now(),
	})
	if err != nil {
		return Book{}, fmt.Errorf("edit book %d: %w", id, err)
	}
	s.finder.Wrote(ctx)
	return s.store.CurrentBook(ctx, id)
}

// DelistBook takes a book off the shop, for its owner or an admin. Doing so
// again is no error.
func (s *Service) DelistBook(ctx context.Context, who Caller, id int64) error {
	if err := who.seller(); err != nil {
		return err
	}
	book, err := s.store.CurrentBook(ctx, id)
	switch {
	case err != nil:
		return err
	case book.SellerID != who.UserID && !who.isAdmin():
		return ErrNotYourBook
	case book.Delisted() && !book.Suspended:
		return nil
	}
	err = s.store.DelistBook(ctx, id, UserActor(who.UserID), s.now())
	if err != nil && !errors.Is(err, ErrBookNotFound) {
		return fmt.Errorf("delist book %d: %w", id, err)
	}
	s.finder.Wrote(ctx)
	return nil
}
