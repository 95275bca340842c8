package shop

import (
	"context"
	"fmt"
	"maps"

	"bookstore/shared/apierr"
	"bookstore/shared/shopapi"
)

// compare returns the books of an order's lines, or ErrLinesChanged if they or
// the deliveries are not as the buyer saw them.
func (s *Service) compare(ctx context.Context, who Caller, in PlaceOrder, providers []Provider) (map[int64]Book, error) {
	ids := make([]int64, len(in.Lines))
	for i, l := range in.Lines {
		ids[i] = l.BookID
	}
	books, err := s.lookUp(ctx, ids)
	if err != nil {
		return nil, err
	}
	if err := s.withoutSuspended(ctx, books); err != nil {
		return nil, err
	}
	held, err := s.heldBy(ctx, who.UserID)
	if err != nil {
		return nil, err
	}
	var changed []apierr.FieldError
	for i, l := range in.Lines {
		b, known := books[l.BookID]
		if code := difference(who, l, b, known, held[l.BookID]); code != "" {
			changed = append(changed, lineError(i, code, l, b, known))
		}
	}
	changed = append(changed, costChanges(in.Deliveries, providers)...)
	if changed != nil {
		return nil, ErrLinesChanged.WithFields(append(changed, providersGone(in.Deliveries, providers)...)...)
	}
	return books, nil
}

// costChanges names the deliveries that do not cost what the buyer saw.
func costChanges(deliveries []DeliveryChoice, providers []Provider) []apierr.FieldError {
	var changed []apierr.FieldError
	for i, d := range deliveries {
		p, offered := offeredProvider(d.ProviderID, providers)
		if offered && d.Cost != nil && *d.Cost != p.Cost {
			changed = append(changed, apierr.FieldError{
				Field: fmt.Sprintf("deliveries[%d]", i), Code: shopapi.CodeDeliveryCostChanged,
				Params: map[string]any{"seller_id": d.SellerID, "provider": p.Name, "seen": *d.Cost, "cost": p.Cost},
			})
		}
	}
	return changed
}

// providersGone names the deliveries that are no longer offered.
func providersGone(deliveries []DeliveryChoice, providers []Provider) []apierr.FieldError {
	var gone []apierr.FieldError
	for i, d := range deliveries {
		if _, offered := offeredProvider(d.ProviderID, providers); !offered {
			gone = append(gone, providerGone(i, d))
		}
	}
	return gone
}

func providerGone(i int, d DeliveryChoice) apierr.FieldError {
	return apierr.FieldError{
		Field: fmt.Sprintf("deliveries[%d]", i), Code: shopapi.CodeProviderGone, Params: map[string]any{"seller_id": d.SellerID},
	}
}

// withoutSuspended takes the books out whose sellers may not sell: catalogsvc
// may be told of that a moment later.
func (s *Service) withoutSuspended(ctx context.Context, books map[int64]Book) error {
	var sellers []int64
	for _, b := range books {
		sellers = append(sellers, b.SellerID)
	}
	suspended, err := s.store.Suspended(ctx, sellers)
	if err != nil {
		return fmt.Errorf("look for suspended sellers: %w", err)
	}
	maps.DeleteFunc(books, func(_ int64, b Book) bool { return suspended[b.SellerID] })
	return nil
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
		return shopapi.CodePriceChanged
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
