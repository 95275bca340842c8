package shop

import (
	"math/bits"
	"time"

	"bookstore/shared/seal"
)

// Account is one of the ledger's. What comes in is above zero, what is owed or
// earned below.
type Account string

// The accounts. Those of sellers are one for each.
const (
	AccountGateway       Account = "gateway"          // with the payment gateway
	AccountSuspense      Account = "suspense"         // to be given back to buyers; empty at rest
	AccountPending       Account = "seller_pending"   // for what has not arrived yet
	AccountAvailable     Account = "seller_available" // to be paid out
	AccountCommission    Account = "commission"
	AccountCommissionTax Account = "commission_tax"
)

// Kinds of postings.
const (
	PostingCapture   = "capture"    // money came from the buyer
	PostingRefundDue = "refund_due" // a part of it is owed to the buyer again
	PostingRefund    = "refund"     // and was given back
	PostingRelease   = "release"    // a sale's money has become available to its seller
)

// Entry is an amount on one account.
type Entry struct {
	Account    Account
	SellerID   int64  // 0: of no seller
	ShipmentID string // empty: for no shipment in particular
	Amount     int64  // minor units
}

// Posting is what one event of an order did to the ledger. Its entries sum to
// zero. Postings are only ever added.
type Posting struct {
	Seq      int64 // 1, 2, … within the order
	EventSeq int64 // of the event
	Kind     string
	At       time.Time
	Entries  []Entry
	MAC      string // chains it to the posting before, in hex
}

// seal returns the seal of p as one of an order's postings, after the one sealed
// with before.
func (p Posting) seal(k EventKey, before, orderID string) string {
	sealed := seal.Posting{OrderID: orderID, Seq: p.Seq, EventSeq: p.EventSeq, Kind: p.Kind, At: p.At}
	for _, e := range p.Entries {
		sealed.Entries = append(sealed.Entries, seal.PostingEntry{
			Account: string(e.Account), SellerID: e.SellerID, ShipmentID: e.ShipmentID, Amount: e.Amount,
		})
	}
	return seal.Key(k).SealPosting(before, sealed)
}

// post books events of o that the ledger does not know yet, up to o.EventSeq. It
// books none if an event before them is not booked, or it is not settled what a
// commission is, which the release before leaves so: PostUnposted then does it.
func (o *Order) post(k EventKey, events []Event) {
	if len(events) == 0 || events[0].Seq != o.PostedSeq+1 {
		return
	}
	var postings []Posting
	for _, e := range events {
		kind, entries, settled := o.entriesOf(e)
		if !settled {
			return
		}
		if entries = withoutZeros(entries); len(entries) > 0 {
			postings = append(postings, Posting{EventSeq: e.Seq, Kind: kind, At: e.At, Entries: entries})
		}
	}
	for _, p := range postings {
		o.PostingSeq++
		p.Seq = o.PostingSeq
		p.MAC = p.seal(k, o.PostingMAC, o.ID)
		o.PostingMAC = p.MAC
		o.Changes.Postings = append(o.Changes.Postings, p)
	}
	o.PostedSeq = o.EventSeq
}

// entriesOf returns what an event did to the ledger, if it is settled what the
// commissions are.
func (o *Order) entriesOf(e Event) (kind string, entries []Entry, settled bool) {
	switch {
	case e.Subject == SubjectPayment && e.To == string(PaymentCaptured):
		entries, settled = o.captureEntries(o.payment(e.SubjectID))
		return PostingCapture, entries, settled
	case e.Subject == SubjectRefund && e.To == string(RefundDue):
		entries, settled = o.refundDueEntries(o.refundByID(e.SubjectID))
		return PostingRefundDue, entries, settled
	case e.Subject == SubjectRefund && e.To == string(RefundPaid):
		amount := o.refundByID(e.SubjectID).Amount
		return PostingRefund, []Entry{{Account: AccountSuspense, Amount: amount}, {Account: AccountGateway, Amount: -amount}}, true
	case e.Subject == SubjectBalance:
		s := o.Shipment(e.ShipmentID)
		net := s.Net()
		return PostingRelease, []Entry{s.entry(AccountPending, net), s.entry(AccountAvailable, -net)}, true
	}
	return "", nil, true
}

// captureEntries share what paid for the order among its sellers. What paid for
// nothing waits to be given back.
func (o *Order) captureEntries(p *Payment) (entries []Entry, settled bool) {
	entries = []Entry{{Account: AccountGateway, Amount: p.Captured}}
	left := p.Captured
	if o.capturedPayment() == p {
		for _, s := range o.Shipments {
			if s.Commission == nil {
				return nil, false
			}
			left -= s.Total
			entries = append(entries,
				s.entry(AccountPending, -s.netAfter(0)),
				s.entry(AccountCommission, -s.Commission.Amount),
				s.entry(AccountCommissionTax, -s.Commission.Tax))
		}
	}
	return append(entries, Entry{Account: AccountSuspense, Amount: -left}), true
}

// refundDueEntries take a refund from the seller, and give the seller the part of
// the commission that is not due any more. What paid for nothing waits since it
// was captured.
func (o *Order) refundDueEntries(r *Refund) (entries []Entry, settled bool) {
	s := o.Shipment(r.ShipmentID)
	if s == nil {
		return nil, true
	}
	if s.Commission == nil {
		return nil, false
	}
	before := int64(0)
	for _, earlier := range o.Refunds {
		if earlier.ID == r.ID {
			break
		}
		if earlier.ShipmentID == s.ID {
			before += earlier.Amount
		}
	}
	after := before + r.Amount
	account := AccountPending
	if !s.ReleasedAt.IsZero() {
		account = AccountAvailable
	}
	return []Entry{
		s.entry(account, s.netAfter(before)-s.netAfter(after)),
		s.entry(AccountCommission, s.dueAfter(s.Commission.Amount, before)-s.dueAfter(s.Commission.Amount, after)),
		s.entry(AccountCommissionTax, s.dueAfter(s.Commission.Tax, before)-s.dueAfter(s.Commission.Tax, after)),
		{Account: AccountSuspense, Amount: -r.Amount},
	}, true
}

func (s *Shipment) entry(account Account, amount int64) Entry {
	e := Entry{Account: account, ShipmentID: s.ID, Amount: amount}
	if account == AccountPending || account == AccountAvailable {
		e.SellerID = s.SellerID
	}
	return e
}

// Net returns what the seller gets for a shipment, after its refunds; 0 while its
// commission is not settled.
func (s *Shipment) Net() int64 {
	if s.Commission == nil {
		return 0
	}
	return s.netAfter(s.Refunded)
}

// CommissionDue returns the commission on a shipment after its refunds, and the
// tax on it.
func (s *Shipment) CommissionDue() Commission {
	if s.Commission == nil {
		return Commission{}
	}
	return Commission{Amount: s.dueAfter(s.Commission.Amount, s.Refunded), Tax: s.dueAfter(s.Commission.Tax, s.Refunded)}
}

func (s *Shipment) netAfter(refunded int64) int64 {
	return s.Total - refunded - s.dueAfter(s.Commission.Amount, refunded) - s.dueAfter(s.Commission.Tax, refunded)
}

// dueAfter returns how much of a part of the commission is due when so much of
// the shipment is refunded in all: a share that is rounded once, so that what
// several refunds return adds up, to nothing due once all is refunded.
func (s *Shipment) dueAfter(part, refunded int64) int64 {
	if s.Total == 0 {
		return part
	}
	return share(part, s.Total-refunded, s.Total)
}

// share returns amount × of ÷ whole, rounded to the nearest, half up. None is
// below zero, and of is no more than whole.
func share(amount, of, whole int64) int64 {
	high, low := bits.Mul64(uint64(amount), uint64(of))
	low, carry := bits.Add64(low, uint64(whole)/2, 0)
	quotient, _ := bits.Div64(high+carry, low, uint64(whole))
	return int64(quotient)
}

func withoutZeros(entries []Entry) []Entry {
	kept := entries[:0]
	for _, e := range entries {
		if e.Amount != 0 {
			kept = append(kept, e)
		}
	}
	return kept
}

// Balance is what a seller is owed, in minor units. It may be below zero: more
// was refunded after a payout than has been sold since.
type Balance struct {
	Pending   int64 // for what has not arrived yet
	Available int64 // to be paid out
}

// releaseAt returns when the money of a shipment becomes available to its seller:
// when it has arrived or, if nobody says so, some time after it was sent. It is
// zero for never, and for what has been made available.
func (s *Shipment) releaseAt(unconfirmed time.Duration) time.Time {
	switch {
	case !s.ReleasedAt.IsZero():
	case s.State == ShipmentDelivered:
		return s.DeliveredAt
	case s.State == ShipmentDispatched:
		return s.DispatchedAt.Add(unconfirmed)
	}
	return time.Time{}
}
