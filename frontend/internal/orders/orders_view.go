package orders

import (
	"slices"

	"bookstore/frontend/internal/ui"
	"bookstore/shared/address"
	"bookstore/shared/shopapi"

	"github.com/a-h/templ"
)

// OrderList is what the page of a buyer's orders shows.
type OrderList struct {
	Orders []shopapi.Order
	Next   string // Address of the next page; "" on the last
}

// Order is what the page of one order shows to its buyer.
type Order struct {
	shopapi.Order
	Form ui.Form // of the cancellation that was refused, if one was
}

// URL is the address of an order's page.
func URL(id string) templ.SafeURL { return templ.SafeURL("/orders/" + id) }

// copies counts the books of an order.
func copies(o shopapi.Order) int {
	n := 0
	for _, s := range o.Shipments {
		for _, line := range s.Lines {
			n += int(line.Quantity)
		}
	}
	return n
}

// orderLines are the lines of all shipments of an order.
func orderLines(o shopapi.Order) []shopapi.OrderLine {
	var lines []shopapi.OrderLine
	for _, s := range o.Shipments {
		lines = append(lines, s.Lines...)
	}
	return lines
}

// deliveryProgress is how far the least advanced delivery of a paid order has
// come, "" before the first step.
func deliveryProgress(o shopapi.Order) string {
	if o.State != shopapi.OrderPaid {
		return ""
	}
	steps := []string{shopapi.ShipmentNew, shopapi.ShipmentAccepted, shopapi.ShipmentDispatched, shopapi.ShipmentDelivered}
	least := len(steps)
	for _, s := range o.Shipments {
		if i := slices.Index(steps, s.State); i >= 0 { // the others send nothing
			least = min(least, i)
		}
	}
	if least == 0 || least == len(steps) {
		return ""
	}
	return steps[least]
}

// notice is the key of what a buyer should know or do about an order, "" if all
// is well.
func (o Order) notice() string {
	switch o.State {
	case shopapi.OrderReserved:
		if o.ExpiresAt != nil {
			return "order.unpaid"
		}
		return "order.unpaid_no_time"
	case shopapi.OrderPending, shopapi.OrderAuthorising, shopapi.OrderAuthorised, shopapi.OrderCommitted, shopapi.OrderCapturing:
		return "order.confirming"
	case shopapi.OrderAwaitingPayment:
		return "order.awaiting"
	case shopapi.OrderExpired:
		return "order.expired"
	case shopapi.OrderCancelled, shopapi.OrderVoiding, shopapi.OrderRestocking:
		return "order.cancelled"
	}
	return ""
}

// canCancelShipment reports whether one delivery of several can be called off.
func (o Order) canCancelShipment(s shopapi.Shipment) bool {
	open := s.State == shopapi.ShipmentNew || s.State == shopapi.ShipmentAccepted
	return o.State == shopapi.OrderPaid && open && len(o.Shipments) > 1
}

// unpaid reports whether nothing has been charged yet.
func (o Order) unpaid() bool { return o.PaidAt == nil }

// sellersOf names the seller of each shipment, if there are several.
func sellersOf(shipments []shopapi.Shipment) map[string]string {
	if len(shipments) < 2 {
		return nil
	}
	sellers := make(map[string]string, len(shipments))
	for _, s := range shipments {
		sellers[s.ID] = s.SellerName
	}
	return sellers
}

// addressLines are the lines of an address as on a parcel to its country, which
// is named in the reader's language, and the phone number.
func addressLines(p ui.Page, a shopapi.Address) []string {
	lines := append(address.Address(a).Lines(), ui.CountryName(p.Lang(), a.Country))
	if a.Phone != "" {
		lines = append(lines, a.Phone)
	}
	return lines
}

// PaymentURL is the payment step of an order.
func PaymentURL(orderID string) templ.SafeURL { return URL(orderID) + "/payment" }
