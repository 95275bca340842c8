package shop

import (
	"context"
	"slices"
	"time"

	"bookstore/shared/apierr"
	"bookstore/shared/shopapi"

	"github.com/google/uuid"
)

// RefundState says whether a refund was paid.
type RefundState string

// The states of a refund.
const (
	RefundDue  RefundState = shopapi.RefundDue
	RefundPaid RefundState = shopapi.RefundPaid
)

// Refund is money that goes back to the buyer.
type Refund struct {
	ID         string
	PaymentID  string // that it is taken from
	ShipmentID string // empty: for money that paid for nothing
	Amount     int64
	State      RefundState
	Reason     Reason
	CreatedAt  time.Time
	PaidAt     time.Time
}

// refundShipment writes down, as the refund id, that a part of what a shipment
// cost goes back.
func (o *Order) refundShipment(id string, s *Shipment, amount int64, by Actor, reason Reason, at time.Time) {
	p := o.capturedPayment()
	if amount <= 0 || p == nil {
		return
	}
	s.Refunded += amount
	o.changeShipment(s)
	o.addRefund(&Refund{ID: id, PaymentID: p.ID, ShipmentID: s.ID, Amount: amount}, by, reason, at)
}

// refund writes down that money goes back which paid for nothing.
func (o *Order) refund(p *Payment, amount int64, by Actor, reason Reason, at time.Time) {
	o.addRefund(&Refund{ID: newID(), PaymentID: p.ID, Amount: amount}, by, reason, at)
}

func (o *Order) addRefund(r *Refund, by Actor, reason Reason, at time.Time) {
	r.State, r.Reason, r.CreatedAt = RefundDue, reason, at
	o.Refunded += r.Amount
	o.Refunds = append(o.Refunds, r)
	o.Changes.Refunds = append(o.Changes.Refunds, r)
	o.record(Event{
		At: at, Actor: by, Subject: SubjectRefund, SubjectID: r.ID, ShipmentID: r.ShipmentID,
		To: string(RefundDue), Reason: reason,
	})
}

func (o *Order) refundByID(id string) *Refund {
	for _, r := range o.Refunds {
		if r.ID == id {
			return r
		}
	}
	return nil
}

// CalledOffFor returns the code for which a shipment was called off, which its
// last refund says; "" if it was not, or cost nothing.
func (o *Order) CalledOffFor(shipmentID string) Code {
	for _, r := range slices.Backward(o.Refunds) {
		if r.ShipmentID == shipmentID {
			return r.Reason.Code
		}
	}
	return ""
}

// capturedPayment returns the payment that paid for o, or nil. Money that
// came late or wrong is captured as well, but all of it goes back.
func (o *Order) capturedPayment() *Payment {
	for _, p := range o.Payments {
		kept := p.Captured
		for _, r := range o.Refunds {
			if r.PaymentID == p.ID && r.ShipmentID == "" {
				kept -= r.Amount
			}
		}
		if kept >= o.Total {
			return p
		}
	}
	return nil
}

// refundPaid notes that the gateway has given the money back.
func (o *Order) refundPaid(r *Refund, at time.Time) {
	r.State, r.PaidAt = RefundPaid, at
	o.Changes.Refunds = append(o.Changes.Refunds, r)
	o.record(Event{
		At: at, Actor: system, Subject: SubjectRefund, SubjectID: r.ID, ShipmentID: r.ShipmentID,
		From: string(RefundDue), To: string(RefundPaid),
	})
	o.mail(Mail{Kind: MailRefunded, UserID: o.BuyerID, ShipmentID: r.ShipmentID, Reason: r.Reason, By: RoleSystem, Refund: r})
}

// RefundRequest asks for money back: what is left of one shipment, or an
// amount in minor units, of that shipment or of the order's live ones in their
// order.
type RefundRequest struct {
	Key        string // of the asking, so that asking again gives nothing more; may be empty
	ShipmentID string
	Amount     int64
	Note       string // why, in the admin's own words
}

// id returns the id of the request's refund of a shipment: always the same if
// the request has a key.
func (r RefundRequest) id(s *Shipment) string {
	if r.Key == "" {
		return newID()
	}
	return uuid.NewSHA1(uuid.NameSpaceURL, []byte("refund:"+s.ID+":"+r.Key)).String()
}

// Check returns an error that names every field of the request that is wrong
// whatever the order is, or nil.
func (r RefundRequest) Check() error {
	_, err := r.tidy()
	return err
}

func (r RefundRequest) tidy() (RefundRequest, error) {
	var wrong []apierr.FieldError
	if r.Amount == 0 && r.ShipmentID == "" {
		wrong = append(wrong, apierr.FieldError{Field: "amount", Code: apierr.CodeRequired})
	}
	if r.Amount < 0 {
		wrong = append(wrong, apierr.FieldError{Field: "amount", Code: apierr.CodeTooSmall, Params: map[string]any{"min": 1}})
	}
	note, err := checkText(r.Note, "reason", shopapi.MaxReason)
	if e, ok := apierr.As(err); ok {
		wrong = append(wrong, e.Fields...)
	}
	r.Note = note
	if len(wrong) > 0 {
		return r, apierr.Invalid(wrong...)
	}
	return r, nil
}

// Refund gives money back, for admins. It returns ErrRefundTooLarge with the
// parameter max.
func (s *Service) Refund(ctx context.Context, who Caller, orderID string, in RefundRequest) (*Order, error) {
	if err := who.admin(); err != nil {
		return nil, err
	}
	in, err := in.tidy()
	if err != nil {
		return nil, err
	}
	o, err := s.load(ctx, orderID)
	if err != nil {
		return nil, err
	}
	by := Actor{RoleAdmin, who.UserID}
	return s.change(ctx, o, func(o *Order, at time.Time) error {
		if o.hasRefunded(in) {
			return nil
		}
		return o.refundBy(in, by, at)
	})
}

// hasRefunded reports whether the same was asked for before.
func (o *Order) hasRefunded(in RefundRequest) bool {
	if in.Key == "" {
		return false
	}
	for _, ship := range o.Shipments {
		id := in.id(ship)
		if slices.ContainsFunc(o.Refunds, func(r *Refund) bool { return r.ID == id }) {
			return true
		}
	}
	return false
}

func (o *Order) refundBy(in RefundRequest, by Actor, at time.Time) error {
	from, amount := o.Shipments, in.Amount
	if in.ShipmentID != "" {
		ship := o.Shipment(in.ShipmentID)
		if ship == nil {
			return ErrShipmentNotFound
		}
		from = []*Shipment{ship}
	}
	most := int64(0)
	if o.capturedPayment() != nil {
		for _, ship := range from {
			most += ship.Total - ship.Refunded
		}
	}
	switch {
	case amount == 0 && most > 0:
		amount = most
	case amount == 0 || amount > most:
		return ErrRefundTooLarge.With("max", most)
	}
	for _, ship := range from {
		part := min(amount, ship.Total-ship.Refunded)
		o.refundShipment(in.id(ship), ship, part, by, Reason{Note: in.Note}, at)
		amount -= part
	}
	return nil
}
