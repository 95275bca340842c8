package seal

import "time"

// Posting is one of the ledger: what a seal of it is of.
type Posting struct {
	OrderID  string
	Seq      int64 // 1, 2, … within the order
	EventSeq int64 // of the event that it books
	Kind     string
	At       time.Time
	Entries  []PostingEntry
}

// PostingEntry is an amount that a posting puts on an account.
type PostingEntry struct {
	Account    string
	SellerID   int64
	ShipmentID string
	Amount     int64 // minor units
}

// SealPosting returns the seal of p, in hex, after the posting of the same order
// that was sealed with before; before is empty for the first. It is made as that
// of an event, of p's fields in their order and those of each entry.
func (k Key) SealPosting(before string, p Posting) string {
	what := []any{before, "posting", p.OrderID, p.Seq, p.EventSeq, p.Kind, p.At.UnixMicro()}
	for _, e := range p.Entries {
		what = append(what, e.Account, e.SellerID, e.ShipmentID, e.Amount)
	}
	return k.mac(what)
}
