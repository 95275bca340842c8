package shop

import (
	"context"
	"time"

	"bookstore/shared/apierr"
	"bookstore/shared/shopapi"
	"bookstore/shared/text"
)

// Cancel calls an order off, or only one shipment of a paid one; for its buyer
// and admins. What was paid for and is not on its way is refunded. The note
// says why in the caller's own words, if they like. It returns ErrOrderState or ErrShipmentState if it is too late.
func (s *Service) Cancel(ctx context.Context, who Caller, orderID, shipmentID, note string) (*Order, error) {
	o, err := s.orderOf(ctx, who, orderID)
	if err != nil {
		return nil, err
	}
	by := Actor{RoleBuyer, who.UserID}
	if o.BuyerID != who.UserID {
		by.Role = RoleAdmin
	}
	reason := Reason{Code: ReasonBuyer, Note: text.Line(note)}
	if len([]rune(reason.Note)) > shopapi.MaxReason {
		return nil, apierr.Field("reason", apierr.CodeTooLong, "max", shopapi.MaxReason)
	}
	return s.change(ctx, o, func(o *Order, at time.Time) error {
		if shipmentID != "" {
			return o.cancelShipment(shipmentID, by, reason, at)
		}
		return o.cancel(by, reason, at)
	})
}

func (o *Order) cancel(by Actor, reason Reason, at time.Time) error {
	switch o.State {
	case Pending, Reserved, Authorising, AwaitingPayment, Authorised, Committed:
		o.end(Cancelled, by, reason, at)
		return nil
	case Cancelled:
		return nil
	case Voiding, Restocking:
		if o.Ending == Cancelled {
			return nil
		}
	case Paid:
		if gone := o.firstGone(); gone != nil {
			return shipmentState(gone)
		}
		for _, ship := range o.Shipments {
			if ship.waiting() {
				o.cancelWaiting(ship, by, reason, at)
			}
		}
		return nil
	}
	return ErrOrderState.With("state", string(o.State))
}

func (o *Order) cancelShipment(id string, by Actor, reason Reason, at time.Time) error {
	ship := o.Shipment(id)
	switch {
	case ship == nil:
		return ErrShipmentNotFound
	case ship.State == ShipmentCancelled:
		return nil
	case o.State != Paid:
		return ErrOrderState.With("state", string(o.State))
	case !ship.waiting():
		return shipmentState(ship)
	}
	o.cancelWaiting(ship, by, reason, at)
	return nil
}

func (o *Order) cancelWaiting(ship *Shipment, by Actor, reason Reason, at time.Time) {
	o.callOff(ship, ShipmentCancelled, by, reason, true, at)
	o.mail(Mail{Kind: MailCalledOff, UserID: ship.SellerID, ShipmentID: ship.ID, Detail: string(reason.Code)})
}
