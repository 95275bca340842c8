package sandbox

import (
	"errors"
	"time"
)

// What the charges may answer.
var (
	errNotFound = errors.New("no such charge")
	errTaken    = errors.New("recorded before")
	errTooMuch  = errors.New("more than was captured")
)

// chargeState is where a charge stands.
type chargeState string

// The states of a charge.
const (
	stateStarted    chargeState = "started" // not decided
	stateRedirected chargeState = "redirect"
	statePending    chargeState = "pending" // a transfer is waited for
	stateAuthorised chargeState = "authorised"
	stateCaptured   chargeState = "captured"
	stateDeclined   chargeState = "declined"
	stateVoided     chargeState = "voided"
)

// charge is a payment as the gateway remembers it. It holds no card, only what
// came of it.
type charge struct {
	ID             string
	OrderNumber    string
	Method         string
	Amount         int64 // minor units
	Currency       string
	State          chargeState
	LateState      chargeState // what it turns into at ReadyAt; empty: nothing
	ReadyAt        time.Time
	Reason         string // why it was declined
	Captured       int64
	RefusesCapture bool
	PageKey        string // of the gateway's own page; empty: none
	ReturnURL      string // where the page sends its visitor
	CreatedAt      time.Time
}
