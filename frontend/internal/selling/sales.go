package selling

import (
	"net/http"

	"bookstore/frontend/internal/site"
	"bookstore/frontend/internal/ui"
	"bookstore/shared/shopapi"

	"github.com/gorilla/mux"
)

// listSales answers GET /selling/orders.
func (s pages) listSales(w http.ResponseWriter, r *http.Request) error {
	query := shopapi.SaleQuery{State: r.URL.Query().Get("state"), Cursor: r.URL.Query().Get("cursor")}
	sales, err := s.Shop.Sales(s.Call(r), query)
	if err != nil {
		return err
	}
	list := SaleList{State: query.State, Sales: sales.Items, Next: site.NextURL(r, sales.NextCursor)}
	return s.Render(w, r, http.StatusOK, SalesPage(s.Page(r, site.Words(r).T("sales.title")), list), nil)
}

// showSale answers GET /selling/orders/{id}.
func (s pages) showSale(w http.ResponseWriter, r *http.Request) error {
	return s.renderSale(w, r, http.StatusOK, ui.Form{})
}

func (s pages) renderSale(w http.ResponseWriter, r *http.Request, status int, form ui.Form) error {
	sale, err := s.Shop.Sale(s.Call(r), mux.Vars(r)["id"])
	if err != nil {
		return err
	}
	p := s.Page(r, site.Words(r).T("sales.sale", "Number", sale.OrderNumber))
	return s.Render(w, r, status, SalePage(p, Sale{Sale: sale, Form: form}), nil)
}

// acceptSale answers POST /selling/orders/{id}/accept.
func (s pages) acceptSale(w http.ResponseWriter, r *http.Request, _ *ui.Form) error {
	_, err := s.Shop.AcceptShipment(s.Call(r), mux.Vars(r)["id"])
	return s.saleMoved(w, r, err, "flash.sale_accepted")
}

// dispatchSale answers POST /selling/orders/{id}/dispatch.
func (s pages) dispatchSale(w http.ResponseWriter, r *http.Request, form *ui.Form) error {
	_, err := s.Shop.DispatchShipment(s.Call(r), mux.Vars(r)["id"], shopapi.Dispatch{TrackingNumber: form.Value("tracking_number")})
	return s.saleMoved(w, r, err, "flash.sale_dispatched")
}

// deliverSale answers POST /selling/orders/{id}/deliver.
func (s pages) deliverSale(w http.ResponseWriter, r *http.Request, _ *ui.Form) error {
	_, err := s.Shop.DeliverShipment(s.Call(r), mux.Vars(r)["id"])
	return s.saleMoved(w, r, err, "flash.sale_delivered")
}

// rejectSale answers POST /selling/orders/{id}/reject.
func (s pages) rejectSale(w http.ResponseWriter, r *http.Request, form *ui.Form) error {
	reject := shopapi.Reject{Reason: form.Value("reason"), Restock: form.Value("restock") == "true"}
	_, err := s.Shop.RejectShipment(s.Call(r), mux.Vars(r)["id"], reject)
	return s.saleMoved(w, r, err, "flash.sale_rejected")
}

// saleMoved answers a form that moved a sale on, or could not.
func (s pages) saleMoved(w http.ResponseWriter, r *http.Request, err error, done string) error {
	switch {
	case site.IsCode(err, shopapi.CodeShipmentState):
		s.Flash(w, ui.FlashWarning, "flash.shipment_state")
	case err != nil:
		return err
	default:
		s.Flash(w, ui.FlashSuccess, done)
	}
	return s.Redirect(w, r, "/selling/orders/"+mux.Vars(r)["id"])
}
