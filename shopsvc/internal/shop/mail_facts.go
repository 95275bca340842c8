package shop

import (
	"strconv"
	"time"
)

// MailFacts is what a mail says, as the order's record has it when the change
// is saved. It is kept with the mail, as JSON: what happens to the order
// afterwards does not change what its reader was told.
type MailFacts struct {
	OrderID    string `json:"order_id"`
	Number     string `json:"number"`
	ShipmentID string `json:"shipment_id,omitempty"`
	ToSeller   bool   `json:"to_seller,omitempty"`
	By         string `json:"by,omitempty"`
	Code       Code   `json:"code,omitempty"`
	Note       string `json:"note,omitempty"`

	Parcels  []MailParcel `json:"parcels"` // the shipment it is about, or all of the order
	Address  Address      `json:"address"`
	Currency string       `json:"currency"`
	Total    int64        `json:"total"`              // of the order, in minor units as all amounts
	Captured int64        `json:"captured"`           // taken from the buyer
	Refunded int64        `json:"refunded"`           // of that, what goes back or has gone
	Released bool         `json:"released,omitempty"` // an amount that was only held was let go

	Method    Method    `json:"method,omitempty"`    // of the payment, or the refunded one
	Reference string    `json:"reference,omitempty"` // that a transfer must name
	PayBy     time.Time `json:"pay_by,omitzero"`     // when an unpaid order lapses
	PaidAt    time.Time `json:"paid_at,omitzero"`
	AnswerBy  time.Time `json:"answer_by,omitzero"` // when a shipment that its seller has not accepted is cancelled
	SendBy    time.Time `json:"send_by,omitzero"`   // when a shipment that its seller has not sent is cancelled
	Amount    int64     `json:"amount,omitempty"`   // of the refund
	Tracking  string    `json:"tracking,omitempty"`
	Corrected bool      `json:"corrected,omitempty"`
}

// MailParcel is a shipment as a mail shows it.
type MailParcel struct {
	Seller   string     `json:"seller"`
	Provider string     `json:"provider"`
	Delivery int64      `json:"delivery"`
	Total    int64      `json:"total"`
	Refunded int64      `json:"refunded"` // what goes back or has gone
	Lines    []MailLine `json:"lines"`
}

// MailLine is copies of one book as a mail shows them.
type MailLine struct {
	Title    string   `json:"title"`
	Authors  []string `json:"authors"`
	Price    int64    `json:"price"` // each
	Quantity int64    `json:"quantity"`
}

// factsOf returns what m says of o. A shipment that is not accepted within
// answerIn of its payment is cancelled.
func (o *Order) factsOf(m Mail, answerIn time.Duration) MailFacts {
	f := MailFacts{
		OrderID: o.ID, Number: o.Number, ShipmentID: m.ShipmentID, ToSeller: m.UserID != o.BuyerID,
		By: m.By, Code: m.Reason.Code, Note: m.Reason.Note,
		Address: o.Address, Currency: o.Currency, Total: o.Total, Captured: o.Captured, Refunded: o.Refunded,
		PayBy: o.ExpiresAt, PaidAt: o.PaidAt, Corrected: m.Corrected,
	}
	for _, s := range o.Shipments {
		if m.ShipmentID == "" || m.ShipmentID == s.ID {
			f.Parcels = append(f.Parcels, s.parcel())
		}
	}
	if s := o.Shipment(m.ShipmentID); s != nil {
		f.Tracking = s.TrackingNumber
		if m.Kind == MailSendNow {
			f.SendBy = s.DueAt
		}
	}
	if p := o.Payment(); p != nil {
		f.Method, f.Reference = p.Method, p.Reference
		f.Released = p.State == PaymentVoided || p.State == PaymentDeclined && p.Reason == DeclinedCapture
	}
	if !o.PaidAt.IsZero() {
		f.AnswerBy = o.PaidAt.Add(answerIn)
	}
	if r := m.Refund; r != nil {
		f.Amount = r.Amount
		if p := o.payment(r.PaymentID); p != nil {
			f.Method = p.Method
		}
	}
	return f
}

func (s *Shipment) parcel() MailParcel {
	p := MailParcel{Seller: s.SellerName, Provider: s.ProviderName, Delivery: s.DeliveryCost, Total: s.Total, Refunded: s.Refunded}
	for _, l := range s.Lines {
		p.Lines = append(p.Lines, MailLine{l.Title, l.Authors, l.Price, l.Quantity})
	}
	return p
}

// FormerMailFacts is factsOf for a mail of the release before, which kept no
// facts: they are taken from the order as it is now. detail is what that
// release wrote for the mail's kind.
func FormerMailFacts(o *Order, m Mail, detail string) MailFacts {
	f := o.factsOf(m, 0)
	f.AnswerBy = time.Time{}
	switch m.Kind {
	case MailCancelled: // its detail may be what a person wrote
		f.Code = o.EndReason.Code
	case MailCalledOff:
		f.Code = o.CalledOffFor(m.ShipmentID)
	case MailRejected:
		f.Note = detail
	case MailDispatched:
		f.Tracking = detail
	case MailTransfer:
		f.Reference = detail
	case MailRefunded:
		f.Amount, _ = strconv.ParseInt(detail, 10, 64) // it wrote a number
	}
	return f
}
