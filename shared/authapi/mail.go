package authapi

import "bookstore/shared/mailapi"

// Mail is a message about an account.
type Mail = mailapi.Mail

// MailQuery selects mails, the latest first.
type MailQuery = mailapi.Query

// Mails is one page of mails.
type Mails = mailapi.Mails
