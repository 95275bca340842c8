package shop

// MailKind says what a mail tells its reader.
type MailKind string

// The kinds of mail.
const (
	MailConfirmed  MailKind = "order_confirmed"    // to the buyer: paid
	MailTransfer   MailKind = "transfer_awaited"   // to the buyer: how to pay by transfer
	MailCancelled  MailKind = "order_cancelled"    // to the buyer: by whom and why
	MailExpired    MailKind = "order_expired"      // to the buyer: not paid in time
	MailSold       MailKind = "sold"               // to the seller
	MailReminder   MailKind = "reminder"           // to the seller: a sale waits
	MailSendNow    MailKind = "send_reminder"      // to the seller: an accepted sale waits
	MailCalledOff  MailKind = "shipment_cancelled" // to the buyer or the seller
	MailRejected   MailKind = "shipment_rejected"  // to the buyer
	MailDispatched MailKind = "dispatched"         // to the buyer
	MailDelivered  MailKind = "delivered"          // to the buyer
	MailRefunded   MailKind = "refunded"           // to the buyer
)

// MailKinds are all kinds of mail.
var MailKinds = []MailKind{
	MailConfirmed, MailTransfer, MailCancelled, MailExpired, MailSold, MailReminder, MailSendNow,
	MailCalledOff, MailRejected, MailDispatched, MailDelivered, MailRefunded,
}

// Mail is a message to be sent to a user, written with the change that causes it.
type Mail struct {
	Kind       MailKind
	UserID     int64
	ShipmentID string  // the shipment it is about, if it is about one
	Reason     Reason  // why it happened
	By         string  // the role of who made it happen
	Refund     *Refund // the refund it is about, if it is about one
	Corrected  bool    // a later mail of its kind sets an earlier one right

	Facts MailFacts // set when the order is saved
}
