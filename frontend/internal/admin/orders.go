package admin

import (
	"net/http"
	"strconv"

	"bookstore/frontend/internal/site"
	"bookstore/frontend/internal/ui"
	"bookstore/shared/apierr"
	"bookstore/shared/shopapi"

	"github.com/gorilla/mux"
)

// listOrders answers GET /admin/orders.
func (s pages) listOrders(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	buyer, _ := strconv.ParseInt(q.Get("buyer_id"), 10, 64) // anything else is everybody
	query := shopapi.OrderQuery{Q: q.Get("q"), State: q.Get("state"), BuyerID: max(buyer, 0), Cursor: q.Get("cursor")}
	orders, err := s.Shop.AllOrders(s.Call(r), query)
	if err != nil {
		return err
	}
	list := AdminOrderList{Q: query.Q, State: query.State, Orders: orders.Items, Next: site.NextURL(r, orders.NextCursor)}
	return s.Render(w, r, http.StatusOK, AdminOrdersPage(s.Page(r, site.Words(r).T("admin_orders.title")), list), nil)
}

// showOrder answers GET /admin/orders/{id}.
func (s pages) showOrder(w http.ResponseWriter, r *http.Request) error {
	return s.renderOrder(w, r, http.StatusOK, AdminOrder{})
}

func (s pages) showTransfer(w http.ResponseWriter, r *http.Request, status int, form ui.Form) error {
	return s.renderOrder(w, r, status, AdminOrder{Confirm: form})
}

func (s pages) showRefund(w http.ResponseWriter, r *http.Request, status int, form ui.Form) error {
	return s.renderOrder(w, r, status, AdminOrder{Refund: form})
}

// renderOrder shows the order that the path names, with the forms as they are in
// shown.
func (s pages) renderOrder(w http.ResponseWriter, r *http.Request, status int, shown AdminOrder) error {
	order, err := s.Shop.Order(s.Call(r), mux.Vars(r)["id"])
	if err != nil {
		return err
	}
	shown.Order = order
	p := s.Page(r, site.Words(r).T("order.number", "Number", order.Number))
	return s.Render(w, r, status, AdminOrderPage(p, shown), nil)
}

// confirmTransfer answers POST /admin/orders/{id}/confirm: the bank transfer
// for the order came in.
func (s pages) confirmTransfer(w http.ResponseWriter, r *http.Request, form *ui.Form) error {
	form.Order = []string{"amount", "reference"}
	in := shopapi.ConfirmPayment{Amount: s.ReadSum(r, form, "amount"), Reference: form.Value("reference")}
	if _, err := s.Shop.ConfirmPayment(s.Call(r), form.Value("payment_id"), in); err != nil {
		return err
	}
	s.Flash(w, ui.FlashSuccess, "flash.payment_confirmed")
	return s.Redirect(w, r, "/admin/orders/"+mux.Vars(r)["id"])
}

// refundOrder answers POST /admin/orders/{id}/refunds: of a shipment, or of an
// amount.
func (s pages) refundOrder(w http.ResponseWriter, r *http.Request, form *ui.Form) error {
	form.Order = []string{"shipment_id", "amount", "reason"}
	in := shopapi.RefundInput{ShipmentID: form.Value("shipment_id"), Reason: form.Value("reason")}
	if in.ShipmentID == "" {
		in.Amount = s.ReadSum(r, form, "amount")
	}
	id := mux.Vars(r)["id"]
	_, err := s.Shop.RefundOrder(s.CallOnce(r, form), id, in)
	if e, ok := apierr.As(err); ok && e.Code == shopapi.CodeRefundTooLarge {
		limit, _ := site.ErrorNumber(e.Params, "max")
		t := site.Words(r)
		form.Blame("amount", t.T("admin_orders.refund_too_large", "Max", t.Money(s.Minor(limit))))
		return form.Err()
	}
	if err != nil {
		return err
	}
	s.Flash(w, ui.FlashSuccess, "flash.refund_made")
	return s.Redirect(w, r, "/admin/orders/"+id)
}
