package admin

import (
	"cmp"
	"crypto/rand"
	"net/http"
	"strconv"

	"bookstore/frontend/internal/site"
	"bookstore/frontend/internal/ui"
	"bookstore/shared/apierr"
	"bookstore/shared/httpclient"
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
	return s.renderAdminOrder(w, r, http.StatusOK, ui.Form{}, ui.Form{})
}

func (s pages) renderAdminOrder(w http.ResponseWriter, r *http.Request, status int, confirm, refund ui.Form) error {
	order, err := s.Shop.Order(s.Call(r), mux.Vars(r)["id"])
	if err != nil {
		return err
	}
	p := s.Page(r, site.Words(r).T("order.number", "Number", order.Number))
	shown := AdminOrder{Order: order, Confirm: confirm, Refund: refund, RefundKey: cmp.Or(refund.Value("refund_key"), rand.Text())}
	return s.Render(w, r, status, AdminOrderPage(p, shown), nil)
}

// confirmTransfer answers POST /admin/orders/{id}/confirm: the bank transfer
// for the order came in.
func (s pages) confirmTransfer(w http.ResponseWriter, r *http.Request) error {
	form, err := site.ReadForm(r)
	if err != nil {
		return err
	}
	amount := s.ReadSum(r, &form, "amount")
	if !form.OK() {
		return s.renderAdminOrder(w, r, http.StatusUnprocessableEntity, form, ui.Form{})
	}
	in := shopapi.ConfirmPayment{Amount: amount, Reference: form.Value("reference")}
	if _, err := s.Shop.ConfirmPayment(s.Call(r), form.Value("payment_id"), in); err != nil {
		status, err := s.Blame(r, &form, err, nil)
		if err != nil {
			return err
		}
		return s.renderAdminOrder(w, r, status, form, ui.Form{})
	}
	s.Flash(w, ui.FlashSuccess, "flash.payment_confirmed")
	return s.Redirect(w, r, "/admin/orders/"+mux.Vars(r)["id"])
}

// refundOrder answers POST /admin/orders/{id}/refunds: of a shipment, or of an
// amount.
func (s pages) refundOrder(w http.ResponseWriter, r *http.Request) error {
	form, err := site.ReadForm(r)
	if err != nil {
		return err
	}
	in := shopapi.RefundInput{ShipmentID: form.Value("shipment_id"), Reason: form.Value("reason")}
	if in.ShipmentID == "" {
		in.Amount = s.ReadSum(r, &form, "amount")
	}
	if !form.OK() {
		return s.renderAdminOrder(w, r, http.StatusUnprocessableEntity, ui.Form{}, form)
	}
	id := mux.Vars(r)["id"]
	ctx := s.Call(r)
	if key := form.Value("refund_key"); key != "" {
		ctx = httpclient.WithHeader(ctx, shopapi.HeaderIdempotencyKey, key)
	}
	if _, err := s.Shop.RefundOrder(ctx, id, in); err != nil {
		status, err := s.blameRefund(r, &form, err)
		if err != nil {
			return err
		}
		return s.renderAdminOrder(w, r, status, ui.Form{}, form)
	}
	s.Flash(w, ui.FlashSuccess, "flash.refund_made")
	return s.Redirect(w, r, "/admin/orders/"+id)
}

func (s pages) blameRefund(r *http.Request, form *ui.Form, err error) (int, error) {
	e, ok := apierr.As(err)
	if !ok || e.Code != "refund_too_large" {
		return s.Blame(r, form, err, nil)
	}
	limit, _ := site.ErrorNumber(e.Params, "max")
	form.Blame("amount", site.Words(r).T("admin_orders.refund_too_large", "Max", site.Words(r).Money(s.Minor(limit))))
	return e.GetStatus(), nil
}
