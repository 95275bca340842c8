package catalog

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"time"

	"bookstore/catalogsvc/internal/picture"
)

// MaxCover is the size in bytes that the file of a cover may have.
const MaxCover = 8 << 20

// Pictures keeps covers, which are JPEG files, under the hash of their content:
// what is under a key never changes, and two books may share it.
type Pictures interface {
	// Put keeps a picture. Doing so again is no error.
	Put(ctx context.Context, key string, jpeg []byte) error
	// Get returns a picture. It returns ErrCoverNotFound.
	Get(ctx context.Context, key string) ([]byte, error)
}

// Covers are the pictures that sellers take of their copies.
type Covers struct {
	store    Store
	pictures Pictures
	now      func() time.Time
}

// NewCovers returns the covers of the books in store.
func NewCovers(store Store, pictures Pictures, now func() time.Time) *Covers {
	return &Covers{store, pictures, now}
}

// Set gives a book the picture in a file: JPEG, PNG or WebP, of at most
// MaxCover bytes and picture.MaxPixels. It is for the book's seller and for
// admins; others' files are not even read. Whoever edits the listing meanwhile
// is not disturbed. The picture from before stays where it is: another book may
// have the same, and pages that show it are still open. It returns
// ErrCoverFormat, ErrCoverTooLarge or ErrCoverPixels.
func (c *Covers) Set(ctx context.Context, who Caller, bookID int64, file io.Reader) (Book, error) {
	if err := c.mayChange(ctx, who, bookID); err != nil {
		return Book{}, err
	}
	jpeg, err := render(ctx, file)
	if err != nil {
		return Book{}, err
	}
	hash := sha256.Sum256(jpeg)
	key := hex.EncodeToString(hash[:])
	if err := c.pictures.Put(ctx, key, jpeg); err != nil {
		return Book{}, fmt.Errorf("keep the cover of book %d: %w", bookID, err)
	}
	if err := c.store.SetCover(ctx, bookID, key, c.now()); err != nil {
		return Book{}, fmt.Errorf("set the cover of book %d: %w", bookID, err)
	}
	return c.store.CurrentBook(ctx, bookID)
}

// Remove takes the picture off a book, for its seller and for admins. There
// need not be one.
func (c *Covers) Remove(ctx context.Context, who Caller, bookID int64) error {
	if err := c.mayChange(ctx, who, bookID); err != nil {
		return err
	}
	if err := c.store.SetCover(ctx, bookID, "", c.now()); err != nil {
		return fmt.Errorf("remove the cover of book %d: %w", bookID, err)
	}
	return nil
}

// Picture returns the JPEG file under a key. It returns ErrCoverNotFound.
func (c *Covers) Picture(ctx context.Context, key string) ([]byte, error) {
	return c.pictures.Get(ctx, key)
}

func (c *Covers) mayChange(ctx context.Context, who Caller, bookID int64) error {
	if err := who.seller(); err != nil {
		return err
	}
	book, err := c.store.CurrentBook(ctx, bookID)
	switch {
	case err != nil:
		return err
	case book.Delisted():
		return ErrBookNotFound
	case book.SellerID != who.UserID && !who.isAdmin():
		return ErrNotYourBook
	}
	return nil
}

func render(ctx context.Context, file io.Reader) ([]byte, error) {
	data, err := io.ReadAll(io.LimitReader(file, MaxCover+1))
	if err != nil {
		return nil, fmt.Errorf("read a cover: %w", err)
	}
	if len(data) > MaxCover {
		return nil, ErrCoverTooLarge
	}
	jpeg, err := picture.Render(ctx, data)
	switch {
	case errors.Is(err, picture.ErrTooManyPixels):
		return nil, ErrCoverPixels
	case errors.Is(err, picture.ErrFormat):
		return nil, ErrCoverFormat
	case err != nil:
		return nil, fmt.Errorf("render a cover: %w", err)
	}
	return jpeg, nil
}
