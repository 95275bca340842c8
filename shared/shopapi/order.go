package shopapi

import (
	"time"

	"bookstore/shared/money"
	"bookstore/shared/page"
)

// States of an order.
const (
	OrderPending         = "pending"          // placed; its copies are being reserved
	OrderReserved        = "reserved"         // its copies are held; to be paid before ExpiresAt
	OrderAuthorising     = "authorising"      // the payment gateway is being asked
	OrderAwaitingPayment = "awaiting_payment" // the buyer is at the gateway, or a transfer is on its way
	OrderAuthorised      = "authorised"       // the amount is held
	OrderCommitted       = "committed"        // the copies are sold
	OrderCapturing       = "capturing"        // the amount is being taken
	OrderPaid            = "paid"
	OrderVoiding         = "voiding"    // on the way to cancelled: the held amount is let go
	OrderRestocking      = "restocking" // on the way to cancelled: the copies go back
	OrderCancelled       = "cancelled"
	OrderExpired         = "expired" // not paid in time
)

// OrderStates lists the states of an order.
var OrderStates = []string{
	OrderPending, OrderReserved, OrderAuthorising, OrderAwaitingPayment, OrderAuthorised, OrderCommitted,
	OrderCapturing, OrderPaid, OrderVoiding, OrderRestocking, OrderCancelled, OrderExpired,
}

// PlaceLine is one line of an order to be placed, at the price that the buyer
// saw: compared, never charged.
type PlaceLine struct {
	BookID   int64 `json:"book_id" minimum:"1"`
	Quantity int64 `json:"quantity" minimum:"1" maximum:"1000"`
	Price    int64 `json:"price" minimum:"0" doc:"minor units, each"`
}

// DeliveryChoice is the provider that the buyer chose for one seller's shipment.
type DeliveryChoice struct {
	SellerID   int64 `json:"seller_id" minimum:"1"`
	ProviderID int64 `json:"provider_id" minimum:"1"`
	// Cost is what the buyer saw that it costs: compared, never charged. Without
	// it, nothing is compared.
	Cost *int64 `json:"cost,omitempty" minimum:"0" doc:"minor units, as the buyer saw it"`
}

// PlaceOrder places an order under the key in the Idempotency-Key header. If
// that is the CheckoutKey of the caller's cart, the lines must be the cart's
// and leave it; under any other key they are bought without the cart. There is
// one delivery for each seller of the lines.
type PlaceOrder struct {
	Lines      []PlaceLine      `json:"lines" minItems:"1" maxItems:"100" nullable:"false"`
	Deliveries []DeliveryChoice `json:"deliveries" minItems:"1" maxItems:"100" nullable:"false"`
	Address    Address          `json:"address"`
	// Total is what the buyer saw that all of it costs, likewise.
	Total    *int64 `json:"total,omitempty" minimum:"0" doc:"minor units, as the buyer saw it"`
	Language string `json:"-"` // that the buyer reads, sent as HeaderLanguage; may be empty
}

// OrderLine is copies of one book as they were bought.
type OrderLine struct {
	BookID    int64       `json:"book_id"`
	Title     string      `json:"title"`
	Authors   []string    `json:"authors" nullable:"false"`
	Condition string      `json:"condition"`
	Cover     string      `json:"cover,omitempty" doc:"key of the picture that the copy had when it was bought; empty if it had none"`
	Price     money.Money `json:"price" doc:"each"`
	Quantity  int64       `json:"quantity"`
	Total     money.Money `json:"total"`
}

// Order is a purchase as its buyer and admins see it.
type Order struct {
	ID            string      `json:"id"`
	Number        string      `json:"number" doc:"short, for people"`
	BuyerID       int64       `json:"buyer_id"`
	State         string      `json:"state" enum:"pending,reserved,authorising,awaiting_payment,authorised,committed,capturing,paid,voiding,restocking,cancelled,expired"`
	Subtotal      money.Money `json:"subtotal" doc:"of the lines"`
	DeliveryTotal money.Money `json:"delivery_total"`
	Total         money.Money `json:"total"`
	Refunded      money.Money `json:"refunded" doc:"refunds, due and paid"`
	Address       Address     `json:"address"`
	Shipments     []Shipment  `json:"shipments" nullable:"false"`
	Payment       *Payment    `json:"payment,omitempty" doc:"the latest attempt"`
	Refunds       []Refund    `json:"refunds,omitempty"`
	Events        []Event     `json:"events,omitempty" doc:"only of a single order"`
	CanPay        bool        `json:"can_pay"`
	CanCancel     bool        `json:"can_cancel"`
	SendsMail     bool        `json:"sends_mail" doc:"whether the buyer gets mails about it; without a mail server nobody does"`
	PlacedAt      time.Time   `json:"placed_at"`
	ExpiresAt     *time.Time  `json:"expires_at,omitempty" doc:"when an unpaid order lapses"`
	PaidAt        *time.Time  `json:"paid_at,omitempty"`
}

// OrderQuery selects orders, the latest first. BuyerID and Q are for admins.
type OrderQuery struct {
	State   string `query:"state" enum:"pending,reserved,authorising,awaiting_payment,authorised,committed,capturing,paid,voiding,restocking,cancelled,expired"`
	BuyerID int64  `query:"buyer_id" minimum:"0"`
	Q       string `query:"q" maxLength:"300" doc:"an order's number, however it is spelled, or a part of it, its id, or the buyer's e-mail address"`
	Limit   int    `query:"limit" minimum:"1" maximum:"100" default:"24"`
	Cursor  string `query:"cursor" maxLength:"500"`
}

// Orders is one page of orders.
type Orders = page.Page[Order]

// Cancel calls an order off, or only one shipment of it.
type Cancel struct {
	ShipmentID string `json:"shipment_id,omitempty" maxLength:"36"`
	Reason     string `json:"reason,omitempty" maxLength:"500" doc:"in the caller's own words"`
}

// Actors of an event.
const (
	ActorBuyer  = "buyer"
	ActorSeller = "seller"
	ActorAdmin  = "admin"
	ActorSystem = "system"
)

// Event is one thing that happened to an order: who moved what from which
// state to which, and why. The oldest comes first.
type Event struct {
	At      time.Time `json:"at"`
	Actor   string    `json:"actor" enum:"buyer,seller,admin,system"`
	Subject string    `json:"subject" enum:"order,shipment,payment,refund,stock"`
	// SubjectID is the shipment's, payment's or refund's id; empty for the order.
	SubjectID string `json:"subject_id,omitempty"`
	From      string `json:"from,omitempty"`
	To        string `json:"to"`
	// Code and Note say why: one is the program's, the other a person's own words.
	Code string `json:"code,omitempty"`
	Note string `json:"note,omitempty"`
	// Reason is Note or else Code, for clients that know neither. Words that a
	// person wrote may look like a code.
	Reason string `json:"reason,omitempty" deprecated:"true"`
}
