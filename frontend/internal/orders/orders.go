package orders

import (
	"net/http"

	"bookstore/frontend/internal/site"
	"bookstore/frontend/internal/ui"
	"bookstore/shared/shopapi"

	"github.com/gorilla/mux"
)

// listOrders answers GET /orders.
func (s pages) listOrders(w http.ResponseWriter, r *http.Request) error {
	orders, err := s.Shop.Orders(s.Call(r), shopapi.OrderQuery{Cursor: r.URL.Query().Get("cursor")})
	if err != nil {
		return err
	}
	list := OrderList{Orders: orders.Items, Next: site.NextURL(r, orders.NextCursor)}
	return s.Render(w, r, http.StatusOK, OrdersPage(s.Page(r, site.Words(r).T("orders.title")), list), nil)
}

// showOrder answers GET /orders/{id}.
func (s pages) showOrder(w http.ResponseWriter, r *http.Request) error {
	return s.renderOrder(w, r, http.StatusOK, ui.Form{})
}

func (s pages) renderOrder(w http.ResponseWriter, r *http.Request, status int, form ui.Form) error {
	order, err := s.Shop.Order(s.Call(r), mux.Vars(r)["id"])
	if err != nil {
		return err
	}
	p := s.Page(r, site.Words(r).T("order.number", "Number", order.Number))
	return s.Render(w, r, status, OrderPage(p, Order{Order: order, Form: form}), nil)
}

// cancelOrder answers POST /orders/{id}/cancel, of the whole order or of one
// shipment.
func (s pages) cancelOrder(w http.ResponseWriter, r *http.Request, form *ui.Form) error {
	id := mux.Vars(r)["id"]
	cancel := shopapi.Cancel{ShipmentID: form.Value("shipment_id"), Reason: form.Value("reason")}
	order, err := s.Shop.CancelOrder(s.Call(r), id, cancel)
	switch {
	case site.IsCode(err, shopapi.CodeOrderState), site.IsCode(err, shopapi.CodeShipmentState):
		s.Flash(w, ui.FlashWarning, "flash.order_state")
	case err != nil:
		return err
	case order.PaidAt != nil:
		s.Flash(w, ui.FlashSuccess, "flash.order_refunded")
	default:
		s.Flash(w, ui.FlashSuccess, "flash.order_cancelled")
	}
	return s.Redirect(w, r, "/orders/"+id)
}
