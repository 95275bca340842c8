package shop

import (
	"bookstore/shared/seal"
	"bookstore/shared/shopapi"
)

// Code is a reason that the program gives. What a person writes is never one,
// and is never compared with one.
type Code string

// Codes of events, refunds and endings. Those of a declined payment and the
// ways to pay stand in events as well.
const (
	ReasonReplaced        = shopapi.ReasonReplaced
	ReasonRefused         = shopapi.ReasonLinesChanged
	ReasonNotReserved     = shopapi.ReasonNotReserved
	ReasonStockGone       = shopapi.ReasonStockGone
	ReasonCaptureRefused  = shopapi.ReasonCaptureRefused
	ReasonLapsed          = shopapi.ReasonHoldLapsed
	ReasonBuyer           = shopapi.ReasonBuyerCancelled
	ReasonAdmin           = shopapi.ReasonAdminCancelled
	ReasonOtherMethod     = shopapi.ReasonOtherMethod
	ReasonSellerSuspended = shopapi.ReasonSellerSuspended
	ReasonDeadline        = shopapi.ReasonSellerDeadline
	ReasonReminded        = shopapi.ReasonSellerReminded
	ReasonDispatchMissed  = shopapi.ReasonDispatchMissed
	ReasonDispatchAsked   = shopapi.ReasonDispatchAsked
	ReasonWrongAmount     = shopapi.ReasonWrongAmount
	ReasonOverpaid        = shopapi.ReasonOverpaid
	ReasonLate            = shopapi.ReasonLatePayment
	ReasonConfirmed       = shopapi.ReasonConfirmed
	ReasonNoShipments     = shopapi.ReasonNoShipments
)

// Reason is why something happened: a code, a note in a person's own words, or
// both. The zero value says nothing.
type Reason struct {
	Code Code
	Note string // empty as well once it was erased
}

// because returns the reason that is only a code.
func because(code Code) Reason { return Reason{Code: code} }

// SplitReasons sets code and note of those of an order's events, the oldest
// first, that were written when both were one text.
func SplitReasons(events []Event) {
	var ending Reason // given by the person who ended the order; the system's events repeat it
	for i := range events {
		e := &events[i]
		if e.SealVersion != seal.VersionText {
			continue
		}
		bySystem := e.Actor.Role == RoleSystem
		switch {
		case e.Text == "":
		case bySystem && e.Text == ending.Note:
			e.Reason = ending
		case bySystem || e.isCode():
			e.Reason = because(Code(e.Text))
		default:
			e.Reason = Reason{Note: e.Text}
		}
		if e.Subject == SubjectOrder && !bySystem {
			ending = e.Reason
		}
	}
}

// isCode reports whether the text of a person's event is a code that the
// program wrote for them, which it did only in a few kinds of events.
func (e Event) isCode() bool {
	switch e.Subject {
	case SubjectPayment: // the way to pay, or what an admin confirmed
		return true
	case SubjectOrder:
		return e.To == string(Cancelled) || // no shipment is left
			e.Text == ReasonBuyer ||
			e.Text == ReasonReplaced && e.To == string(Restocking) ||
			e.Text == ReasonOtherMethod && e.From == string(AwaitingPayment)
	case SubjectShipment:
		return e.Text == ReasonBuyer && e.To == string(ShipmentCancelled)
	case SubjectRefund:
		return e.ShipmentID == "" || e.Text == ReasonBuyer && e.Actor.Role != RoleSeller
	}
	return false
}
