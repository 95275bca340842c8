package auth

import (
	"fmt"
	"time"
)

// The kinds of mail about an account.
const (
	MailPasswordChanged = "password_changed" // to its address
	MailEmailChanged    = "email_changed"    // to the address that it had
	MailPasswordReset   = "password_reset"   // to its address, with a link
)

// MailKinds are all kinds of mail about an account.
var MailKinds = []string{MailPasswordChanged, MailEmailChanged, MailPasswordReset}

// MailFacts is what a mail about an account says. It is kept with the mail, as
// JSON.
type MailFacts struct {
	At       time.Time `json:"at"`
	Email    string    `json:"email"` // that the account had when it was written
	NewEmail string    `json:"new_email,omitempty"`
	Until    time.Time `json:"until,omitzero"` // how long the mail's link is good
}

// MailContext is where the secret of a mail belongs when it is encrypted.
func MailContext(kind string, userID int64) string { return fmt.Sprintf("%s of user %d", kind, userID) }
