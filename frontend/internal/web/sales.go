package web

import (
	"net/http"

	"bookstore/frontend/internal/view"
	"bookstore/shared/shopapi"

	"github.com/gorilla/mux"
)

// listSales answers GET /selling/orders.
func (s *Server) listSales(w http.ResponseWriter, r *http.Request) error {
	query := shopapi.SaleQuery{State: r.URL.Query().Get("state"), Cursor: r.URL.Query().Get("cursor")}
	sales, err := s.Shop.Sales(s.call(r), query)
	if err != nil {
		return err
	}
	list := view.SaleList{State: query.State, Sales: sales.Items, Next: nextURL(r, sales.NextCursor)}
	return s.render(w, r, http.StatusOK, view.SalesPage(s.page(r, words(r).T("sales.title")), list), nil)
}

// showSale answers GET /selling/orders/{id}.
func (s *Server) showSale(w http.ResponseWriter, r *http.Request) error {
	return s.renderSale(w, r, http.StatusOK, view.Form{})
}

func (s *Server) renderSale(w http.ResponseWriter, r *http.Request, status int, form view.Form) error {
	sale, err := s.Shop.Sale(s.call(r), mux.Vars(r)["id"])
	if err != nil {
		return err
	}
	p := s.page(r, words(r).T("sales.sale", "Number", sale.OrderNumber))
	return s.render(w, r, status, view.SalePage(p, view.Sale{Sale: sale, Form: form}), nil)
}

// acceptSale answers POST /selling/orders/{id}/accept.
func (s *Server) acceptSale(w http.ResponseWriter, r *http.Request) error {
	_, err := s.Shop.AcceptShipment(s.call(r), mux.Vars(r)["id"])
	return s.saleMoved(w, r, view.Form{}, err, "flash.sale_accepted")
}

// dispatchSale answers POST /selling/orders/{id}/dispatch.
func (s *Server) dispatchSale(w http.ResponseWriter, r *http.Request) error {
	form, err := readForm(r)
	if err != nil {
		return err
	}
	_, err = s.Shop.DispatchShipment(s.call(r), mux.Vars(r)["id"], shopapi.Dispatch{TrackingNumber: form.Value("tracking_number")})
	return s.saleMoved(w, r, form, err, "flash.sale_dispatched")
}

// deliverSale answers POST /selling/orders/{id}/deliver.
func (s *Server) deliverSale(w http.ResponseWriter, r *http.Request) error {
	_, err := s.Shop.DeliverShipment(s.call(r), mux.Vars(r)["id"])
	return s.saleMoved(w, r, view.Form{}, err, "flash.sale_delivered")
}

// rejectSale answers POST /selling/orders/{id}/reject.
func (s *Server) rejectSale(w http.ResponseWriter, r *http.Request) error {
	form, err := readForm(r)
	if err != nil {
		return err
	}
	reject := shopapi.Reject{Reason: form.Value("reason"), Restock: form.Value("restock") == "true"}
	_, err = s.Shop.RejectShipment(s.call(r), mux.Vars(r)["id"], reject)
	return s.saleMoved(w, r, form, err, "flash.sale_rejected")
}

// saleMoved answers a form that moved a sale on, or could not.
func (s *Server) saleMoved(w http.ResponseWriter, r *http.Request, form view.Form, err error, done string) error {
	switch {
	case isCode(err, "shipment_state"):
		s.flash(w, view.FlashWarning, "flash.shipment_state")
	case err != nil:
		status, err := s.blame(r, &form, err, nil)
		if err != nil {
			return err
		}
		return s.renderSale(w, r, status, form)
	default:
		s.flash(w, view.FlashSuccess, done)
	}
	return s.redirect(w, r, "/selling/orders/"+mux.Vars(r)["id"])
}
