package shop

import "time"

// MailKind says what a mail tells its reader.
type MailKind string

// The kinds of mail.
const (
	MailConfirmed  MailKind = "order_confirmed"  // to the buyer: paid
	MailCancelled  MailKind = "order_cancelled"  // to the buyer: could not be fulfilled
	MailTransfer   MailKind = "transfer_awaited" // to the buyer: how to pay by transfer
	MailSold       MailKind = "sold"             // to the seller
	MailReminder   MailKind = "reminder"         // to the seller: a sale waits
	MailCalledOff  MailKind = "shipment_cancelled"
	MailRejected   MailKind = "shipment_rejected"
	MailDispatched MailKind = "dispatched" // to the buyer
	MailRefunded   MailKind = "refunded"   // to the buyer
)

// MailKinds are all kinds of mail.
var MailKinds = []MailKind{
	MailConfirmed, MailCancelled, MailTransfer, MailSold, MailReminder,
	MailCalledOff, MailRejected, MailDispatched, MailRefunded,
}

// Mail is a message to be sent to a user, written with the change that causes it.
type Mail struct {
	Kind       MailKind
	UserID     int64
	ShipmentID string // the shipment it is about, if it is about one
	Detail     string // by kind: a code, an amount in minor units, or what a person wrote; never one or the other
}

// QueuedMail is a mail in the outbox.
type QueuedMail struct {
	Mail
	ID        int64
	OrderID   string
	CreatedAt time.Time
	SentAt    time.Time // zero: not yet
	Attempts  int       // that failed
}

// Letter is a mail of the outbox as it is, or will be, read.
type Letter struct {
	MailID    int64
	To        string // an e-mail address; empty if the account is gone
	Subject   string
	Text      string
	CreatedAt time.Time
	SentAt    time.Time // zero: not yet
}
