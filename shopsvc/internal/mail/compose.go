package mail

import (
	"fmt"
	"strconv"
	"strings"
	"text/template"

	"bookstore/shared/money"
	"bookstore/shopsvc/internal/shop"
)

// letter is what the templates show.
type letter struct {
	Number   string
	Total    string
	Lines    []string
	Seller   string
	Provider string
	Detail   string
	// MissedDeadline says that a shipment was called off because its seller did
	// not answer in time.
	MissedDeadline bool
}

// templates hold a subject, an empty line, and the text.
var templates = map[shop.MailKind]*template.Template{
	shop.MailConfirmed: parse(`Your order {{.Number}} is paid

Thank you for your order. You paid {{.Total}} for:
{{range .Lines}}
  {{.}}{{end}}

We write again when a shipment is on its way.`),
	shop.MailCancelled: parse(`Your order {{.Number}} could not be fulfilled

We are sorry: {{if eq .Detail "stock_gone"}}the last copy went to somebody else{{else if eq .Detail "seller_suspended"}}the seller no longer sells here{{else}}your payment did not go through{{end}}.
You were not charged.`),
	shop.MailTransfer: parse(`How to pay your order {{.Number}}

Please transfer {{.Total}} and name the reference {{.Detail}}.
We hold your books for 72 hours.`),
	shop.MailSold: parse(`You sold books: order {{.Number}}

Please accept the order or send it:
{{range .Lines}}
  {{.}}{{end}}

To be sent by {{.Provider}}.`),
	shop.MailReminder: parse(`Order {{.Number}} is waiting for you

A buyer paid two days ago for:
{{range .Lines}}
  {{.}}{{end}}

Please accept or send it. Otherwise it will be cancelled and refunded in two days.`),
	shop.MailCalledOff: parse(`A shipment of order {{.Number}} was cancelled

{{if .MissedDeadline}}The seller did not answer in time.{{else}}The buyer called it off.{{end}}
{{range .Lines}}
  {{.}}{{end}}

What was paid for it goes back to the buyer.`),
	shop.MailRejected: parse(`A shipment of order {{.Number}} can't be sent

{{.Seller}} can't send it: {{.Detail}}
{{range .Lines}}
  {{.}}{{end}}

What you paid for it goes back to you.`),
	shop.MailDispatched: parse(`A shipment of order {{.Number}} is on its way

{{.Seller}} has sent it by {{.Provider}}, tracking number {{.Detail}}:
{{range .Lines}}
  {{.}}{{end}}`),
	shop.MailRefunded: parse(`A refund for order {{.Number}}

We have given {{.Detail}} back to you.`),
}

func parse(text string) *template.Template { return template.Must(template.New("").Parse(text)) }

// compose returns the message that m stands for.
func compose(m shop.QueuedMail, o *shop.Order, to Contact, publicURL string) (Message, error) {
	t, ok := templates[m.Kind]
	if !ok {
		return Message{}, fmt.Errorf("no template for mails of kind %q", m.Kind)
	}
	var b strings.Builder
	if err := t.Execute(&b, fill(m, o)); err != nil {
		return Message{}, fmt.Errorf("compose mail: %w", err)
	}
	subject, text, _ := strings.Cut(b.String(), "\n\n")
	text = fmt.Sprintf("Hello %s,\n\n%s\n\n%s\n", to.Name, text, link(m, o, publicURL))
	return Message{ID: fmt.Sprintf("%d.%s", m.ID, o.ID), To: to.Email, ToName: to.Name, Subject: subject, Text: text}, nil
}

func fill(m shop.QueuedMail, o *shop.Order) letter {
	l := letter{Number: o.Number, Total: money.New(o.Total, o.Currency).Format("en"), Detail: m.Detail}
	if m.Kind == shop.MailRefunded {
		if amount, err := strconv.ParseInt(m.Detail, 10, 64); err == nil {
			l.Detail = money.New(amount, o.Currency).Format("en")
		}
	}
	lines := o.Lines()
	if s := o.Shipment(m.ShipmentID); s != nil {
		lines, l.Seller, l.Provider = s.Lines, s.SellerName, s.ProviderName
		l.MissedDeadline = m.UserID == o.BuyerID || o.CalledOffFor(s.ID) == shop.ReasonDeadline // buyers know of their own doing
	}
	for _, line := range lines {
		l.Lines = append(l.Lines, fmt.Sprintf("%d × %s (%s)", line.Quantity, line.Title, strings.Join(line.Authors, ", ")))
	}
	return l
}

// link returns the page that a mail is about, its reader's own.
func link(m shop.QueuedMail, o *shop.Order, publicURL string) string {
	if m.UserID != o.BuyerID {
		return publicURL + "/selling/orders/" + m.ShipmentID
	}
	return publicURL + "/orders/" + o.ID
}
