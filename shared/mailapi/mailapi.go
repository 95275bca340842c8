// Package mailapi holds the wire types of mails, which admins of every service
// that sends some read and send again.
package mailapi

import (
	"time"

	"bookstore/shared/page"
)

// States of a mail.
const (
	Queued = "queued" // to be sent, now or later
	Sent   = "sent"   // a mail server has taken it
	Kept   = "kept"   // there was no mail server
	Failed = "failed" // given up
)

// States lists the states of a mail.
var States = []string{Queued, Sent, Kept, Failed}

// Mail is a message to a person, as its reader sees it or will.
type Mail struct {
	ID        int64     `json:"id"`
	To        string    `json:"to" doc:"empty if the account is gone"`
	Subject   string    `json:"subject"`
	Text      string    `json:"text"`
	CreatedAt time.Time `json:"created_at"`
	// State is empty from releases that did not know what became of a mail.
	State    string     `json:"state" enum:"queued,sent,kept,failed"`
	SentAt   *time.Time `json:"sent_at,omitempty"`
	NextAt   *time.Time `json:"next_at,omitempty" doc:"when it is tried next"`
	Attempts int        `json:"attempts" doc:"that failed"`
	Once     bool       `json:"once,omitempty" doc:"it holds a secret, which is not shown, and can't be sent again"`
}

// Query selects mails, the latest first.
type Query struct {
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"24"`
	Cursor string `query:"cursor" maxLength:"500"`
}

// Mails is one page of mails.
type Mails = page.Page[Mail]
