package shop

import (
	"time"

	"bookstore/shared/seal"
	"bookstore/shared/shopapi"
)

// Roles of an actor.
const (
	RoleBuyer  = shopapi.ActorBuyer
	RoleSeller = shopapi.ActorSeller
	RoleAdmin  = shopapi.ActorAdmin
	RoleSystem = shopapi.ActorSystem
)

// Actor is who made something happen.
type Actor struct {
	Role string
	ID   int64 // 0: the system
}

// system is the actor of what nobody asked for.
var system = Actor{Role: RoleSystem}

// Subjects of an event.
const (
	SubjectOrder    = shopapi.SubjectOrder
	SubjectShipment = shopapi.SubjectShipment
	SubjectPayment  = shopapi.SubjectPayment
	SubjectRefund   = shopapi.SubjectRefund
	SubjectStock    = shopapi.SubjectStock
	SubjectBalance  = shopapi.SubjectBalance
)

// Event is one thing that happened to an order. Events are only ever added;
// only the note of one may be erased.
type Event struct {
	Seq        int64 // 1, 2, … within the order
	At         time.Time
	Actor      Actor
	Subject    string
	SubjectID  string // empty for the order and its stock
	ShipmentID string // the shipment that it concerns, if it concerns one
	From, To   string // states
	Reason

	NoteSalt    string // erased with the note
	NoteDigest  string // of the note under its salt; empty: there never was one
	SealVersion int
	Text        string // code or note of an event of the first seal version
	MAC         string // chains it to the event before, in hex
}

// EventKey is the secret that seals events; see package seal.
type EventKey []byte

// Seal returns the seal of the event e of an order, after the event sealed
// with before.
func (k EventKey) Seal(before, orderID string, e Event) string {
	return seal.Key(k).Seal(before, seal.Event{
		Version: e.SealVersion,
		OrderID: orderID, Seq: e.Seq, At: e.At, Actor: e.Actor.Role, ActorID: e.Actor.ID,
		Subject: e.Subject, SubjectID: e.SubjectID, ShipmentID: e.ShipmentID,
		From: e.From, To: e.To, Text: e.Text, Code: string(e.Code), NoteDigest: e.NoteDigest,
	})
}

// sealAfter numbers and seals a new event, after the one sealed with before.
func (e *Event) sealAfter(k EventKey, before, orderID string, seq int64) {
	e.Seq, e.SealVersion = seq, seal.Latest
	if e.Note != "" {
		e.NoteSalt = seal.NewSalt()
		e.NoteDigest = seal.NoteDigest(e.NoteSalt, e.Note)
	}
	e.MAC = k.Seal(before, orderID, *e)
}

// concerns reports whether the seller of a shipment may see e.
func (e Event) concerns(shipmentID string) bool {
	return e.ShipmentID == shipmentID || e.Subject == SubjectOrder && e.To == string(Paid)
}
