package auth

import "time"

// The kinds of mail about an account.
const (
	MailPasswordChanged = "password_changed" // to its address
	MailEmailChanged    = "email_changed"    // to the address that it had
)

// MailKinds are all kinds of mail about an account.
var MailKinds = []string{MailPasswordChanged, MailEmailChanged}

// MailFacts is what a mail about an account says. It is kept with the mail, as
// JSON.
type MailFacts struct {
	At       time.Time `json:"at"`
	Email    string    `json:"email"` // that the account had when it was written
	NewEmail string    `json:"new_email,omitempty"`
}
