package mail

import (
	"strings"

	"bookstore/shared/address"
	"bookstore/shared/mail"
	"bookstore/shared/money"
	"bookstore/shared/text"
	"bookstore/shopsvc/internal/shop"
)

// Parts of mails that several kinds have.

func (w writer) amount(minor int64) string { return w.Money(money.New(minor, w.facts.Currency)) }

// method names the way to pay, or nothing if it is not known.
func (w writer) method() string {
	if key := "mail.method." + string(w.facts.Method); w.Has(key) {
		return w.T(key)
	}
	return w.T("mail.method.other")
}

// why tells the reason that the program gives, from the messages under prefix.
func (w writer) why(prefix string) string {
	key := prefix + ".why." + string(w.facts.Code)
	if !w.Has(key) {
		key = prefix + ".why.other"
	}
	if !w.Has(key) {
		return ""
	}
	return w.T(key, "Seller", w.seller())
}

// note quotes what somebody else than the reader wrote about it.
func (w writer) note() string {
	readersOwn := w.facts.By == shop.RoleBuyer && !w.facts.ToSeller
	if w.facts.Note == "" || readersOwn {
		return ""
	}
	return w.T("mail.note") + "\n" + mail.Quote(w.facts.Note)
}

// money tells what became of the money of an order that is over.
func (w writer) money() string {
	f := w.facts
	captured, refunded := w.amount(f.Captured), w.amount(f.Refunded)
	switch {
	case f.Captured == 0 && f.Released:
		return w.T("mail.money.none") + " " + w.T("mail.money.released")
	case f.Captured == 0:
		return w.T("mail.money.none")
	case f.Refunded >= f.Captured:
		return w.T("mail.money.all", "Captured", captured, "Method", w.method())
	default:
		return w.T("mail.money.part", "Captured", captured, "Refunded", refunded, "Method", w.method())
	}
}

// refundedMethod tells what is given back of a shipment that will not come.
func (w writer) refundedMethod() string {
	if len(w.facts.Parcels) != 1 || w.facts.Parcels[0].Refunded == 0 {
		return ""
	}
	return w.T("mail.money.shipment", "Refunded", w.amount(w.facts.Parcels[0].Refunded), "Method", w.method())
}

// order lists all shipments by their sellers, and the order's total.
func (w writer) order() string {
	var lines []string
	for _, p := range w.facts.Parcels {
		lines = append(lines, w.T("mail.from", "Seller", text.Line(p.Seller)))
		lines = append(lines, w.lines(p)...)
	}
	return strings.Join(append(lines, w.T("mail.total", "Total", w.amount(w.facts.Total))), "\n")
}

// parcel lists the shipment that the mail is about.
func (w writer) parcel() string {
	var lines []string
	for _, p := range w.facts.Parcels {
		lines = append(lines, w.lines(p)...)
		lines = append(lines, "  "+w.T("mail.parcel_total", "Total", w.amount(p.Total)))
	}
	return strings.Join(lines, "\n")
}

func (w writer) lines(p shop.MailParcel) []string {
	var lines []string
	for _, l := range p.Lines {
		book := text.Line(l.Title)
		if len(l.Authors) > 0 {
			book += " (" + text.Line(strings.Join(l.Authors, ", ")) + ")"
		}
		lines = append(lines, "  "+w.T("mail.line", "Quantity", l.Quantity, "Book", book, "Price", w.amount(l.Price*l.Quantity)))
	}
	return append(lines, "  "+w.T("mail.delivery", "Provider", text.Line(p.Provider), "Price", w.amount(p.Delivery)))
}

// address says, under the message key, where the order goes.
func (w writer) address(key string) string {
	a := w.facts.Address
	lines := []string{w.T(key)}
	for _, line := range append(address.Address(a).Lines(), w.Country(a.Country)) {
		if line = text.Line(line); line != "" {
			lines = append(lines, "  "+line)
		}
	}
	if a.Phone != "" && w.facts.ToSeller {
		lines = append(lines, "  "+w.T("mail.phone", "Phone", text.Line(a.Phone)))
	}
	return strings.Join(lines, "\n")
}

// transferTo names the account that a transfer goes to, or where to find it.
func (w writer) transferTo() string {
	if w.account == (shop.BankAccount{}) {
		return w.T("mail.transfer.see_page")
	}
	lines := []string{w.T("mail.transfer.account"), "  " + w.account.Holder, "  " + w.account.Number}
	if w.account.Bank != "" {
		lines = append(lines, "  "+w.account.Bank)
	}
	return strings.Join(lines, "\n")
}

func (w writer) seller() string {
	if len(w.facts.Parcels) == 0 {
		return ""
	}
	return text.Line(w.facts.Parcels[0].Seller)
}

func (w writer) provider() string {
	if len(w.facts.Parcels) == 0 {
		return ""
	}
	return text.Line(w.facts.Parcels[0].Provider)
}
