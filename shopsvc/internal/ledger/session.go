package ledger

import "time"

// Session is a payment on Stripe's page as the shop remembers it. Everything
// that its creation is asked for is kept, so that a creation whose answer was
// lost can be repeated to the letter.
type Session struct {
	Key         string // the shop's name for the payment
	SessionID   string // Stripe's; empty until its answer is here
	OrderNumber string
	Amount      int64 // minor units
	Currency    string
	ReturnURL   string
	Voided      bool // it must not be paid any more
	CreatedAt   time.Time
}
