package api

import (
	"cmp"
	"time"

	"bookstore/shared/money"
	"bookstore/shared/shopapi"
	"bookstore/shopsvc/internal/shop"
)

// wireOrder returns o as its buyer and admins see it.
func (h *handler) wireOrder(o *shop.Order, events []shop.Event) shopapi.Order {
	amount := func(n int64) money.Money { return money.New(n, o.Currency) }
	out := shopapi.Order{
		ID: o.ID, Number: o.Number, BuyerID: o.BuyerID, State: string(o.State),
		Subtotal: amount(o.Subtotal), DeliveryTotal: amount(o.Delivery), Total: amount(o.Total), Refunded: amount(o.Refunded),
		Address: shopapi.Address(o.Address), Shipments: []shopapi.Shipment{}, Events: wireEvents(events),
		CanPay: h.shop.CanPay(o), CanCancel: o.CanCancel(),
		PlacedAt: o.PlacedAt, ExpiresAt: optionalTime(o.ExpiresAt), PaidAt: optionalTime(o.PaidAt),
	}
	for _, s := range o.Shipments {
		out.Shipments = append(out.Shipments, shipment(s, o.Currency))
	}
	for _, r := range o.Refunds {
		out.Refunds = append(out.Refunds, shopapi.Refund{
			ID: r.ID, ShipmentID: r.ShipmentID, Amount: amount(r.Amount), State: string(r.State),
			Reason: oneText(r.Reason), Code: string(r.Reason.Code), Note: r.Reason.Note,
			CreatedAt: r.CreatedAt, PaidAt: optionalTime(r.PaidAt),
		})
	}
	if p := o.Payment(); p != nil {
		out.Payment = wirePayment(p, o.Currency)
	}
	return out
}

func wirePayment(p *shop.Payment, currency string) *shopapi.Payment {
	out := &shopapi.Payment{
		ID: p.ID, Method: string(p.Method), State: string(p.State), Amount: money.New(p.Amount, currency),
		Reason: string(p.Reason), Reference: p.Reference, CreatedAt: p.CreatedAt,
	}
	if p.State == shop.PaymentRedirect {
		out.RedirectURL = p.RedirectURL
	}
	return out
}

func shipment(s *shop.Shipment, currency string) shopapi.Shipment {
	amount := func(n int64) money.Money { return money.New(n, currency) }
	out := shopapi.Shipment{
		ID: s.ID, SellerID: s.SellerID, SellerName: s.SellerName, State: string(s.State),
		ProviderID: s.ProviderID, ProviderName: s.ProviderName, DeliveryCost: amount(s.DeliveryCost),
		Lines: []shopapi.OrderLine{}, Subtotal: amount(s.Subtotal), Total: amount(s.Total), Refunded: amount(s.Refunded),
		TrackingNumber: s.TrackingNumber, RejectReason: s.RejectNote,
		DispatchedAt: optionalTime(s.DispatchedAt), DeliveredAt: optionalTime(s.DeliveredAt),
	}
	for _, l := range s.Lines {
		out.Lines = append(out.Lines, shopapi.OrderLine{
			BookID: l.BookID, Title: l.Title, Authors: nonNil(l.Authors), Condition: l.Condition,
			Price: amount(l.Price), Quantity: l.Quantity, Total: amount(l.Price).Times(l.Quantity),
		})
	}
	return out
}

// sale returns a shipment of o as its seller sees it.
func sale(o *shop.Order, s *shop.Shipment, events []shop.Event) shopapi.Sale {
	return shopapi.Sale{
		Shipment: shipment(s, o.Currency), OrderID: o.ID, OrderNumber: o.Number,
		Address: shopapi.Address(o.Address), PaidAt: s.PaidAt, Events: wireEvents(events),
	}
}

func wireEvents(events []shop.Event) []shopapi.Event {
	var out []shopapi.Event
	for _, e := range events {
		out = append(out, shopapi.Event{
			At: e.At, Actor: e.Actor.Role, Subject: e.Subject, SubjectID: e.SubjectID, From: e.From, To: e.To,
			Reason: oneText(e.Reason), Code: string(e.Code), Note: e.Note,
		})
	}
	return out
}

// oneText returns a reason for clients that know no difference between a code
// and a note.
func oneText(r shop.Reason) string { return cmp.Or(r.Note, string(r.Code)) }

func optionalTime(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}
