package shopapi

import "bookstore/shared/mailapi"

// Mail is a message to a buyer or a seller.
type Mail = mailapi.Mail

// MailQuery selects mails, the latest first.
type MailQuery = mailapi.Query

// Mails is one page of mails.
type Mails = mailapi.Mails
