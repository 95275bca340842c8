package shop

import (
	"context"
	"fmt"
	"time"

	"bookstore/shared/apierr"
)

// RefundState says whether a refund was paid.
type RefundState string

// The states of a refund.
const (
	RefundDue  RefundState = "due"
	RefundPaid RefundState = "paid"
)

// Refund is money that goes back to the buyer.
type Refund struct {
	ID         string
	PaymentID  string // that it is taken from
	ShipmentID string // empty: for money that paid for nothing
	Amount     int64
	State      RefundState
	Reason     string
	CreatedAt  time.Time
	PaidAt     time.Time
}

// refundShipment writes down that a part of what a shipment cost goes back.
func (o *Order) refundShipment(s *Shipment, amount int64, by Actor, reason string, at time.Time) {
	p := o.capturedPayment()
	if amount <= 0 || p == nil {
		return
	}
	s.Refunded += amount
	o.changeShipment(s)
	o.refund(p, s.ID, amount, by, reason, at)
}

func (o *Order) refund(p *Payment, shipmentID string, amount int64, by Actor, reason string, at time.Time) {
	r := &Refund{
		ID: newID(), PaymentID: p.ID, ShipmentID: shipmentID,
		Amount: amount, State: RefundDue, Reason: reason, CreatedAt: at,
	}
	o.Refunded += amount
	o.Refunds = append(o.Refunds, r)
	o.Changes.Refunds = append(o.Changes.Refunds, r)
	o.record(Event{
		At: at, Actor: by, Subject: SubjectRefund, SubjectID: r.ID, ShipmentID: shipmentID,
		To: string(RefundDue), Reason: reason,
	})
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
	o.mail(Mail{Kind: MailRefunded, UserID: o.BuyerID, ShipmentID: r.ShipmentID, Detail: fmt.Sprint(r.Amount)})
}

// Refund gives money back, for admins: what is left of one shipment, or an
// amount in minor units, of that shipment or of the order's live ones, the
// first first. It returns ErrRefundTooLarge with the parameter max.
func (s *Service) Refund(ctx context.Context, who Caller, orderID, shipmentID string, amount int64, reason string) (*Order, error) {
	if err := who.admin(); err != nil {
		return nil, err
	}
	reason, err := checkText(reason, "reason", 500)
	if err != nil {
		return nil, err
	}
	o, err := s.load(ctx, orderID)
	if err != nil {
		return nil, err
	}
	by := Actor{RoleAdmin, who.UserID}
	return s.change(ctx, o, func(o *Order, at time.Time) error {
		return o.refundBy(shipmentID, amount, by, reason, at)
	})
}

func (o *Order) refundBy(shipmentID string, amount int64, by Actor, reason string, at time.Time) error {
	from := o.Shipments
	if shipmentID != "" {
		ship := o.Shipment(shipmentID)
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
	case amount == 0 && shipmentID == "":
		return apierr.Field("amount", "required")
	case amount < 0:
		return apierr.Field("amount", "too_small", "min", 1)
	case amount == 0 && most > 0:
		amount = most
	case amount == 0 || amount > most:
		return ErrRefundTooLarge.With("max", most)
	}
	for _, ship := range from {
		part := min(amount, ship.Total-ship.Refunded)
		o.refundShipment(ship, part, by, reason, at)
		amount -= part
	}
	return nil
}
