package catalog

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"bookstore/shared/token"
)

// AddBook lists a book with its first copies for the calling seller.
func (s *Service) AddBook(ctx context.Context, l Listing, stock int64) (Book, error) {
	caller, err := sellerFrom(ctx)
	if err != nil {
		return Book{}, err
	}
	l, err = l.normalized(stock)
	if err != nil {
		return Book{}, err
	}
	now := s.now()
	id, err := s.store.AddBook(ctx, Book{
		SellerID:   caller.UserID,
		SellerName: s.sellerName(ctx, caller),
		Listing:    l,
		Stock:      stock,
		CreatedAt:  now,
		UpdatedAt:  now,
	})
	if err != nil {
		return Book{}, fmt.Errorf("list a book: %w", err)
	}
	return s.store.CurrentBook(ctx, id)
}

// EditBook replaces a listing of the calling seller. The stock changes by
// stock − shown, so that copies which left the shelf meanwhile stay away.
func (s *Service) EditBook(ctx context.Context, id, version int64, l Listing, stock, shown int64) (Book, error) {
	caller, err := sellerFrom(ctx)
	if err != nil {
		return Book{}, err
	}
	old, err := s.store.CurrentBook(ctx, id)
	switch {
	case err != nil:
		return Book{}, err
	case old.Delisted():
		return Book{}, ErrBookNotFound
	case old.SellerID != caller.UserID:
		return Book{}, ErrNotYourBook
	}
	l, err = l.normalized(stock)
	if err != nil {
		return Book{}, err
	}
	err = s.store.EditBook(ctx, Edit{
		BookID:      id,
		Version:     version,
		StockChange: stock - shown,
		Seller:      Seller{caller.UserID, s.sellerName(ctx, caller)},
		Listing:     l,
		At:          s.now(),
	})
	if err != nil {
		return Book{}, fmt.Errorf("edit book %d: %w", id, err)
	}
	return s.store.CurrentBook(ctx, id)
}

// DelistBook takes a book off the shop, for its owner or an admin. Doing so
// again is no error.
func (s *Service) DelistBook(ctx context.Context, id int64) error {
	caller, err := sellerFrom(ctx)
	if err != nil {
		return err
	}
	book, err := s.store.CurrentBook(ctx, id)
	switch {
	case err != nil:
		return err
	case book.SellerID != caller.UserID && caller.Role != token.Admin:
		return ErrNotYourBook
	case book.Delisted():
		return nil
	}
	err = s.store.DelistBook(ctx, id, UserActor(caller.UserID), s.now())
	if err != nil && !errors.Is(err, ErrBookNotFound) {
		return fmt.Errorf("delist book %d: %w", id, err)
	}
	return nil
}

// sellerFrom returns the caller, who must sell.
func sellerFrom(ctx context.Context) (token.Claims, error) {
	caller, ok := token.From(ctx)
	if !ok {
		return caller, ErrUnauthenticated
	}
	if caller.Role != token.Seller && caller.Role != token.Admin {
		return caller, ErrSellersOnly
	}
	return caller, nil
}

// sellerName returns the name on the caller's listings: the account's, else
// the one known from before, else the caller's own.
func (s *Service) sellerName(ctx context.Context, caller token.Claims) string {
	name, err := s.accounts.SellerName(ctx, caller.UserID)
	if err == nil && name != "" {
		return name
	}
	if err != nil {
		slog.WarnContext(ctx, "seller's name not looked up", "seller", caller.UserID, "error", err)
	}
	name, err = s.store.SellerName(ctx, caller.UserID)
	if err == nil && name != "" {
		return name
	}
	return caller.Name
}
