package shopapi

import (
	"time"

	"bookstore/shared/page"
)

// Mail is a message that the shop has sent, or is about to.
type Mail struct {
	ID        int64      `json:"id"`
	To        string     `json:"to" doc:"empty if the account is gone"`
	Subject   string     `json:"subject"`
	Text      string     `json:"text"`
	CreatedAt time.Time  `json:"created_at"`
	SentAt    *time.Time `json:"sent_at,omitempty"`
}

// MailQuery selects mails, the latest first.
type MailQuery struct {
	Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"24"`
	Cursor string `query:"cursor" maxLength:"500"`
}

// Mails is one page of mails.
type Mails = page.Page[Mail]
