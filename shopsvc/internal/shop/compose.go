package shop

import (
	"fmt"
	"maps"
	"slices"

	"bookstore/shared/apierr"
	"bookstore/shared/shopapi"
)

// compose returns the order that in describes, one shipment for each seller.
func (s *Service) compose(who Caller, in PlaceOrder, books map[int64]Book, providers []Provider, rules []CommissionRule) (*Order, error) {
	now := s.now()
	o := &Order{
		ID: newID(), Number: newNumber(), BuyerID: who.UserID, State: Pending, Stock: StockNone,
		Address: in.Address, Language: in.Language, Currency: s.cfg.Currency, PlacedAt: now,
	}
	for i, l := range in.Lines {
		b := books[l.BookID]
		o.shipmentOf(b).add(b, l, i)
	}
	if err := s.chooseProviders(o, in, providers); err != nil {
		return nil, err
	}
	for _, ship := range o.Shipments {
		ship.Total = ship.Subtotal + ship.DeliveryCost
		ship.settleCommission(rules, now)
		o.Subtotal += ship.Subtotal
		o.Delivery += ship.DeliveryCost
	}
	o.Total = o.Subtotal + o.Delivery
	if o.Total > maxOrderTotal {
		return nil, apierr.Field("lines", apierr.CodeTooLarge, "max", maxOrderTotal)
	}
	if in.Total != nil && *in.Total != o.Total {
		return nil, ErrLinesChanged.WithFields(apierr.FieldError{
			Field: "total", Code: shopapi.CodeTotalChanged, Params: map[string]any{"seen": *in.Total, "total": o.Total},
		})
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
		BookID: b.ID, Title: b.Title, Authors: b.Authors, Condition: b.Condition, Cover: b.Cover,
		Price: b.Price, Quantity: l.Quantity, Position: position,
	})
	s.Subtotal += b.Price * l.Quantity
}

// chooseProviders gives each shipment the provider that the buyer chose for
// its seller.
func (s *Service) chooseProviders(o *Order, in PlaceOrder, providers []Provider) error {
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
		p, offered := offeredProvider(d.ProviderID, providers)
		switch {
		case !offered:
			wrong = append(wrong, providerGone(i, d))
		case !p.serves(in.Address.Country, s.cfg.HomeCountry):
			wrong = append(wrong, apierr.FieldError{Field: field, Code: shopapi.CodeProviderUnavailable, Params: map[string]any{"seller_id": d.SellerID}})
		default:
			ship.ProviderID, ship.ProviderName, ship.DeliveryCost = p.ID, p.Name, p.Cost
		}
	}
	for _, sellerID := range slices.Sorted(maps.Keys(left)) {
		wrong = append(wrong, apierr.FieldError{Field: "deliveries", Code: apierr.CodeRequired, Params: map[string]any{"seller_id": sellerID}})
	}
	if wrong != nil {
		return apierr.Invalid(wrong...)
	}
	return nil
}
