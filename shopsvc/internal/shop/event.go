package shop

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"time"
)

// Roles of an actor.
const (
	RoleBuyer  = "buyer"
	RoleSeller = "seller"
	RoleAdmin  = "admin"
	RoleSystem = "system"
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
	SubjectOrder    = "order"
	SubjectShipment = "shipment"
	SubjectPayment  = "payment"
	SubjectRefund   = "refund"
	SubjectStock    = "stock"
)

// Event is one thing that happened to an order. Events are only ever added.
type Event struct {
	Seq        int64 // 1, 2, … within the order
	At         time.Time
	Actor      Actor
	Subject    string
	SubjectID  string // empty for the order and its stock
	ShipmentID string // the shipment that it concerns, if it concerns one
	From, To   string // states
	Reason     string // a code, or words that a person wrote
	MAC        string // chains it to the event before, in hex
}

// EventKey is the secret that seals events. An event's seal is the HMAC-SHA256
// of a JSON array of the seal before it (empty for the first) and the event's
// columns in the order of the table order_events, from order_id to reason.
type EventKey []byte

// Seal returns the seal of the event e of an order, after the event sealed
// with before.
func (k EventKey) Seal(before, orderID string, e Event) string {
	text, err := json.Marshal([]any{
		before, orderID, e.Seq, e.At.UnixMicro(), e.Actor.Role, e.Actor.ID,
		e.Subject, e.SubjectID, e.ShipmentID, e.From, e.To, e.Reason,
	})
	if err != nil {
		panic(err) // strings and numbers can be encoded
	}
	mac := hmac.New(sha256.New, k)
	mac.Write(text)
	return hex.EncodeToString(mac.Sum(nil))
}

// concerns tells whether the seller of a shipment may see e.
func (e Event) concerns(shipmentID string) bool {
	return e.ShipmentID == shipmentID || e.Subject == SubjectOrder && e.To == string(Paid)
}
