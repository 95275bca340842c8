// Package mail writes the shop's mails: what they say is taken from the facts
// that were kept with each, and from nothing else.
package mail

import (
	"embed"
	"encoding/json"
	"fmt"
	"time"

	"bookstore/shared/i18n"
	"bookstore/shared/mail"
	"bookstore/shared/text"
	"bookstore/shopsvc/internal/shop"
)

//go:embed messages
var messages embed.FS

var bundle = i18n.MustLoad(messages)

// Composer writes the mails of one shop.
type Composer struct {
	PublicURL   string         // of the web shop, without a slash at its end
	HomeCountry string         // as whose readers amounts are written (ISO 3166-1 alpha-2)
	TimeZone    *time.Location // in which times are written
	Account     shop.BankAccount
}

// Compose implements mail.Composer.
func (c Composer) Compose(e mail.Entry, language, name string) (mail.Content, error) {
	write, ok := writers[shop.MailKind(e.Kind)]
	if !ok {
		return mail.Content{}, fmt.Errorf("nobody writes mails of this kind")
	}
	w := writer{Translator: bundle.In(c.HomeCountry, c.TimeZone).For(language), account: c.Account}
	if err := json.Unmarshal(e.Facts, &w.facts); err != nil {
		return mail.Content{}, fmt.Errorf("read the mail's facts: %w", err)
	}
	subject, paragraphs := write(w)
	all := append([]string{w.greeting(name)}, paragraphs...)
	all = append(all, w.link(c.PublicURL), w.T("mail.footer", "Contact", c.PublicURL+"/contact"))
	return mail.Content{Subject: subject, Text: mail.Join(all...)}, nil
}

// writer writes one mail.
type writer struct {
	*i18n.Translator
	facts   shop.MailFacts
	account shop.BankAccount // to which money is transferred
}

// writers return the subject and the paragraphs of each kind of mail.
var writers = map[shop.MailKind]func(writer) (string, []string){
	shop.MailConfirmed:  writer.confirmed,
	shop.MailTransfer:   writer.transfer,
	shop.MailCancelled:  writer.cancelled,
	shop.MailExpired:    writer.expired,
	shop.MailSold:       writer.sold,
	shop.MailReminder:   writer.reminder,
	shop.MailSendNow:    writer.sendNow,
	shop.MailCalledOff:  writer.calledOff,
	shop.MailRejected:   writer.rejected,
	shop.MailDispatched: writer.dispatched,
	shop.MailDelivered:  writer.delivered,
	shop.MailRefunded:   writer.refunded,
}

func (w writer) subject(key string) string { return w.T(key, "Number", w.facts.Number) }

func (w writer) greeting(name string) string {
	if name = text.Line(name); name != "" {
		return w.T("mail.greeting", "Name", name)
	}
	return w.T("mail.greeting_nobody")
}

// link names the page that the mail is about, its reader's own.
func (w writer) link(publicURL string) string {
	if w.facts.ToSeller {
		return w.T("mail.link_sale") + "\n" + publicURL + "/selling/orders/" + w.facts.ShipmentID
	}
	return w.T("mail.link_order") + "\n" + publicURL + "/orders/" + w.facts.OrderID
}

func (w writer) confirmed() (string, []string) {
	f := w.facts
	paid := w.T("mail.confirmed.paid", "Total", w.amount(f.Total), "Method", w.method())
	if f.Captured > f.Total {
		paid += " " + w.T("mail.confirmed.overpaid", "Captured", w.amount(f.Captured), "Excess", w.amount(f.Captured-f.Total))
	}
	next := w.T("mail.confirmed.next")
	if !f.AnswerBy.IsZero() {
		next = w.N("mail.confirmed.answer_by", len(f.Parcels), "By", w.DateTime(f.AnswerBy)) + " " + next
	}
	return w.subject("mail.confirmed.subject"), []string{paid, w.order(), w.address("mail.goes_to"), next}
}

func (w writer) transfer() (string, []string) {
	f := w.facts
	how := w.T("mail.transfer.how", "Total", w.amount(f.Total), "Reference", f.Reference)
	until := ""
	if !f.PayBy.IsZero() {
		until = w.T("mail.transfer.until", "By", w.DateTime(f.PayBy))
	}
	return w.subject("mail.transfer.subject"), []string{how, w.transferTo(), until, w.order(), w.address("mail.goes_to")}
}

func (w writer) cancelled() (string, []string) {
	return w.subject("mail.cancelled.subject"), []string{w.why("mail.cancelled"), w.note(), w.money(), w.order()}
}

func (w writer) expired() (string, []string) {
	late := ""
	if w.facts.Method == shop.MethodTransfer && w.facts.Captured == 0 {
		late = w.T("mail.expired.late")
	}
	return w.subject("mail.expired.subject"), []string{w.T("mail.expired.why"), w.money(), late, w.order()}
}

func (w writer) sold() (string, []string) {
	return w.subject("mail.sold.subject"), []string{w.T("mail.sold.what"), w.parcel(), w.address("mail.send_to"), w.answerBy()}
}

func (w writer) reminder() (string, []string) {
	what := w.T("mail.sold.what")
	if !w.facts.PaidAt.IsZero() {
		what = w.T("mail.reminder.what", "At", w.DateTime(w.facts.PaidAt))
	}
	return w.subject("mail.reminder.subject"), []string{what, w.parcel(), w.address("mail.send_to"), w.answerBy()}
}

func (w writer) sendNow() (string, []string) {
	by := w.T("mail.send_reminder.by", "By", w.DateTime(w.facts.SendBy))
	return w.subject("mail.send_reminder.subject"), []string{w.T("mail.send_reminder.what"), w.parcel(), w.address("mail.send_to"), by}
}

// answerBy says until when a sale waits for its seller.
func (w writer) answerBy() string {
	if w.facts.AnswerBy.IsZero() {
		return w.T("mail.sold.answer")
	}
	return w.T("mail.sold.answer_by", "By", w.DateTime(w.facts.AnswerBy))
}

func (w writer) calledOff() (string, []string) {
	if w.facts.ToSeller {
		return w.subject("mail.sale_cancelled.subject"),
			[]string{w.why("mail.sale_cancelled"), w.note(), w.parcel(), w.T("mail.sale_cancelled.next")}
	}
	return w.subject("mail.shipment_cancelled.subject"),
		[]string{w.why("mail.shipment_cancelled"), w.note(), w.parcel(), w.refundedMethod()}
}

func (w writer) rejected() (string, []string) {
	why := w.T("mail.rejected.why", "Seller", w.seller())
	return w.subject("mail.rejected.subject"), []string{why, mail.Quote(w.facts.Note), w.parcel(), w.refundedMethod()}
}

func (w writer) dispatched() (string, []string) {
	key := "mail.dispatched"
	if w.facts.Corrected {
		key = "mail.tracking"
	}
	what := w.T(key+".what", "Seller", w.seller(), "Provider", w.provider(), "Tracking", w.facts.Tracking)
	return w.subject(key + ".subject"), []string{what, w.parcel(), w.address("mail.goes_to")}
}

func (w writer) delivered() (string, []string) {
	return w.subject("mail.delivered.subject"), []string{w.T("mail.delivered.what", "Seller", w.seller()), w.parcel()}
}

func (w writer) refunded() (string, []string) {
	f := w.facts
	subject := w.T("mail.refunded.subject", "Number", f.Number, "Amount", w.amount(f.Amount))
	done := w.T("mail.refunded.done", "Amount", w.amount(f.Amount), "Method", w.method())
	why, parcel := w.why("mail.refunded"), ""
	if f.ShipmentID != "" {
		parcel = w.T("mail.refunded.shipment") + "\n" + w.parcel()
	}
	sum := w.T("mail.refunded.sum", "Captured", w.amount(f.Captured), "Refunded", w.amount(f.Refunded))
	return subject, []string{done, why, w.note(), parcel, sum}
}
