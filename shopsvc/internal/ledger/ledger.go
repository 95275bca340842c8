// Package ledger describes what the sandbox gateway remembers of charges. It
// stands for another company's books and knows nothing of the shop.
package ledger

import (
	"errors"
	"time"
)

// What keeping the ledger may answer.
var (
	ErrNotFound = errors.New("no such charge")
	ErrTaken    = errors.New("recorded before")
	ErrTooMuch  = errors.New("more than was captured")
)

// State is where a charge stands.
type State string

// The states of a charge.
const (
	Started    State = "started" // not decided
	Redirected State = "redirect"
	Pending    State = "pending" // a transfer is waited for
	Authorised State = "authorised"
	Captured   State = "captured"
	Declined   State = "declined"
	Voided     State = "voided"
)

// Charge is one line of the ledger. It holds no card, only what came of it.
type Charge struct {
	ID             string
	OrderNumber    string
	Method         string
	Amount         int64 // minor units
	Currency       string
	State          State
	LateState      State // what it turns into at ReadyAt; empty: nothing
	ReadyAt        time.Time
	Reason         string // why it was declined
	Captured       int64
	RefusesCapture bool
	PageKey        string // of the gateway's own page; empty: none
	ReturnURL      string // where the page sends its visitor
	CreatedAt      time.Time
}
