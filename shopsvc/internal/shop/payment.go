package shop

import (
	"context"
	"time"

	"bookstore/shared/shopapi"
)

// Method is a way to pay.
type Method string

// The ways to pay.
const (
	MethodCard     Method = shopapi.MethodCard
	MethodPayPal   Method = shopapi.MethodPayPal
	MethodTransfer Method = shopapi.MethodBankTransfer
)

// PaymentState is where an attempt to pay stands.
type PaymentState string

// The states of a payment. As the outcome of a call to the gateway,
// PaymentStarted means that it has not decided, PaymentUnknown that it has
// never heard of the payment.
const (
	PaymentStarted    PaymentState = shopapi.PaymentStarted
	PaymentRedirect   PaymentState = shopapi.PaymentRedirect
	PaymentPending    PaymentState = shopapi.PaymentPending
	PaymentAuthorised PaymentState = shopapi.PaymentAuthorised
	PaymentCaptured   PaymentState = shopapi.PaymentCaptured
	PaymentDeclined   PaymentState = shopapi.PaymentDeclined
	PaymentVoided     PaymentState = shopapi.PaymentVoided
	PaymentUnknown    PaymentState = "unknown"
)

// Reasons of a declined payment that the shop itself gives; gateways have more.
const (
	DeclinedProcessing = shopapi.DeclinedProcessing
	DeclinedCapture    = shopapi.DeclinedCaptureError
	DeclinedAmount     = shopapi.DeclinedAmount
)

// Payment is one attempt to pay an order. The gateway knows it by its id.
type Payment struct {
	ID          string
	Method      Method
	State       PaymentState
	Open        bool // neither captured nor over; an order has one at most
	Amount      int64
	Captured    int64
	Reason      Code // of PaymentDeclined
	RedirectURL string
	Reference   string    // what a bank transfer must name
	PollAt      time.Time // when to ask the gateway again; zero: never
	CreatedAt   time.Time
}

// Card is a card as the buyer typed it. It is handed to the gateway and lives
// nowhere else.
type Card struct {
	Number   string // digits
	ExpMonth int
	ExpYear  int
	CVC      string
}

// String hides the card from logs.
func (Card) String() string { return "card" }

// GoString hides the card from logs.
func (Card) GoString() string { return "card" }

// Charge asks a gateway for money.
type Charge struct {
	Key         string // by which every later call names it
	OrderNumber string
	Method      Method
	Amount      int64
	Currency    string
	Card        *Card  // for MethodCard, unless the gateway asks for it itself
	ReturnURL   string // where a redirected buyer comes back to
}

// Outcome is what a gateway says of a charge.
type Outcome struct {
	State       PaymentState
	Reason      Code   // of PaymentDeclined
	RedirectURL string // of PaymentRedirect
	Captured    int64  // of PaymentCaptured
}

// Gateway moves money. Every call names a charge by its key and may be
// repeated: it then answers what became of the charge. An error says that the
// outcome is not known, never that the charge was refused.
type Gateway interface {
	// Name returns the gateway's name in addresses, such as "sandbox".
	Name() string
	// Methods returns the ways to pay, and whether cards are typed on the
	// gateway's own page.
	Methods() (methods []Method, hostedCard bool)
	// Begin asks for the money.
	Begin(ctx context.Context, c Charge) (Outcome, error)
	// Lookup returns what became of a charge.
	Lookup(ctx context.Context, key string) (Outcome, error)
	// Capture takes the authorised amount.
	Capture(ctx context.Context, key string) (Outcome, error)
	// Void lets the amount go. A charge that is captured stays so; an unknown
	// key is remembered, so that a late Begin fails.
	Void(ctx context.Context, key string) (Outcome, error)
	// Refund gives a part of what was captured back, once for each refundKey.
	Refund(ctx context.Context, key, refundKey string, amount int64) error
	// Receive books a bank transfer that came in for a charge, in whatever
	// amount and however late. It returns ErrPaymentState if another amount was
	// booked before.
	Receive(ctx context.Context, key string, amount int64) error
}

// PaymentPage is a payment as a gateway's own page shows it to its buyer.
type PaymentPage struct {
	PaymentID   string
	OrderNumber string
	Amount      int64
	Currency    string
	State       PaymentState // PaymentRedirect until the buyer has decided
	ReturnURL   string
}

func (o *Order) movePayment(p *Payment, to PaymentState, by Actor, reason Reason, at time.Time) {
	o.record(Event{
		At: at, Actor: by, Subject: SubjectPayment, SubjectID: p.ID,
		From: string(p.State), To: string(to), Reason: reason,
	})
	p.State = to
	switch to {
	case PaymentCaptured, PaymentDeclined, PaymentVoided:
		p.Open = false
		p.PollAt = time.Time{}
	}
	o.changePayment(p)
}

func (o *Order) changePayment(p *Payment) {
	for _, changed := range o.Changes.Payments {
		if changed == p {
			return
		}
	}
	o.Changes.Payments = append(o.Changes.Payments, p)
}

// capture books what was taken from the buyer.
func (o *Order) capture(p *Payment, amount int64, at time.Time) {
	o.movePayment(p, PaymentCaptured, system, Reason{}, at)
	p.Captured = amount
	o.Captured += amount
}

// decline ends the attempt p and lets the buyer try again.
func (o *Order) decline(p *Payment, reason Code, hold time.Duration, at time.Time) {
	p.Reason = reason
	o.movePayment(p, PaymentDeclined, system, because(reason), at)
	o.reopen(because(reason), hold, at)
}

// reopen makes o payable again, for a while at least.
func (o *Order) reopen(reason Reason, hold time.Duration, at time.Time) {
	o.move(Reserved, system, reason, at)
	if soonest := at.Add(hold); o.ExpiresAt.Before(soonest) {
		o.ExpiresAt = soonest
	}
}
