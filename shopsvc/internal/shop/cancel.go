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
// says why in the caller's own words, if they like. It returns ErrOrderState or
// ErrShipmentState if it is too late.
func (s *Service) Cancel(ctx context.Context, who Caller, orderID, shipmentID, note string) (*Order, error) {
	o, err := s.orderOf(ctx, who, orderID)
	if err != nil {
		return nil, err
	}
	by := Actor{RoleBuyer, who.UserID}
	reason := Reason{Code: ReasonBuyer, Note: text.Line(note)}
	if o.BuyerID != who.UserID {
		by.Role, reason.Code = RoleAdmin, ReasonAdmin
	}
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
				o.callOff(ship, ShipmentCancelled, by, reason, true, at)
				o.mailCalledOff(ship, by, reason, ship.SellerID)
			}
		}
		o.mail(Mail{Kind: MailCancelled, UserID: o.BuyerID, Reason: reason, By: by.Role})
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
	o.callOff(ship, ShipmentCancelled, by, reason, true, at)
	o.mailCalledOff(ship, by, reason, o.BuyerID, ship.SellerID)
	return nil
}

// mailCalledOff tells people that a paid shipment will not come.
func (o *Order) mailCalledOff(ship *Shipment, by Actor, reason Reason, userIDs ...int64) {
	for _, id := range userIDs {
		o.mail(Mail{Kind: MailCalledOff, UserID: id, ShipmentID: ship.ID, Reason: reason, By: by.Role})
	}
}
