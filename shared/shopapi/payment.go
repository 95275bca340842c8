package shopapi

import (
	"time"

	"bookstore/shared/money"
)

// Ways to pay.
const (
	MethodCard         = "card"
	MethodPayPal       = "paypal"
	MethodBankTransfer = "bank_transfer"
)

// Methods lists the ways to pay.
var Methods = []string{MethodCard, MethodPayPal, MethodBankTransfer}

// States of a payment attempt.
const (
	PaymentStarted    = "started"    // the gateway is being asked
	PaymentRedirect   = "redirect"   // the buyer is to go on at RedirectURL
	PaymentPending    = "pending"    // a transfer is waited for
	PaymentAuthorised = "authorised" // the amount is held
	PaymentCaptured   = "captured"   // the amount is taken
	PaymentDeclined   = "declined"   // Reason says why
	PaymentVoided     = "voided"     // the held amount was let go
)

// PaymentStates lists the states of a payment attempt.
var PaymentStates = []string{
	PaymentStarted, PaymentRedirect, PaymentPending, PaymentAuthorised, PaymentCaptured, PaymentDeclined, PaymentVoided,
}

// Reasons of a declined payment.
const (
	DeclinedCard         = "card_declined"
	DeclinedFunds        = "insufficient_funds"
	DeclinedExpired      = "expired_card"
	DeclinedCVC          = "incorrect_cvc"
	DeclinedProcessing   = "processing_error"
	DeclinedUnknownCard  = "test_card_required" // the sandbox takes only the well-known test numbers
	DeclinedBuyerLeft    = "buyer_left"         // the buyer gave up at the gateway
	DeclinedCaptureError = ReasonCaptureRefused
	DeclinedAmount       = ReasonWrongAmount // the gateway holds another amount than was asked for
)

// DeclineReasons lists the reasons of a declined payment.
var DeclineReasons = []string{
	DeclinedCard, DeclinedFunds, DeclinedExpired, DeclinedCVC, DeclinedProcessing, DeclinedUnknownCard,
	DeclinedBuyerLeft, DeclinedCaptureError, DeclinedAmount,
}

// Card is a card as the buyer typed it. It is handed to the sandbox gateway
// and never stored or logged.
type Card struct {
	Number   string `json:"number" minLength:"12" maxLength:"30" doc:"digits; blanks and hyphens are ignored"`
	ExpMonth int    `json:"exp_month" minimum:"1" maximum:"12"`
	ExpYear  int    `json:"exp_year" minimum:"2000" maximum:"2100"`
	CVC      string `json:"cvc" minLength:"3" maxLength:"4" pattern:"^[0-9]+$"`
}

// String hides the card from logs.
func (Card) String() string { return "card" }

// Pay starts an attempt to pay an order. Card is needed for MethodCard.
type Pay struct {
	Method string `json:"method" enum:"card,paypal,bank_transfer"`
	Card   *Card  `json:"card,omitempty"`
	// ReturnURL is where the gateway sends the buyer back to.
	ReturnURL string `json:"return_url,omitempty" maxLength:"500"`
}

// PaymentMethods tells which gateway is at work and which ways to pay it takes.
// HostedCard means that cards are typed at the gateway's own page.
type PaymentMethods struct {
	Gateway    string   `json:"gateway" enum:"sandbox,stripe"`
	Methods    []string `json:"methods" nullable:"false"`
	HostedCard bool     `json:"hosted_card"`
}

// Payment is one attempt to pay an order.
type Payment struct {
	ID          string      `json:"id"`
	Method      string      `json:"method" enum:"card,paypal,bank_transfer"`
	State       string      `json:"state" enum:"started,redirect,pending,authorised,captured,declined,voided"`
	Amount      money.Money `json:"amount"`
	Reason      string      `json:"reason,omitempty" doc:"a code: why it was declined"`
	RedirectURL string      `json:"redirect_url,omitempty"`
	Reference   string      `json:"reference,omitempty" doc:"what a bank transfer must name"`
	// Account is where a bank transfer goes; nil if the shop has named none.
	Account   *BankAccount `json:"account,omitempty"`
	CreatedAt time.Time    `json:"created_at"`
}

// BankAccount is where money can be sent.
type BankAccount struct {
	Holder string `json:"holder"`
	Number string `json:"number" doc:"an IBAN, or as its country numbers accounts"`
	Bank   string `json:"bank,omitempty" doc:"a name or BIC"`
}

// States of a refund.
const (
	RefundDue  = "due"
	RefundPaid = "paid"
)

// RefundStates lists the states of a refund.
var RefundStates = []string{RefundDue, RefundPaid}

// Refund is money that goes back to the buyer.
type Refund struct {
	ID         string      `json:"id"`
	ShipmentID string      `json:"shipment_id,omitempty"`
	Amount     money.Money `json:"amount"`
	State      string      `json:"state" enum:"due,paid"`
	// Code and Note say why: one is the program's, the other a person's own words.
	Code string `json:"code,omitempty"`
	Note string `json:"note,omitempty"`
	// Reason is Note or else Code, for clients that know neither. Words that a
	// person wrote may look like a code.
	Reason    string     `json:"reason" deprecated:"true"`
	CreatedAt time.Time  `json:"created_at"`
	PaidAt    *time.Time `json:"paid_at,omitempty"`
}

// RefundInput asks for a refund by an admin: of one shipment, or of an amount
// in minor units.
type RefundInput struct {
	ShipmentID string `json:"shipment_id,omitempty" maxLength:"36"`
	Amount     int64  `json:"amount,omitempty" minimum:"0"`
	Reason     string `json:"reason" minLength:"1" maxLength:"500"`
}

// ConfirmPayment says that a bank transfer came in: how much, in minor units,
// and under which reference.
type ConfirmPayment struct {
	Amount    int64  `json:"amount" minimum:"1"`
	Reference string `json:"reference" minLength:"1" maxLength:"100"`
}

// Outcomes of a visit to the sandbox's PayPal page.
const (
	SandboxApproved  = "approved"
	SandboxCancelled = "cancelled"
)

// SandboxEvent is what a buyer decided on the sandbox's PayPal page. Key is
// the secret that RedirectURL carries; the first outcome counts.
type SandboxEvent struct {
	Key     string `json:"key" minLength:"16" maxLength:"100"`
	Outcome string `json:"outcome" enum:"approved,cancelled"`
}

// SandboxPayPal is what the sandbox's PayPal page shows.
type SandboxPayPal struct {
	OrderNumber string      `json:"order_number"`
	Amount      money.Money `json:"amount"`
	// Outcome is empty until the buyer has decided.
	Outcome   string `json:"outcome,omitempty" enum:"approved,cancelled"`
	ReturnURL string `json:"return_url" doc:"where the buyer goes afterwards"`
}
