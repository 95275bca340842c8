package web

import (
	"net/http"

	"bookstore/frontend/internal/view"
	"bookstore/shared/shopapi"

	"github.com/gorilla/mux"
)

// listOrders answers GET /orders.
func (s *Server) listOrders(w http.ResponseWriter, r *http.Request) error {
	orders, err := s.Shop.Orders(s.call(r), shopapi.OrderQuery{Cursor: r.URL.Query().Get("cursor")})
	if err != nil {
		return err
	}
	list := view.OrderList{Orders: orders.Items, Next: nextURL(r, orders.NextCursor)}
	return s.render(w, r, http.StatusOK, view.OrdersPage(s.page(r, words(r).T("orders.title")), list), nil)
}

// showOrder answers GET /orders/{id}.
func (s *Server) showOrder(w http.ResponseWriter, r *http.Request) error {
	return s.renderOrder(w, r, http.StatusOK, view.Form{})
}

func (s *Server) renderOrder(w http.ResponseWriter, r *http.Request, status int, form view.Form) error {
	order, err := s.Shop.Order(s.call(r), mux.Vars(r)["id"])
	if err != nil {
		return err
	}
	p := s.page(r, words(r).T("order.number", "Number", order.Number))
	return s.render(w, r, status, view.OrderPage(p, view.Order{Order: order, Form: form}), nil)
}

// cancelOrder answers POST /orders/{id}/cancel, of the whole order or of one
// shipment.
func (s *Server) cancelOrder(w http.ResponseWriter, r *http.Request) error {
	id := mux.Vars(r)["id"]
	form, err := readForm(r)
	if err != nil {
		return err
	}
	cancel := shopapi.Cancel{ShipmentID: form.Value("shipment_id"), Reason: form.Value("reason")}
	order, err := s.Shop.CancelOrder(s.call(r), id, cancel)
	switch {
	case isCode(err, "order_state"), isCode(err, "shipment_state"):
		s.flash(w, view.FlashWarning, "flash.order_state")
	case err != nil:
		status, err := s.blame(r, &form, err, nil)
		if err != nil {
			return err
		}
		return s.renderOrder(w, r, status, form)
	case order.PaidAt != nil:
		s.flash(w, view.FlashSuccess, "flash.order_refunded")
	default:
		s.flash(w, view.FlashSuccess, "flash.order_cancelled")
	}
	return s.redirect(w, r, "/orders/"+id)
}
