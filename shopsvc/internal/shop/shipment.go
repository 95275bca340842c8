package shop

import (
	"context"
	"fmt"
	"time"

	"bookstore/shared/shopapi"
)

// ShipmentState is where a shipment stands.
type ShipmentState string

// The states of a shipment.
const (
	ShipmentPending    ShipmentState = shopapi.ShipmentPending // its order is not paid
	ShipmentNew        ShipmentState = shopapi.ShipmentNew
	ShipmentAccepted   ShipmentState = shopapi.ShipmentAccepted
	ShipmentDispatched ShipmentState = shopapi.ShipmentDispatched
	ShipmentDelivered  ShipmentState = shopapi.ShipmentDelivered
	ShipmentRejected   ShipmentState = shopapi.ShipmentRejected
	ShipmentCancelled  ShipmentState = shopapi.ShipmentCancelled
)

// Restock says whether the copies of a shipment go back to the shelf.
type Restock string

// The states of a restock.
const (
	RestockNone Restock = ""
	RestockDue  Restock = "due"
	RestockDone Restock = "done"
)

// Shipment is the part of an order that one seller sends.
type Shipment struct {
	ID             string
	SellerID       int64
	SellerName     string
	State          ShipmentState
	ProviderID     int64
	ProviderName   string
	DeliveryCost   int64
	Lines          []Line
	Subtotal       int64
	Total          int64
	Refunded       int64 // refunds of it, due and paid
	TrackingNumber string
	TrackingURL    string // the carrier's page of this parcel, if there is one
	RejectNote     string // why, in the seller's own words
	Restock        Restock
	Reminded       bool
	DueAt          time.Time // when the seller is reminded, then when it is called off
	PaidAt         time.Time // zero: not its seller's to see
	DispatchedAt   time.Time
	DeliveredAt    time.Time
	Commission     *Commission // nil: not settled, by a release that knew of none
	ReleaseAt      time.Time   // when its money becomes available to the seller; zero: never, or it is
	ReleasedAt     time.Time   // zero: it is not
}

// live reports whether the buyer still gets, or has got, the shipment.
func (s *Shipment) live() bool {
	return s.State != ShipmentRejected && s.State != ShipmentCancelled
}

// waiting reports whether the shipment is paid but not on its way.
func (s *Shipment) waiting() bool {
	return s.State == ShipmentNew || s.State == ShipmentAccepted
}

func (o *Order) moveShipment(s *Shipment, to ShipmentState, by Actor, reason Reason, at time.Time) {
	o.record(Event{
		At: at, Actor: by, Subject: SubjectShipment, SubjectID: s.ID, ShipmentID: s.ID,
		From: string(s.State), To: string(to), Reason: reason,
	})
	s.State = to
	o.changeShipment(s)
}

func (o *Order) changeShipment(s *Shipment) {
	for _, changed := range o.Changes.Shipments {
		if changed == s {
			return
		}
	}
	o.Changes.Shipments = append(o.Changes.Shipments, s)
}

// callOff ends a paid shipment that is not on its way: what it cost is to be
// refunded and, if restock says so, its copies go back to the shelf.
func (o *Order) callOff(s *Shipment, to ShipmentState, by Actor, reason Reason, restock bool, at time.Time) {
	o.moveShipment(s, to, by, reason, at)
	if restock {
		s.Restock = RestockDue
	}
	o.refundShipment(newID(), s, s.Total-s.Refunded, by, reason, at)
	for _, other := range o.Shipments {
		if other.live() {
			return
		}
	}
	o.move(Cancelled, by, because(ReasonNoShipments), at)
}

// Accept says that the seller prepares a shipment. It returns ErrShipmentState
// with the present state if it is too late.
func (s *Service) Accept(ctx context.Context, who Caller, shipmentID string) (*Order, error) {
	return s.changeSale(ctx, who, shipmentID, func(o *Order, ship *Shipment, by Actor, at time.Time) error {
		switch ship.State {
		case ShipmentNew:
			s.awaitDispatch(ship, at)
			o.moveShipment(ship, ShipmentAccepted, by, Reason{}, at)
		case ShipmentAccepted:
		default:
			return shipmentState(ship)
		}
		return nil
	})
}

// Dispatch says that a shipment is on its way, or corrects the tracking number
// of one that is. It returns ErrShipmentState.
func (s *Service) Dispatch(ctx context.Context, who Caller, shipmentID, tracking string) (*Order, error) {
	tracking, err := checkTrackingNumber(tracking)
	if err != nil {
		return nil, err
	}
	providers, err := s.store.Providers(ctx)
	if err != nil {
		return nil, fmt.Errorf("list delivery providers: %w", err)
	}
	return s.changeSale(ctx, who, shipmentID, func(o *Order, ship *Shipment, by Actor, at time.Time) error {
		switch {
		case ship.State == ShipmentDispatched && ship.TrackingNumber == tracking:
			return nil
		case ship.waiting():
			ship.DispatchedAt = at
		case ship.State != ShipmentDispatched:
			return shipmentState(ship)
		}
		corrected := ship.State == ShipmentDispatched
		ship.TrackingNumber = tracking
		ship.TrackingURL = trackingLink(trackingURLOf(ship.ProviderID, providers), tracking)
		o.moveShipment(ship, ShipmentDispatched, by, Reason{Note: tracking}, at)
		o.mail(Mail{Kind: MailDispatched, UserID: o.BuyerID, ShipmentID: ship.ID, By: by.Role, Corrected: corrected})
		return nil
	})
}

// Deliver says that a shipment has arrived. It returns ErrShipmentState.
func (s *Service) Deliver(ctx context.Context, who Caller, shipmentID string) (*Order, error) {
	return s.changeSale(ctx, who, shipmentID, func(o *Order, ship *Shipment, by Actor, at time.Time) error {
		switch ship.State {
		case ShipmentDispatched:
			ship.DeliveredAt = at
			o.moveShipment(ship, ShipmentDelivered, by, Reason{}, at)
			o.mail(Mail{Kind: MailDelivered, UserID: o.BuyerID, ShipmentID: ship.ID, By: by.Role})
		case ShipmentDelivered:
		default:
			return shipmentState(ship)
		}
		return nil
	})
}

// Reject says that a shipment can't be sent: it is refunded, and its copies go
// back to the shelf if restock says that they are there. It returns
// ErrShipmentState.
func (s *Service) Reject(ctx context.Context, who Caller, shipmentID, note string, restock bool) (*Order, error) {
	note, err := checkText(note, "reason", shopapi.MaxReason)
	if err != nil {
		return nil, err
	}
	return s.changeSale(ctx, who, shipmentID, func(o *Order, ship *Shipment, by Actor, at time.Time) error {
		switch {
		case ship.State == ShipmentRejected:
			return nil
		case !ship.waiting():
			return shipmentState(ship)
		}
		ship.RejectNote = note
		o.callOff(ship, ShipmentRejected, by, Reason{Note: note}, restock, at)
		o.mail(Mail{Kind: MailRejected, UserID: o.BuyerID, ShipmentID: ship.ID, Reason: Reason{Note: note}, By: by.Role})
		return nil
	})
}

// Sale returns an order of which the caller sells the shipment. It returns
// ErrShipmentNotFound for everybody else's and unpaid ones.
func (s *Service) Sale(ctx context.Context, who Caller, shipmentID string) (*Order, []Event, error) {
	if err := who.seller(); err != nil {
		return nil, nil, err
	}
	o, err := s.orderOfShipment(ctx, shipmentID)
	if err != nil {
		return nil, nil, err
	}
	if _, err := o.saleOf(who, shipmentID); err != nil {
		return nil, nil, err
	}
	all, err := s.store.Events(ctx, o.ID)
	if err != nil {
		return nil, nil, err
	}
	var events []Event
	for _, e := range all {
		if e.concerns(shipmentID) {
			events = append(events, e)
		}
	}
	return o, events, nil
}

// changeSale applies change to a shipment of the caller's.
func (s *Service) changeSale(ctx context.Context, who Caller, shipmentID string, change func(*Order, *Shipment, Actor, time.Time) error) (*Order, error) {
	if err := who.seller(); err != nil {
		return nil, err
	}
	o, err := s.orderOfShipment(ctx, shipmentID)
	if err != nil {
		return nil, err
	}
	by := Actor{RoleSeller, who.UserID}
	return s.change(ctx, o, func(o *Order, at time.Time) error {
		ship, err := o.saleOf(who, shipmentID)
		if err != nil {
			return err
		}
		return change(o, ship, by, at)
	})
}

// saleOf returns a shipment if it is a sale of the caller's.
func (o *Order) saleOf(who Caller, shipmentID string) (*Shipment, error) {
	ship := o.Shipment(shipmentID)
	if ship == nil || ship.SellerID != who.UserID || ship.PaidAt.IsZero() {
		return nil, ErrShipmentNotFound
	}
	return ship, nil
}

func shipmentState(s *Shipment) error { return ErrShipmentState.With("state", string(s.State)) }
