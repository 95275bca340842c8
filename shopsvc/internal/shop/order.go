package shop

import (
	"slices"
	"time"

	"bookstore/shared/shopapi"
)

// State is where an order stands; Transitions has the way through them.
type State string

// The states of an order.
const (
	Pending         State = shopapi.OrderPending
	Reserved        State = shopapi.OrderReserved
	Authorising     State = shopapi.OrderAuthorising
	AwaitingPayment State = shopapi.OrderAwaitingPayment
	Authorised      State = shopapi.OrderAuthorised
	Committed       State = shopapi.OrderCommitted
	Capturing       State = shopapi.OrderCapturing
	Paid            State = shopapi.OrderPaid
	Voiding         State = shopapi.OrderVoiding
	Restocking      State = shopapi.OrderRestocking
	Cancelled       State = shopapi.OrderCancelled
	Expired         State = shopapi.OrderExpired
)

// Transitions lists where an order may go from each state. One that was paid
// is cancelled when none of its shipments is left.
var Transitions = map[State][]State{
	Pending:         {Reserved, Restocking, Cancelled},
	Reserved:        {Authorising, Restocking},
	Authorising:     {Reserved, AwaitingPayment, Authorised, Voiding},
	AwaitingPayment: {Reserved, Authorised, Voiding},
	Authorised:      {Committed, Voiding},
	Committed:       {Capturing, Voiding},
	Capturing:       {Paid, Restocking},
	Voiding:         {Reserved, Restocking, Cancelled},
	Restocking:      {Cancelled, Expired},
	Paid:            {Cancelled},
}

// Stock is what became of the copies of an order.
type Stock string

// The states of an order's copies.
const (
	StockNone      Stock = shopapi.StockNone      // not asked for, or the answer is not known yet
	StockHeld      Stock = shopapi.StockHeld      // taken out of stock
	StockCommitted Stock = shopapi.StockCommitted // sold
	StockReturned  Stock = shopapi.StockReturned  // back on the shelf, or never got
)

// Line is copies of one book as they were bought.
type Line struct {
	BookID    int64
	Title     string
	Authors   []string
	Condition string
	Cover     string // key of the copy's picture when it was bought; empty: it had none
	Price     int64  // minor units, each
	Quantity  int64
	Position  int // in the order as it was placed
}

// Order is a purchase.
type Order struct {
	ID        string
	Number    string // short, for people
	BuyerID   int64
	Key       string // that it was placed under; empty once it was refused
	BodyHash  string // of what was asked for under Key
	State     State
	Stock     Stock
	Ending    State  // where an order in Voiding or Restocking goes
	EndReason Reason // and why
	FromCart  bool   // placed with the buyer's cart
	CartTaken bool   // its lines have left the cart
	Address   Address
	Language  string // that the buyer reads (ISO 639-1); empty if unknown
	Currency  string
	Subtotal  int64 // minor units, as are all amounts
	Delivery  int64
	Total     int64
	Captured  int64 // taken from the buyer
	Refunded  int64 // refunds, due and paid
	PlacedAt  time.Time
	ExpiresAt time.Time // when an unpaid order lapses; zero: never
	PaidAt    time.Time // zero: never paid

	Shipments []*Shipment
	Payments  []*Payment // the oldest first
	Refunds   []*Refund  // the oldest first

	NextAt     time.Time // when there is something to do; zero: never
	LeaseUntil time.Time // until then, one driver has it for itself
	Attempts   int       // how often the present step failed
	Version    int64     // guards every change
	EventSeq   int64     // of the last event
	EventMAC   string    // of the last event
	PostedSeq  int64     // of the last event that the ledger knows of
	PostingSeq int64     // of the last posting
	PostingMAC string    // of the last posting

	Changes Changes // since it was read
}

// Changes are what is to be written with an order besides its own columns.
type Changes struct {
	Shipments []*Shipment // changed
	Payments  []*Payment  // new or changed
	Refunds   []*Refund   // new or changed
	Events    []Event     // new
	Mails     []Mail      // new
	Postings  []Posting   // new

	Commissions []*Shipment // whose commission was settled later than the order was placed

	TakeCart    bool // take the order's lines out of the buyer's cart
	ReturnCart  bool // put them back
	KeyReturned string
}

// Lines returns the order's lines in the order in which they were asked for.
func (o *Order) Lines() []Line {
	var lines []Line
	for _, s := range o.Shipments {
		lines = append(lines, s.Lines...)
	}
	slices.SortFunc(lines, func(a, b Line) int { return a.Position - b.Position })
	return lines
}

// Payment returns the latest attempt to pay o, or nil.
func (o *Order) Payment() *Payment {
	if len(o.Payments) == 0 {
		return nil
	}
	return o.Payments[len(o.Payments)-1]
}

// openPayment returns the attempt that is not decided or not captured yet, or nil.
func (o *Order) openPayment() *Payment {
	for _, p := range o.Payments {
		if p.Open {
			return p
		}
	}
	return nil
}

// Shipment returns the shipment with this id, or nil.
func (o *Order) Shipment(id string) *Shipment {
	for _, s := range o.Shipments {
		if s.ID == id {
			return s
		}
	}
	return nil
}

// canPay reports whether an attempt to pay may begin.
func (o *Order) canPay(now time.Time) bool {
	return (o.State == Reserved || o.State == AwaitingPayment) && now.Before(o.ExpiresAt)
}

// CanCancel reports whether the buyer may call the whole order off.
func (o *Order) CanCancel() bool {
	switch o.State {
	case Pending, Reserved, Authorising, AwaitingPayment, Authorised, Committed:
		return true
	case Paid:
		return o.firstGone() == nil
	}
	return false
}

// firstGone returns a shipment that is too far for being called off, or nil.
func (o *Order) firstGone() *Shipment {
	for _, s := range o.Shipments {
		if s.State == ShipmentDispatched || s.State == ShipmentDelivered {
			return s
		}
	}
	return nil
}

// move brings o into another state and writes that down.
func (o *Order) move(to State, by Actor, reason Reason, at time.Time) {
	o.record(Event{At: at, Actor: by, Subject: SubjectOrder, From: string(o.State), To: string(to), Reason: reason})
	o.State = to
}

func (o *Order) moveStock(to Stock, at time.Time) {
	if o.Stock == to {
		return
	}
	o.record(Event{At: at, Actor: system, Subject: SubjectStock, From: string(o.Stock), To: string(to)})
	o.Stock = to
}

func (o *Order) record(e Event) { o.Changes.Events = append(o.Changes.Events, e) }

func (o *Order) mail(m Mail) { o.Changes.Mails = append(o.Changes.Mails, m) }

// end sets o on its way to a final state, or back to Reserved: first a payment
// that is open is voided, then the copies go back.
func (o *Order) end(ending State, by Actor, reason Reason, at time.Time) {
	o.Ending, o.EndReason = ending, reason
	if o.openPayment() != nil {
		o.move(Voiding, by, reason, at)
		return
	}
	o.move(Restocking, by, reason, at)
}

// finish brings o to its final state: nothing is held for it any more.
func (o *Order) finish(at time.Time) {
	o.move(o.Ending, system, o.EndReason, at)
	o.ExpiresAt = time.Time{}
	for _, s := range o.Shipments {
		o.moveShipment(s, ShipmentCancelled, system, o.EndReason, at)
	}
	if o.CartTaken {
		o.CartTaken = false
		o.Changes.ReturnCart = true
	}
	switch o.EndReason.Code {
	case ReasonReplaced, ReasonRefused: // the page that the buyer sees says so
	case ReasonLapsed:
		o.mail(Mail{Kind: MailExpired, UserID: o.BuyerID, Reason: o.EndReason, By: RoleSystem})
	default:
		o.mail(Mail{Kind: MailCancelled, UserID: o.BuyerID, Reason: o.EndReason, By: o.endedBy()})
	}
}

// endedBy returns the role of who ended an order that was not paid.
func (o *Order) endedBy() string {
	switch o.EndReason.Code {
	case ReasonBuyer:
		return RoleBuyer
	case ReasonAdmin:
		return RoleAdmin
	}
	return RoleSystem
}

// refuse ends an order for which nothing was ever held, and gives its key
// back: the buyer may place another under it.
func (o *Order) refuse(reason Reason, at time.Time) {
	o.forgetKey()
	o.Ending, o.EndReason = Cancelled, reason
	o.moveStock(StockReturned, at)
	o.finish(at)
}

func (o *Order) forgetKey() {
	o.Changes.KeyReturned = o.Key
	o.Key = ""
}

// dueAt returns when an order at rest has to be looked at again, or zero.
func (o *Order) dueAt() time.Time {
	var due time.Time
	earlier := func(t time.Time) {
		if !t.IsZero() && (due.IsZero() || t.Before(due)) {
			due = t
		}
	}
	for _, p := range o.Payments {
		if !p.Open {
			earlier(p.PollAt)
		}
	}
	switch o.State {
	case Reserved, AwaitingPayment:
		earlier(o.ExpiresAt)
		if p := o.openPayment(); p != nil {
			earlier(p.PollAt)
		}
	case Paid:
		for _, s := range o.Shipments {
			if s.waiting() {
				earlier(s.DueAt)
			}
		}
	}
	return due
}
