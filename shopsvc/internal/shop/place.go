package shop

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"

	"bookstore/shared/apierr"
	"bookstore/shared/shopapi"
	"bookstore/shared/text"

	"github.com/google/uuid"
)

// Bounds that keep every sum far from overflowing, in minor units.
const (
	maxPrice      = 1_000_000_000
	maxOrderTotal = 1_000_000_000_000
)

// PlaceLine is a line of an order to be placed, at the price the buyer saw.
type PlaceLine struct {
	BookID, Quantity, Price int64
}

// DeliveryChoice is the provider that the buyer chose for one seller's shipment.
type DeliveryChoice struct {
	SellerID, ProviderID int64
}

// PlaceOrder is what a buyer asks for.
type PlaceOrder struct {
	Lines      []PlaceLine
	Deliveries []DeliveryChoice
	Address    Address
}

// PlaceOrder places an order once under key and reserves its copies; the same
// key again returns the order as it is now. If key is that of the caller's
// cart, the lines must be the cart's and leave it.
//
// It returns ErrLinesChanged if what the buyer saw has changed, ErrCartChanged,
// ErrKeyReused, or an error that names the field; then nothing is placed and
// the key may be used again. While the catalogue does not answer, the order
// stays Pending and is driven on later.
func (s *Service) PlaceOrder(ctx context.Context, who Caller, key string, in PlaceOrder) (*Order, error) {
	if err := who.signedIn(); err != nil {
		return nil, err
	}
	if err := in.tidy(); err != nil {
		return nil, err
	}
	hash := in.hash()
	for range changeAttempts {
		o, err := s.store.OrderByKey(ctx, who.UserID, key)
		if err == nil {
			if o, err = s.replay(ctx, o, hash); o != nil || err != nil {
				return o, err
			}
			continue // it was refused meanwhile: the key is free again
		}
		if !errors.Is(err, ErrNotFound) {
			return nil, fmt.Errorf("find order by key: %w", err)
		}
		o, err = s.place(ctx, who, key, hash, in)
		if err == nil || !s.cameSecond(ctx, who, key, err) {
			return o, err
		}
	}
	return nil, ErrBusy
}

// cameSecond tells whether an order was not placed because the same request,
// sent twice, has changed the cart or taken the last copies meanwhile.
func (s *Service) cameSecond(ctx context.Context, who Caller, key string, err error) bool {
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
func (s *Service) replay(ctx context.Context, o *Order, hash string) (*Order, error) {
	if o.BodyHash != hash {
		return nil, ErrKeyReused
	}
	if o.State != Pending {
		return o, nil
	}
	o, err := s.await(ctx, o.ID, func(o *Order) bool { return o.State != Pending })
	if err != nil || o.Key != "" {
		return o, err
	}
	return nil, nil
}

func (s *Service) place(ctx context.Context, who Caller, key, hash string, in PlaceOrder) (*Order, error) {
	cart, err := s.cartFor(ctx, who, key, in.Lines)
	if err != nil {
		return nil, err
	}
	books, err := s.compare(ctx, who, in.Lines)
	if err != nil {
		return nil, err
	}
	o, err := s.compose(ctx, who, in, books)
	if err != nil {
		return nil, err
	}
	o.Key, o.BodyHash, o.FromCart = key, hash, cart != nil
	s.prepare(o)
	if err := s.store.InsertOrder(ctx, o, cart, newCartKey()); err != nil {
		return nil, fmt.Errorf("insert order: %w", err)
	}
	return s.reserveNow(ctx, o, in.Lines)
}

// cartFor returns the caller's cart if key is its key, nil for a key that the
// caller made up.
func (s *Service) cartFor(ctx context.Context, who Caller, key string, lines []PlaceLine) (*Cart, error) {
	if !isCartKey(key) {
		return nil, nil
	}
	c, err := s.store.Cart(ctx, CartOwner{UserID: who.UserID})
	if err != nil {
		return nil, fmt.Errorf("read cart: %w", err)
	}
	if c.Key != key || !c.holds(lines) {
		return nil, ErrCartChanged
	}
	return &c, nil
}

// compare returns the books of the lines, or ErrLinesChanged if they are not
// as the buyer saw them.
func (s *Service) compare(ctx context.Context, who Caller, lines []PlaceLine) (map[int64]Book, error) {
	ids := make([]int64, len(lines))
	for i, l := range lines {
		ids[i] = l.BookID
	}
	books, err := s.catalogue.Books(ctx, ids)
	if err != nil {
		return nil, fmt.Errorf("look books up: %w", err)
	}
	held, err := s.heldBy(ctx, who.UserID)
	if err != nil {
		return nil, err
	}
	var changed []apierr.FieldError
	for i, l := range lines {
		b, known := books[l.BookID]
		if code := difference(who, l, b, known, held[l.BookID]); code != "" {
			changed = append(changed, lineError(i, code, l, b, known))
		}
	}
	if changed != nil {
		return nil, ErrLinesChanged.WithFields(changed...)
	}
	return books, nil
}

// heldBy returns how many copies of each book the buyer's own unpaid orders
// hold: placing another order lets them go.
func (s *Service) heldBy(ctx context.Context, buyerID int64) (map[int64]int64, error) {
	ids, err := s.store.UnpaidOrders(ctx, buyerID, "")
	if err != nil {
		return nil, fmt.Errorf("find unpaid orders: %w", err)
	}
	held := map[int64]int64{}
	for _, id := range ids {
		o, err := s.store.Order(ctx, id)
		if err != nil {
			return nil, fmt.Errorf("read unpaid order: %w", err)
		}
		if o.Stock != StockHeld {
			continue
		}
		for _, l := range o.Lines() {
			held[l.BookID] += l.Quantity
		}
	}
	return held, nil
}

func difference(who Caller, l PlaceLine, b Book, known bool, held int64) string {
	switch {
	case !known:
		return ErrBookGone.Code
	case b.SellerID == who.UserID:
		return ErrOwnBook.Code
	case b.Stock+held < l.Quantity:
		return ErrOutOfStock.Code
	case b.Price != l.Price:
		return "price_changed"
	}
	return ""
}

func lineError(i int, code string, l PlaceLine, b Book, known bool) apierr.FieldError {
	params := map[string]any{"book_id": l.BookID}
	if known {
		params["title"], params["available"], params["price"] = b.Title, b.Stock, b.Price
	}
	return apierr.FieldError{Field: fmt.Sprintf("lines[%d]", i), Code: code, Params: params}
}

// compose returns the order that in describes, one shipment for each seller.
func (s *Service) compose(ctx context.Context, who Caller, in PlaceOrder, books map[int64]Book) (*Order, error) {
	now := s.now()
	o := &Order{
		ID: newID(), Number: newNumber(), BuyerID: who.UserID, State: Pending, Stock: StockNone,
		Address: in.Address, Currency: s.cfg.Currency, PlacedAt: now,
	}
	for i, l := range in.Lines {
		b := books[l.BookID]
		o.shipmentOf(b).add(b, l, i)
	}
	if err := s.chooseProviders(ctx, o, in); err != nil {
		return nil, err
	}
	for _, ship := range o.Shipments {
		ship.Total = ship.Subtotal + ship.DeliveryCost
		o.Subtotal += ship.Subtotal
		o.Delivery += ship.DeliveryCost
	}
	o.Total = o.Subtotal + o.Delivery
	if o.Total > maxOrderTotal {
		return nil, apierr.Field("lines", apierr.CodeTooLarge, "max", maxOrderTotal)
	}
	o.record(Event{At: now, Actor: Actor{RoleBuyer, who.UserID}, Subject: SubjectOrder, To: string(Pending)})
	return o, nil
}

// shipmentOf returns o's shipment of the book's seller, which it adds if need be.
func (o *Order) shipmentOf(b Book) *Shipment {
	for _, s := range o.Shipments {
		if s.SellerID == b.SellerID {
			return s
		}
	}
	s := &Shipment{ID: newID(), SellerID: b.SellerID, SellerName: b.SellerName, State: ShipmentPending}
	o.Shipments = append(o.Shipments, s)
	return s
}

func (s *Shipment) add(b Book, l PlaceLine, position int) {
	s.Lines = append(s.Lines, Line{
		BookID: b.ID, Title: b.Title, Authors: b.Authors, Condition: b.Condition,
		Price: b.Price, Quantity: l.Quantity, Position: position,
	})
	s.Subtotal += b.Price * l.Quantity
}

// chooseProviders gives each shipment the provider that the buyer chose for
// its seller.
func (s *Service) chooseProviders(ctx context.Context, o *Order, in PlaceOrder) error {
	all, err := s.store.Providers(ctx)
	if err != nil {
		return fmt.Errorf("read delivery providers: %w", err)
	}
	left := map[int64]*Shipment{}
	for _, ship := range o.Shipments {
		left[ship.SellerID] = ship
	}
	var wrong []apierr.FieldError
	for i, d := range in.Deliveries {
		field := fmt.Sprintf("deliveries[%d]", i)
		ship := left[d.SellerID]
		if ship == nil {
			wrong = append(wrong, apierr.FieldError{Field: field + ".seller_id", Code: apierr.CodeNotAllowed})
			continue
		}
		delete(left, d.SellerID)
		at := slices.IndexFunc(all, func(p Provider) bool { return p.ID == d.ProviderID })
		if at < 0 || !all[at].serves(in.Address.Country, s.cfg.HomeCountry) {
			wrong = append(wrong, apierr.FieldError{Field: field, Code: shopapi.CodeProviderUnavailable, Params: map[string]any{"seller_id": d.SellerID}})
			continue
		}
		ship.ProviderID, ship.ProviderName, ship.DeliveryCost = all[at].ID, all[at].Name, all[at].Cost
	}
	for _, sellerID := range slices.Sorted(maps.Keys(left)) {
		wrong = append(wrong, apierr.FieldError{Field: "deliveries", Code: apierr.CodeRequired, Params: map[string]any{"seller_id": sellerID}})
	}
	if wrong != nil {
		return apierr.Invalid(wrong...)
	}
	return nil
}

// reserveNow reserves the copies of a new order, independently of its caller's
// connection. What the catalogue refuses becomes the caller's error.
func (s *Service) reserveNow(ctx context.Context, o *Order, lines []PlaceLine) (*Order, error) {
	id := o.ID
	var refused error
	ride := s.start(ctx, o, func(ctx context.Context, o *Order) error {
		var err error
		refused, err = s.reserve(ctx, o)
		return err
	})
	if s.waitFor(ctx, ride) && ride.err == nil && refused != nil {
		return nil, nameLines(refused, lines)
	}
	return s.load(ctx, id)
}

// nameLines blames every line for a refusal that names none. Those that the
// catalogue names have their place in the request, as in the reservation.
func nameLines(err error, lines []PlaceLine) error {
	e, ok := apierr.As(err)
	if !ok || len(e.Fields) > 0 {
		return err
	}
	changed := make([]apierr.FieldError, len(lines))
	for i, l := range lines {
		changed[i] = apierr.FieldError{Field: fmt.Sprintf("lines[%d]", i), Code: ErrOutOfStock.Code, Params: map[string]any{"book_id": l.BookID}}
	}
	return e.WithFields(changed...)
}

// tidy checks everything about in that needs no database.
func (in *PlaceOrder) tidy() error {
	address, wrong := in.Address.tidy()
	in.Address = address
	if len(in.Lines) == 0 {
		wrong = append(wrong, apierr.FieldError{Field: "lines", Code: apierr.CodeRequired})
	}
	if len(in.Lines) > MaxCartLines {
		wrong = append(wrong, apierr.FieldError{Field: "lines", Code: apierr.CodeTooLong, Params: map[string]any{"max": MaxCartLines}})
	}
	seen := map[int64]bool{}
	for i, l := range in.Lines {
		field := fmt.Sprintf("lines[%d]", i)
		switch {
		case l.Quantity < 1 || l.Quantity > MaxQuantity:
			wrong = append(wrong, apierr.FieldError{Field: field + ".quantity", Code: apierr.CodeNotAllowed, Params: map[string]any{"min": 1, "max": MaxQuantity}})
		case seen[l.BookID]:
			wrong = append(wrong, apierr.FieldError{Field: field + ".book_id", Code: apierr.CodeDuplicate})
		}
		seen[l.BookID] = true
	}
	if wrong != nil {
		return apierr.Invalid(wrong...)
	}
	return nil
}

// hash returns a digest of what is asked for, the same for the same request.
func (in PlaceOrder) hash() string {
	text, err := json.Marshal(in)
	if err != nil {
		panic(err) // numbers and strings can be encoded
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// newID returns a UUID that sorts by the time it was made.
func newID() string { return uuid.Must(uuid.NewV7()).String() }

// newNumber returns an order's number: eight characters that are hard to
// mistake for each other, in two groups.
func newNumber() string {
	const alphabet = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ" // 32 of them
	random := make([]byte, 8)
	_, _ = rand.Read(random) // never fails
	for i, b := range random {
		random[i] = alphabet[b%32]
	}
	return string(random[:4]) + "-" + string(random[4:])
}

// checkText returns a person's words tidied, or an error that names the field.
func checkText(words, field string, limit int) (string, error) {
	words = text.Line(words)
	if words == "" {
		return "", apierr.Field(field, apierr.CodeRequired)
	}
	if len([]rune(words)) > limit {
		return "", apierr.Field(field, apierr.CodeTooLong, "max", limit)
	}
	return words, nil
}
