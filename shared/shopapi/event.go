package shopapi

// Subjects of an event: what it moved.
const (
	SubjectOrder    = "order"
	SubjectShipment = "shipment"
	SubjectPayment  = "payment"
	SubjectRefund   = "refund"
	SubjectStock    = "stock"   // the order's copies
	SubjectBalance  = "balance" // a shipment's money, which its seller gets
)

// States of an order's copies, which only events tell of.
const (
	StockNone      = "none"      // not asked for, or the answer is not known yet
	StockHeld      = "held"      // taken out of stock
	StockCommitted = "committed" // sold
	StockReturned  = "returned"  // back on the shelf, or never got
)

// Reasons of events and refunds, beside those of a declined payment and the
// ways to pay.
const (
	ReasonReplaced        = "replaced"        // the buyer placed another order
	ReasonLinesChanged    = CodeLinesChanged  // the catalog had not enough, or another price
	ReasonNotReserved     = "not_reserved"    // the catalog was away for too long
	ReasonStockGone       = "stock_gone"      // the hold was lost before the payment came
	ReasonCaptureRefused  = "capture_refused" // the gateway took the promise back
	ReasonHoldLapsed      = "hold_lapsed"     // not paid in time
	ReasonBuyerCancelled  = "buyer_cancelled"
	ReasonAdminCancelled  = "admin_cancelled"
	ReasonOtherMethod     = "other_method"     // the buyer chose another way to pay
	ReasonSellerSuspended = "seller_suspended" // the seller may not sell any more
	ReasonSellerDeadline  = "seller_deadline"
	ReasonSellerReminded  = "seller_reminded"
	ReasonDispatchMissed  = "dispatch_deadline" // the seller accepted, and did not send in time
	ReasonDispatchAsked   = "dispatch_reminded"
	ReasonWrongAmount     = "wrong_amount"
	ReasonOverpaid        = "overpaid"
	ReasonLatePayment     = "late_payment"
	ReasonConfirmed       = "confirmed" // an admin saw the transfer
	ReasonNoShipments     = "no_shipments_left"
)

// Reasons lists the reasons of events and refunds, beside those of a declined
// payment and the ways to pay.
var Reasons = []string{
	ReasonReplaced, ReasonLinesChanged, ReasonNotReserved, ReasonStockGone, ReasonCaptureRefused, ReasonHoldLapsed,
	ReasonBuyerCancelled, ReasonAdminCancelled, ReasonOtherMethod, ReasonSellerSuspended, ReasonSellerDeadline, ReasonSellerReminded,
	ReasonDispatchMissed, ReasonDispatchAsked, ReasonWrongAmount,
	ReasonOverpaid, ReasonLatePayment, ReasonConfirmed, ReasonNoShipments,
}
