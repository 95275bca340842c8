package admin

import (
	"fmt"

	"bookstore/frontend/internal/ui"
	"bookstore/shared/money"
	"bookstore/shared/shopapi"

	"github.com/a-h/templ"
)

// AdminOrderList is what the admins' page of all orders shows.
type AdminOrderList struct {
	Q, State string
	Orders   []shopapi.Order
	Next     string // orders.Address of the next page; "" on the last
}

// AdminOrder is what the page of one order shows to an admin.
type AdminOrder struct {
	shopapi.Order
	Refund  ui.Form
	Confirm ui.Form
}

func adminOrderURL(id string) templ.SafeURL { return templ.SafeURL("/admin/orders/" + id) }

// stateOptions are the choices of the state filter. Several states share a
// word; only the first of them is offered with it alone, the others add their
// code.
func stateOptions(p ui.Page) []ui.Option {
	options := []ui.Option{{Label: p.T("admin_orders.any_state")}}
	seen := map[string]bool{}
	for _, state := range shopapi.OrderStates {
		label := p.T("order.state." + state)
		if seen[label] {
			label = fmt.Sprintf("%s (%s)", label, state)
		}
		seen[label] = true
		options = append(options, ui.Option{Value: state, Label: label})
	}
	return options
}

func (l AdminOrderList) filter() ui.Form { return ui.NewForm("q", l.Q, "state", l.State) }

// waitsForTransfer reports whether a bank transfer can be booked.
func (o AdminOrder) waitsForTransfer() bool {
	return o.Payment != nil && o.Payment.Method == shopapi.MethodBankTransfer && o.Payment.State == shopapi.PaymentPending
}

// refundable is what was taken and not given back yet.
func (o AdminOrder) refundable() money.Money {
	if o.PaidAt == nil {
		return money.New(0, o.Total.Currency)
	}
	return o.Total.Sub(o.Refunded)
}

// refundOptions are the shipments that can be refunded, and an amount.
func (o AdminOrder) refundOptions(p ui.Page) []ui.Option {
	options := []ui.Option{{Value: "", Label: p.T("admin_orders.refund_amount_option")}}
	for _, s := range o.Shipments {
		if s.Refunded.Amount == 0 {
			label := p.T("order.from", "Seller", s.SellerName) + " · " + p.Money(s.Total)
			options = append(options, ui.Option{Value: s.ID, Label: label})
		}
	}
	return options
}

// ordersOfURL leads to all orders of one buyer.
func ordersOfURL(buyerID int64) templ.SafeURL {
	return templ.SafeURL(fmt.Sprintf("/admin/orders?buyer_id=%d", buyerID))
}
