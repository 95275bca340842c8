package shop

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"bookstore/shared/apierr"
	"bookstore/shared/shopapi"
)

// Bounds of a cart.
const (
	MaxQuantity  = shopapi.MaxQuantity // copies of one book
	MaxCartLines = shopapi.MaxCartLines
)

// changeAttempts bounds how often a change is decided again after another
// change came first.
const changeAttempts = 8

// CartOwner is whose cart it is: a user's, or a guest's.
type CartOwner struct {
	UserID    int64  // 0: a guest
	TokenHash string // of a guest's token, in hex
}

// cartOwner returns the owner of the caller's cart: the user, else the guest who
// shows a token.
func (c Caller) cartOwner() CartOwner {
	if c.UserID != 0 {
		return CartOwner{UserID: c.UserID}
	}
	return guest(c.CartToken)
}

// guest returns the owner of a guest's cart; nobody for an empty token.
func guest(token string) CartOwner {
	if token == "" {
		return CartOwner{}
	}
	sum := sha256.Sum256([]byte(token))
	return CartOwner{TokenHash: hex.EncodeToString(sum[:])}
}

func (o CartOwner) nobody() bool { return o.UserID == 0 && o.TokenHash == "" }

// Cart is what somebody intends to buy.
type Cart struct {
	ID        int64 // 0: not saved yet
	Owner     CartOwner
	Key       string // places an order of this cart once
	Version   int64
	UpdatedAt time.Time
	Lines     []CartLine // the oldest first
}

// CartLine is copies of one book in a cart.
type CartLine struct {
	BookID   int64
	Quantity int64
	AddedAt  time.Time
}

// PricedLine is a cart's line as the catalog has its book now.
type PricedLine struct {
	CartLine
	Book    Book
	Problem string // "", "out_of_stock", "book_gone", "own_book"
}

// PricedCart is a cart with prices.
type PricedCart struct {
	Cart
	Priced   []PricedLine
	Count    int64 // copies in all
	Subtotal int64 // of the lines without a problem

	DeliveryCountry string          // "": nobody asked, or it can't be told
	Deliveries      []DeliveryQuote // to there, of the lines without a problem
}

// cartKeyPrefix tells the keys of carts from keys that callers make up.
const cartKeyPrefix = "cart-"

func newCartKey() string { return cartKeyPrefix + rand.Text() }

func (c *Cart) index(bookID int64) int {
	return slices.IndexFunc(c.Lines, func(l CartLine) bool { return l.BookID == bookID })
}

// Quantity returns how many copies of a book are in the cart.
func (c *Cart) Quantity(bookID int64) int64 {
	if i := c.index(bookID); i >= 0 {
		return c.Lines[i].Quantity
	}
	return 0
}

// Set makes the cart hold so many copies of a book, at most MaxQuantity; none
// for 0. It returns ErrCartFull for a book too many.
func (c *Cart) Set(bookID, quantity int64, at time.Time) error {
	quantity = min(quantity, MaxQuantity)
	i := c.index(bookID)
	switch {
	case i >= 0 && quantity <= 0:
		c.Lines = slices.Delete(c.Lines, i, i+1)
	case i >= 0:
		c.Lines[i].Quantity = quantity
	case quantity > 0 && len(c.Lines) >= MaxCartLines:
		return ErrCartFull.With("max", MaxCartLines)
	case quantity > 0:
		c.Lines = append(c.Lines, CartLine{bookID, quantity, at})
	}
	return nil
}

// Take takes the lines of an order out of the cart.
func (c *Cart) Take(lines []Line, at time.Time) {
	for _, l := range lines {
		_ = c.Set(l.BookID, c.Quantity(l.BookID)-l.Quantity, at) // less never is too much
	}
}

// Return puts the lines of an order back, as far as they fit.
func (c *Cart) Return(lines []Line, at time.Time) {
	for _, l := range lines {
		_ = c.Set(l.BookID, c.Quantity(l.BookID)+l.Quantity, at) // what does not fit stays out
	}
}

// merge adds a guest's lines, each up to the stock if that is known.
func (c *Cart) merge(guest Cart, books map[int64]Book, at time.Time) {
	for _, l := range guest.Lines {
		have := c.Quantity(l.BookID)
		want := have + l.Quantity
		if b, known := books[l.BookID]; known && b.Stock > 0 {
			want = max(have, min(want, b.Stock))
		}
		_ = c.Set(l.BookID, want, at) // what does not fit stays out
	}
}

// Cart returns the caller's cart with prices.
func (s *Service) Cart(ctx context.Context, who Caller) (PricedCart, error) {
	owner := who.cartOwner()
	if owner.nobody() {
		return PricedCart{}, nil
	}
	c, err := s.store.Cart(ctx, owner)
	if err != nil {
		return PricedCart{}, fmt.Errorf("read cart: %w", err)
	}
	books, err := s.books(ctx, c, 0)
	if err != nil {
		return PricedCart{}, err
	}
	return c.price(books), nil
}

// CountCart returns how many copies the caller's cart holds.
func (s *Service) CountCart(ctx context.Context, who Caller) (int64, error) {
	owner := who.cartOwner()
	if owner.nobody() {
		return 0, nil
	}
	return s.store.CountCart(ctx, owner)
}

// SetCartLine puts copies of a book into the caller's cart, as many or, with
// add, as many more. It returns ErrOutOfStock, ErrBookGone, ErrOwnBook or
// ErrCartFull.
func (s *Service) SetCartLine(ctx context.Context, who Caller, bookID, quantity int64, add bool) (PricedCart, error) {
	owner := who.cartOwner()
	if owner.nobody() {
		return PricedCart{}, ErrCartToken
	}
	if quantity < 1 || quantity > MaxQuantity {
		return PricedCart{}, apierr.Field("quantity", apierr.CodeNotAllowed, "min", 1, "max", MaxQuantity)
	}
	return s.changeCart(ctx, owner, bookID, func(c *Cart, books map[int64]Book) error {
		want := quantity
		if add {
			want += c.Quantity(bookID)
		}
		if want > MaxQuantity {
			return apierr.Field("quantity", apierr.CodeTooLarge, "max", MaxQuantity)
		}
		if err := buyable(owner, bookID, want, books); err != nil {
			return err
		}
		return c.Set(bookID, want, s.now())
	})
}

// RemoveCartLine takes a book out of the caller's cart, if it is in it.
func (s *Service) RemoveCartLine(ctx context.Context, who Caller, bookID int64) (PricedCart, error) {
	owner := who.cartOwner()
	if owner.nobody() {
		return PricedCart{}, nil
	}
	return s.changeCart(ctx, owner, 0, func(c *Cart, _ map[int64]Book) error {
		return c.Set(bookID, 0, s.now())
	})
}

// MergeCart moves the cart of the guest who showed token into the caller's and
// returns that.
func (s *Service) MergeCart(ctx context.Context, who Caller, token string) (PricedCart, error) {
	if err := who.signedIn(); err != nil {
		return PricedCart{}, err
	}
	if from := guest(token); !from.nobody() {
		if err := s.merge(ctx, from, who.cartOwner()); err != nil {
			return PricedCart{}, err
		}
	}
	return s.Cart(ctx, who)
}

func (s *Service) merge(ctx context.Context, guest, owner CartOwner) error {
	seen, err := s.store.Cart(ctx, guest)
	if err != nil {
		return fmt.Errorf("read guest's cart: %w", err)
	}
	if len(seen.Lines) == 0 {
		return nil
	}
	books, err := s.books(ctx, seen, 0)
	if err != nil && !apierr.IsKind(err, apierr.KindUnavailable) {
		return err
	}
	for range changeAttempts {
		err = s.store.MergeCarts(ctx, guest, owner, func(user *Cart, guest Cart) {
			at := s.now()
			user.merge(guest, books, at)
			user.touch(at)
		})
		if !errors.Is(err, ErrOvertaken) {
			break
		}
	}
	if err != nil {
		return fmt.Errorf("merge carts: %w", err)
	}
	return nil
}

// SweepCarts deletes old carts of guests and returns how many.
func (s *Service) SweepCarts(ctx context.Context) (int64, error) {
	return s.store.SweepCarts(ctx, s.now().Add(-s.cfg.GuestCarts))
}

// changeCart applies change to the owner's cart, with the books of its lines
// and the one more that change needs to know. A change that leaves the lines as
// they are writes nothing.
func (s *Service) changeCart(ctx context.Context, owner CartOwner, more int64, change func(*Cart, map[int64]Book) error) (PricedCart, error) {
	for range changeAttempts {
		c, err := s.store.Cart(ctx, owner)
		if err != nil {
			return PricedCart{}, fmt.Errorf("read cart: %w", err)
		}
		books, err := s.books(ctx, c, more)
		if err != nil {
			return PricedCart{}, err
		}
		before := slices.Clone(c.Lines)
		if err := change(&c, books); err != nil {
			return PricedCart{}, err
		}
		if slices.Equal(c.Lines, before) {
			return c.price(books), nil
		}
		c.touch(s.now())
		err = s.store.SaveCart(ctx, c, before)
		if errors.Is(err, ErrOvertaken) {
			continue
		}
		if err != nil {
			return PricedCart{}, fmt.Errorf("save cart: %w", err)
		}
		return c.price(books), nil
	}
	return PricedCart{}, ErrBusy
}

// touch prepares c for being saved.
func (c *Cart) touch(at time.Time) {
	if c.Key == "" {
		c.Key = newCartKey()
	}
	c.UpdatedAt = at
}

// books returns the books of a cart's lines, and one more unless that is 0.
func (s *Service) books(ctx context.Context, c Cart, more int64) (map[int64]Book, error) {
	var ids []int64
	for _, l := range c.Lines {
		ids = append(ids, l.BookID)
	}
	if more != 0 && c.index(more) < 0 {
		if len(ids) >= MaxCartLines {
			return nil, ErrCartFull.With("max", MaxCartLines)
		}
		ids = append(ids, more)
	}
	if len(ids) == 0 {
		return nil, nil
	}
	return s.lookUp(ctx, ids)
}

// lookUp returns the books that exist, by id. Its caller waits for it, so it
// takes no longer than an answer may.
func (s *Service) lookUp(ctx context.Context, ids []int64) (map[int64]Book, error) {
	ctx, cancel := context.WithTimeout(ctx, s.cfg.AnswerWithin)
	defer cancel()
	books, err := s.catalog.Books(ctx, ids)
	if err != nil {
		return nil, fmt.Errorf("look books up: %w", err)
	}
	return books, nil
}

func buyable(owner CartOwner, bookID, quantity int64, books map[int64]Book) error {
	b, ok := books[bookID]
	switch {
	case !ok:
		return ErrBookGone.With("book_id", bookID)
	case owner.UserID != 0 && b.SellerID == owner.UserID:
		return ErrOwnBook.With("book_id", bookID, "title", b.Title)
	case b.Stock < quantity:
		return ErrOutOfStock.With("book_id", bookID, "title", b.Title, "available", b.Stock)
	}
	return nil
}

// price returns c with what the catalog knows of its books.
func (c Cart) price(books map[int64]Book) PricedCart {
	out := PricedCart{Cart: c}
	for _, l := range c.Lines {
		p := PricedLine{CartLine: l, Book: books[l.BookID]}
		if err, ok := apierr.As(buyable(c.Owner, l.BookID, l.Quantity, books)); ok {
			p.Problem = err.Code
		} else {
			out.Subtotal += p.Book.Price * l.Quantity
		}
		out.Count += l.Quantity
		out.Priced = append(out.Priced, p)
	}
	return out
}

// holds reports whether the cart's lines are exactly these.
func (c *Cart) holds(lines []PlaceLine) bool {
	if len(lines) != len(c.Lines) {
		return false
	}
	for _, l := range lines {
		if c.Quantity(l.BookID) != l.Quantity {
			return false
		}
	}
	return true
}

func isCartKey(key string) bool { return strings.HasPrefix(key, cartKeyPrefix) }
