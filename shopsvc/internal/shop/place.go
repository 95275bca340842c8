package shop

import (
	"context"
	"errors"
	"fmt"
	"time"

	"bookstore/shared/apierr"
)

// PlaceLine is a line of an order to be placed, at the price the buyer saw.
type PlaceLine struct {
	BookID, Quantity, Price int64
}

// DeliveryChoice is the provider that the buyer chose for one seller's shipment.
type DeliveryChoice struct {
	SellerID, ProviderID int64
	// Cost is what the buyer saw that it costs; nil: not said. It is no part of
	// what is asked for, so the same request with and without it is the same.
	Cost *int64 `json:"-"`
}

// PlaceOrder is what a buyer asks for.
type PlaceOrder struct {
	Lines      []PlaceLine
	Deliveries []DeliveryChoice
	Address    Address
	Total      *int64 `json:"-"` // what the buyer saw, likewise
	Language   string `json:"-"` // that the buyer reads; no part of what is asked for
}

// PlaceOrder places an order once under key and reserves its copies; the same
// key again returns the order as it is now. If key is that of the caller's
// cart, the lines must be the cart's and leave it.
//
// It returns ErrLinesChanged if what the buyer saw has changed, ErrCartChanged,
// ErrKeyReused, or an error that names the field; then nothing is placed and
// the key may be used again. While the catalog does not answer, the order
// stays Pending and is driven on later.
func (s *Service) PlaceOrder(ctx context.Context, who Caller, key string, in PlaceOrder) (*Order, error) {
	if err := who.signedIn(); err != nil {
		return nil, err
	}
	if err := in.tidy(); err != nil {
		return nil, err
	}
	hash, until := in.hash(), s.answerDeadline()
	for range changeAttempts {
		o, err := s.store.OrderByKey(ctx, who.UserID, key)
		if err == nil {
			if o, err = s.replay(ctx, o, hash, until); o != nil || err != nil {
				return o, err
			}
			continue // it was refused meanwhile: the key is free again
		}
		if !errors.Is(err, ErrNotFound) {
			return nil, fmt.Errorf("find order by key: %w", err)
		}
		o, err = s.place(ctx, who, key, hash, in, until)
		if err == nil || !s.isRepeated(ctx, who, key, err) {
			return o, err
		}
	}
	return nil, ErrBusy
}

// isRepeated reports whether an order was not placed because the same request,
// sent twice, has changed the cart or taken the last copies meanwhile.
func (s *Service) isRepeated(ctx context.Context, who Caller, key string, err error) bool {
	switch {
	case errors.Is(err, ErrOvertaken), errors.Is(err, ErrTaken):
		return true
	case errors.Is(err, ErrCartChanged), errors.Is(err, ErrLinesChanged):
		_, lookup := s.store.OrderByKey(ctx, who.UserID, key)
		return lookup == nil
	}
	return false
}

// replay returns the order that was placed under a key before, once it is
// known whether its copies could be reserved; nil if they could not.
func (s *Service) replay(ctx context.Context, o *Order, hash string, until time.Time) (*Order, error) {
	if o.BodyHash != hash {
		return nil, ErrKeyReused
	}
	if o.State != Pending {
		return o, nil
	}
	o, err := s.await(ctx, o.ID, until, "its copies to be reserved", func(o *Order) bool { return o.State != Pending })
	if err != nil || o.Key != "" {
		return o, err
	}
	return nil, nil
}

func (s *Service) place(ctx context.Context, who Caller, key, hash string, in PlaceOrder, until time.Time) (*Order, error) {
	cart, err := s.cartFor(ctx, who, key, in.Lines)
	if err != nil {
		return nil, err
	}
	providers, err := s.store.Providers(ctx)
	if err != nil {
		return nil, fmt.Errorf("read delivery providers: %w", err)
	}
	books, err := s.compare(ctx, who, in, providers)
	if err != nil {
		return nil, err
	}
	rules, err := s.commissionRules(ctx)
	if err != nil {
		return nil, err
	}
	o, err := s.compose(who, in, books, providers, rules)
	if err != nil {
		return nil, err
	}
	o.Key, o.BodyHash, o.FromCart = key, hash, cart != nil
	s.prepare(o)
	if err := s.store.InsertOrder(ctx, o, cart, newCartKey()); err != nil {
		return nil, fmt.Errorf("insert order: %w", err)
	}
	return s.reserveNow(ctx, o, in.Lines, until)
}

// cartFor returns the caller's cart if key is its key, nil for a key that the
// caller made up.
func (s *Service) cartFor(ctx context.Context, who Caller, key string, lines []PlaceLine) (*Cart, error) {
	if !isCartKey(key) {
		return nil, nil
	}
	c, err := s.store.Cart(ctx, who.cartOwner())
	if err != nil {
		return nil, fmt.Errorf("read cart: %w", err)
	}
	if c.Key != key || !c.holds(lines) {
		return nil, ErrCartChanged
	}
	return &c, nil
}

// reserveNow reserves the copies of a new order, independently of its caller's
// connection. What the catalog refuses becomes the caller's error.
func (s *Service) reserveNow(ctx context.Context, o *Order, lines []PlaceLine, until time.Time) (*Order, error) {
	o, err := s.answer(ctx, s.start(ctx, o, nil), until)
	switch {
	case err != nil:
		return nil, nameLines(err, lines)
	case o.Key == "": // another driver was told no
		return nil, nameLines(ErrLinesChanged, lines)
	}
	return o, nil
}

// nameLines names every line in a refusal that names none. Those that the
// catalog names have their place in the request, as in the reservation.
func nameLines(err error, lines []PlaceLine) error {
	e, ok := apierr.As(err)
	if !ok || !errors.Is(err, ErrLinesChanged) || len(e.Fields) > 0 {
		return err
	}
	changed := make([]apierr.FieldError, len(lines))
	for i, l := range lines {
		changed[i] = apierr.FieldError{Field: fmt.Sprintf("lines[%d]", i), Code: ErrOutOfStock.Code, Params: map[string]any{"book_id": l.BookID}}
	}
	return e.WithFields(changed...)
}
