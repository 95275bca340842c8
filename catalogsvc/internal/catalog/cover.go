package catalog

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"time"

	"bookstore/catalogsvc/internal/picture"
	"bookstore/shared/apierr"
	"bookstore/shared/catalogapi"

	"golang.org/x/sync/semaphore"
	"golang.org/x/sync/singleflight"
)

// MaxCover is the size in bytes that the file of a cover may have.
const MaxCover = catalogapi.MaxCover

// Pictures keeps covers, which are JPEG files, under the hash of their content:
// what is under a key never changes, and two books may share it. What is made of
// one in another width has a key of its own (see SizedKey).
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
	uploads  *semaphore.Weighted
	resizing singleflight.Group
}

// NewCovers returns the covers of the books in store.
func NewCovers(store Store, pictures Pictures, now func() time.Time) *Covers {
	return &Covers{store: store, pictures: pictures, now: now, uploads: semaphore.NewWeighted(maxUploads)}
}

// Set gives a book the picture in a file: JPEG, PNG or WebP, of at most
// MaxCover bytes and picture.MaxPixels. It is for the book's seller and for
// admins; others' files are not even read. Whoever edits the listing meanwhile
// is not disturbed. The picture from before stays where it is: another book may
// have the same, and pages that show it are still open. What is wrong with a
// file it says of the field cover; if too many others are being read, it is
// unavailable after some seconds.
func (c *Covers) Set(ctx context.Context, who Caller, bookID int64, file io.Reader) (Book, error) {
	if err := c.mayChange(ctx, who, bookID); err != nil {
		return Book{}, err
	}
	jpeg, err := c.render(ctx, file)
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

// Check returns what Set would have against a file, for sellers. It keeps nothing.
func (c *Covers) Check(ctx context.Context, who Caller, file io.Reader) error {
	if err := who.seller(); err != nil {
		return err
	}
	_, err := c.render(ctx, file)
	return err
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

// Picture returns the JPEG file under a key in one of catalogapi.CoverWidths or,
// for 0, in its own. The first who asks for a width has it made, from which on it
// is kept. It returns ErrCoverNotFound, or an error that names the width.
func (c *Covers) Picture(ctx context.Context, key string, width int) ([]byte, error) {
	switch {
	case width == 0:
		return c.pictures.Get(ctx, key)
	case !slices.Contains(catalogapi.CoverWidths, width):
		return nil, apierr.Field("width", apierr.CodeNotAllowed)
	}
	sized := SizedKey(key, width)
	jpeg, err := c.pictures.Get(ctx, sized)
	if !errors.Is(err, ErrCoverNotFound) {
		return jpeg, err
	}
	made, err, _ := c.resizing.Do(sized, func() (any, error) {
		return c.resize(context.WithoutCancel(ctx), key, width)
	})
	if err != nil {
		return nil, err
	}
	return made.([]byte), nil
}

// SizedKey is the key of another width of the picture under a key.
func SizedKey(key string, width int) string { return key + "-" + strconv.Itoa(width) }

// resize makes a width of a picture, and keeps it. It goes on when whoever asked
// has gone, for others may be waiting for it as well.
func (c *Covers) resize(ctx context.Context, key string, width int) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, resizeTimeout)
	defer cancel()
	whole, err := c.pictures.Get(ctx, key)
	if err != nil {
		return nil, err
	}
	jpeg, err := picture.Resize(ctx, whole, width)
	if errors.Is(err, picture.ErrBusy) {
		return whole, nil // larger than need be, and not for long
	}
	if err != nil {
		return nil, fmt.Errorf("resize the cover %s: %w", key, err)
	}
	if err := c.pictures.Put(ctx, SizedKey(key, width), jpeg); err != nil {
		return nil, fmt.Errorf("keep a width of the cover %s: %w", key, err)
	}
	return jpeg, nil
}

const resizeTimeout = 20 * time.Second

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

// maxUploads bounds how many files are in memory at a time. Others wait for
// their turn as long as a picture does to be decoded.
const maxUploads = 16

// render reads a file and returns its picture as covers are. Files and pictures
// of all calls together need no more than maxUploads of MaxCover bytes, and
// picture.MaxMemory.
func (c *Covers) render(ctx context.Context, file io.Reader) ([]byte, error) {
	waiting, cancel := context.WithTimeout(ctx, picture.LongestWait)
	defer cancel()
	if err := c.uploads.Acquire(waiting, 1); err != nil {
		return nil, busyUnlessGone(ctx)
	}
	defer c.uploads.Release(1)
	data, err := io.ReadAll(io.LimitReader(file, MaxCover+1))
	if err != nil {
		return nil, fmt.Errorf("read a cover: %w", err)
	}
	if len(data) > MaxCover {
		return nil, ErrCoverTooLarge
	}
	jpeg, err := picture.Render(ctx, data)
	if err != nil {
		return nil, coverError(err)
	}
	return jpeg, nil
}

func busyUnlessGone(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return fmt.Errorf("wait to read a cover: %w", err)
	}
	return apierr.Unavailable("catalogsvc")
}

// coverError says what package picture found wrong with a file.
func coverError(err error) error {
	var (
		kind    picture.KindError
		damaged picture.DamagedError
		large   picture.TooManyPixelsError
	)
	switch {
	case errors.Is(err, picture.ErrEmpty):
		return ErrCoverEmpty
	case errors.Is(err, picture.ErrAnimated):
		return ErrCoverAnimated
	case errors.Is(err, picture.ErrBusy):
		return apierr.Unavailable("catalogsvc")
	case errors.As(err, &kind) && kind.Kind != "":
		return errCoverKind(kind.Kind)
	case errors.As(err, &kind):
		return ErrCoverFormat
	case errors.As(err, &damaged):
		return errCoverDamaged(damaged.Kind)
	case errors.As(err, &large):
		return errCoverPixels(large.Max)
	}
	return fmt.Errorf("render a cover: %w", err)
}
