package orders

import (
	"strings"
	"time"

	"bookstore/frontend/internal/ui"
	"bookstore/shared/shopapi"
)

// reasonBuyerCancelled says that the buyer called something off.
const reasonBuyerCancelled = "buyer_cancelled"

// HistoryEntry is a line of an order's history, in words.
type HistoryEntry struct {
	at          time.Time
	title, note string
}

// buyersHistory tells what concerns the buyer, and nothing of the machinery.
func buyersHistory(p ui.Page, o shopapi.Order) []HistoryEntry {
	var told []shopapi.Event
	for _, e := range o.Events {
		if concernsBuyer(e) {
			told = append(told, forBuyer(e))
		}
	}
	return FullHistory(p, told, o.Shipments)
}

// buyersEvents are those that are news to a buyer, by subject and what it came
// to. What is left out is a step between two of them.
var buyersEvents = map[string]bool{
	"order." + shopapi.OrderPending:          true,
	"order." + shopapi.OrderReserved:         true,
	"order." + shopapi.OrderPaid:             true,
	"order." + shopapi.OrderCancelled:        true,
	"order." + shopapi.OrderExpired:          true,
	"payment." + shopapi.PaymentStarted:      true,
	"payment." + shopapi.PaymentPending:      true,
	"payment." + shopapi.PaymentDeclined:     true,
	"shipment." + shopapi.ShipmentAccepted:   true,
	"shipment." + shopapi.ShipmentDispatched: true,
	"shipment." + shopapi.ShipmentDelivered:  true,
	"shipment." + shopapi.ShipmentRejected:   true,
	"shipment." + shopapi.ShipmentCancelled:  true,
	"refund." + shopapi.RefundDue:            true,
	"refund." + shopapi.RefundPaid:           true,
}

func concernsBuyer(e shopapi.Event) bool {
	switch {
	case e.From == e.To: // a note for others
		return false
	case e.Subject == "order" && e.To == shopapi.OrderReserved:
		return e.From == shopapi.OrderPending // later, it only tells of a payment that failed
	case e.Subject == "shipment" && e.From == shopapi.ShipmentPending:
		return false // the order's own end says it
	}
	return buyersEvents[e.Subject+"."+e.To]
}

// forBuyer leaves out what a buyer knows: that it was them, and what the title
// says already.
func forBuyer(e shopapi.Event) shopapi.Event {
	if e.Actor == shopapi.ActorBuyer {
		e.Actor = ""
	}
	if e.To == shopapi.OrderExpired || e.Code == reasonBuyerCancelled {
		e.Code = ""
	}
	return e
}

// sellersHistory tells what concerns the seller of a shipment.
func SellersHistory(p ui.Page, s shopapi.Sale) []HistoryEntry {
	var told []shopapi.Event
	for _, e := range s.Events {
		if e.Subject == "shipment" && e.From == shopapi.ShipmentPending {
			continue // it became the seller's when the order was paid
		}
		if e.Actor == shopapi.ActorSeller {
			e.Actor = ""
		}
		told = append(told, e)
	}
	return FullHistory(p, told, nil)
}

// history puts events into words. One that would read like the one before it
// is left out.
func FullHistory(p ui.Page, events []shopapi.Event, shipments []shopapi.Shipment) []HistoryEntry {
	sellers := sellersOf(shipments)
	var told []HistoryEntry
	for _, e := range events {
		h := HistoryEntry{at: e.At, title: eventTitle(p, e), note: eventNote(p, e, sellers)}
		if last := len(told) - 1; last >= 0 && told[last].title == h.title && told[last].note == h.note {
			continue
		}
		told = append(told, h)
	}
	return told
}

// eventTitle says what happened.
func eventTitle(p ui.Page, e shopapi.Event) string {
	if e.Subject == "stock" {
		return p.T("event.stock")
	}
	if key := "event." + e.Subject + "." + e.To; p.Has(key) {
		return p.T(key)
	}
	return p.T("event.other")
}

// eventNote says who did it, to what and why, as far as that is known. Sellers
// is by shipment.
func eventNote(p ui.Page, e shopapi.Event, sellers map[string]string) string {
	var parts []string
	if seller := sellers[e.SubjectID]; seller != "" && e.Subject == "shipment" {
		parts = append(parts, seller)
	}
	if key := "event.by." + e.Actor; p.Has(key) {
		parts = append(parts, p.T(key))
	}
	if namesActor(e) {
		e.Code = ""
	}
	if reason := reasonWords(p, e.Code, e.Note); reason != "" {
		parts = append(parts, reason)
	}
	return strings.Join(parts, " · ")
}

// namesActor reports whether an event's code is only who asked for it, and the
// event names that person anyway.
func namesActor(e shopapi.Event) bool {
	return e.Code == reasonBuyerCancelled && e.Actor != shopapi.ActorSystem
}

// reasonWords returns the words for a reason: what a person wrote, else those
// of its code. A code without words says nothing to anybody.
func reasonWords(p ui.Page, code, note string) string {
	if note != "" {
		return note
	}
	for _, prefix := range []string{"event.reason.", "payment.method."} {
		if p.Has(prefix + code) {
			return p.T(prefix + code)
		}
	}
	return ""
}
