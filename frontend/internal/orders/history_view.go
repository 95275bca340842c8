package orders

import (
	"strings"
	"time"

	"bookstore/frontend/internal/ui"
	"bookstore/shared/i18n"
	"bookstore/shared/shopapi"
)

// HistoryEntry is a line of an order's history, in words.
type HistoryEntry struct {
	at          time.Time
	title, note string
}

// buyersHistory is the story of an order as its buyer lives it. What is left out
// is a step of the machinery between two of the story's.
func buyersHistory(p ui.Page, o shopapi.Order) []HistoryEntry {
	var told []HistoryEntry
	for _, e := range o.Events {
		key := "story." + e.Subject + "." + e.To
		if e.From == e.To || !p.Has(key) { // a note for others, or no news
			continue
		}
		if e.Subject == shopapi.SubjectShipment && e.From == shopapi.ShipmentPending {
			continue // the order's own end says it
		}
		title := p.T(key, "Seller", sellerOf(o, e.SubjectID), "Amount", refundedBy(p, o, e.SubjectID))
		told = add(told, HistoryEntry{e.At, title, buyersNote(p, e)})
	}
	return told
}

// buyersNote says why something happened, and who of the shop did it, unless the
// buyer knows: it was them, or the title says it.
func buyersNote(p ui.Page, e shopapi.Event) string {
	var parts []string
	if e.Actor == shopapi.ActorAdmin {
		parts = append(parts, p.T("event.by."+e.Actor))
	}
	if e.To != shopapi.OrderExpired && e.Code != shopapi.ReasonBuyerCancelled || e.Note != "" {
		if reason := reasonWords(p, e.Code, e.Note); reason != "" {
			parts = append(parts, reason)
		}
	}
	return strings.Join(parts, " · ")
}

// sellerOf names the seller of a shipment, "" for other ids.
func sellerOf(o shopapi.Order, shipmentID string) string {
	for _, s := range o.Shipments {
		if s.ID == shipmentID {
			return s.SellerName
		}
	}
	return ""
}

// refundedBy returns the amount of a refund, "" for other ids.
func refundedBy(p ui.Page, o shopapi.Order, refundID string) string {
	for _, r := range o.Refunds {
		if r.ID == refundID {
			return p.Money(r.Amount)
		}
	}
	return ""
}

// SellersHistory tells what concerns the seller of a shipment.
func SellersHistory(p ui.Page, s shopapi.Sale) []HistoryEntry {
	var told []shopapi.Event
	for _, e := range s.Events {
		if e.Subject == shopapi.SubjectShipment && e.From == shopapi.ShipmentPending {
			continue // it became the seller's when the order was paid
		}
		if e.Actor == shopapi.ActorSeller {
			e.Actor = ""
		}
		told = append(told, e)
	}
	return FullHistory(p, told, nil)
}

// FullHistory puts events into words. One that would read like the one before it
// is left out.
func FullHistory(p ui.Page, events []shopapi.Event, shipments []shopapi.Shipment) []HistoryEntry {
	sellers := sellersOf(shipments)
	var told []HistoryEntry
	for _, e := range events {
		told = add(told, HistoryEntry{at: e.At, title: eventTitle(p, e), note: eventNote(p, e, sellers)})
	}
	return told
}

// add appends an entry, unless it reads like the one before it.
func add(told []HistoryEntry, h HistoryEntry) []HistoryEntry {
	if last := len(told) - 1; last >= 0 && told[last].title == h.title && told[last].note == h.note {
		return told
	}
	return append(told, h)
}

// eventTitle says what happened.
func eventTitle(p ui.Page, e shopapi.Event) string {
	if e.Subject == shopapi.SubjectStock {
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
	if seller := sellers[e.SubjectID]; seller != "" && e.Subject == shopapi.SubjectShipment {
		parts = append(parts, i18n.Isolate(seller))
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
	return e.Code == shopapi.ReasonBuyerCancelled && e.Actor != shopapi.ActorSystem
}

// reasonWords returns the words for a reason: what a person wrote, else those
// of its code. A code without words says nothing to anybody.
func reasonWords(p ui.Page, code, note string) string {
	if note != "" {
		return i18n.Isolate(note)
	}
	for _, prefix := range []string{"event.reason.", "payment.method."} {
		if p.Has(prefix + code) {
			return p.T(prefix + code)
		}
	}
	return ""
}
