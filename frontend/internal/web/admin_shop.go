package web

import (
	"cmp"
	"context"
	"crypto/rand"
	"fmt"
	"net/http"
	"strconv"

	"bookstore/frontend/internal/view"
	"bookstore/shared/apierr"
	"bookstore/shared/httpclient"
	"bookstore/shared/shopapi"

	"github.com/gorilla/mux"
)

// listAllOrders answers GET /admin/orders.
func (s *Server) listAllOrders(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	buyer, _ := strconv.ParseInt(q.Get("buyer_id"), 10, 64) // anything else is everybody
	query := shopapi.OrderQuery{Q: q.Get("q"), State: q.Get("state"), BuyerID: max(buyer, 0), Cursor: q.Get("cursor")}
	orders, err := s.Shop.AllOrders(s.call(r), query)
	if err != nil {
		return err
	}
	list := view.AdminOrderList{Q: query.Q, State: query.State, Orders: orders.Items, Next: nextURL(r, orders.NextCursor)}
	return s.render(w, r, http.StatusOK, view.AdminOrdersPage(s.page(r, words(r).T("admin_orders.title")), list), nil)
}

// showAdminOrder answers GET /admin/orders/{id}.
func (s *Server) showAdminOrder(w http.ResponseWriter, r *http.Request) error {
	return s.renderAdminOrder(w, r, http.StatusOK, view.Form{}, view.Form{})
}

func (s *Server) renderAdminOrder(w http.ResponseWriter, r *http.Request, status int, confirm, refund view.Form) error {
	order, err := s.Shop.Order(s.call(r), mux.Vars(r)["id"])
	if err != nil {
		return err
	}
	p := s.page(r, words(r).T("order.number", "Number", order.Number))
	shown := view.AdminOrder{Order: order, Confirm: confirm, Refund: refund, RefundKey: cmp.Or(refund.Value("refund_key"), rand.Text())}
	return s.render(w, r, status, view.AdminOrderPage(p, shown), nil)
}

// confirmTransfer answers POST /admin/orders/{id}/confirm: the bank transfer
// for the order came in.
func (s *Server) confirmTransfer(w http.ResponseWriter, r *http.Request) error {
	form, err := readForm(r)
	if err != nil {
		return err
	}
	amount := s.readSum(r, &form, "amount")
	if !form.OK() {
		return s.renderAdminOrder(w, r, http.StatusUnprocessableEntity, form, view.Form{})
	}
	in := shopapi.ConfirmPayment{Amount: amount, Reference: form.Value("reference")}
	if _, err := s.Shop.ConfirmPayment(s.call(r), form.Value("payment_id"), in); err != nil {
		status, err := s.blame(r, &form, err, nil)
		if err != nil {
			return err
		}
		return s.renderAdminOrder(w, r, status, form, view.Form{})
	}
	s.flash(w, view.FlashSuccess, "flash.payment_confirmed")
	return s.redirect(w, r, "/admin/orders/"+mux.Vars(r)["id"])
}

// refundOrder answers POST /admin/orders/{id}/refunds: of a shipment, or of an
// amount.
func (s *Server) refundOrder(w http.ResponseWriter, r *http.Request) error {
	form, err := readForm(r)
	if err != nil {
		return err
	}
	in := shopapi.RefundInput{ShipmentID: form.Value("shipment_id"), Reason: form.Value("reason")}
	if in.ShipmentID == "" {
		in.Amount = s.readSum(r, &form, "amount")
	}
	if !form.OK() {
		return s.renderAdminOrder(w, r, http.StatusUnprocessableEntity, view.Form{}, form)
	}
	id := mux.Vars(r)["id"]
	ctx := s.call(r)
	if key := form.Value("refund_key"); key != "" {
		ctx = httpclient.WithHeader(ctx, shopapi.HeaderIdempotencyKey, key)
	}
	if _, err := s.Shop.RefundOrder(ctx, id, in); err != nil {
		status, err := s.blameRefund(r, &form, err)
		if err != nil {
			return err
		}
		return s.renderAdminOrder(w, r, status, view.Form{}, form)
	}
	s.flash(w, view.FlashSuccess, "flash.refund_made")
	return s.redirect(w, r, "/admin/orders/"+id)
}

func (s *Server) blameRefund(r *http.Request, form *view.Form, err error) (int, error) {
	e, ok := apierr.As(err)
	if !ok || e.Code != "refund_too_large" {
		return s.blame(r, form, err, nil)
	}
	limit, _ := number(e.Params, "max")
	form.Blame("amount", words(r).T("admin_orders.refund_too_large", "Max", words(r).Money(s.minor(limit))))
	return e.GetStatus(), nil
}

// readSum reads an amount of money that has to be there.
func (s *Server) readSum(r *http.Request, form *view.Form, name string) int64 {
	text := form.Value(name)
	if text == "" {
		form.Blame(name, s.fieldSentence(words(r), apierr.FieldError{Field: name, Code: "required"}))
		return 0
	}
	return s.readAmount(r, form, name, text)
}

// listProviders answers GET /admin/delivery-providers.
func (s *Server) listProviders(w http.ResponseWriter, r *http.Request) error {
	providers, err := s.Shop.DeliveryProviders(s.call(r))
	if err != nil {
		return err
	}
	t := words(r)
	list := view.ProviderList{Home: view.CountryName(t.Lang(), providers.HomeCountry), Items: providers.Items}
	return s.render(w, r, http.StatusOK, view.ProvidersPage(s.page(r, t.T("providers.title")), list), nil)
}

// newProvider answers GET /admin/delivery-providers/new.
func (s *Server) newProvider(w http.ResponseWriter, r *http.Request) error {
	form := view.NewForm("active", "true", "coverage", shopapi.CoverageNational)
	return s.renderProvider(w, r, http.StatusOK, shopapi.DeliveryProvider{}, form)
}

// editProvider answers GET /admin/delivery-providers/{id}/edit.
func (s *Server) editProvider(w http.ResponseWriter, r *http.Request) error {
	d, err := s.provider(r)
	if err != nil {
		return err
	}
	form := view.NewForm("name", d.Name, "coverage", d.Coverage, "cost", d.Cost.Decimal(), "active", fmt.Sprint(d.Active))
	return s.renderProvider(w, r, http.StatusOK, d, form)
}

func (s *Server) renderProvider(w http.ResponseWriter, r *http.Request, status int, d shopapi.DeliveryProvider, form view.Form) error {
	title := words(r).T("providers.add")
	if d.ID != 0 {
		title = words(r).T("providers.edit_title", "Name", d.Name)
	}
	shown := view.ProviderForm{ID: d.ID, Name: d.Name, Currency: s.Currency, Form: form}
	return s.render(w, r, status, view.ProviderPage(s.page(r, title), shown), nil)
}

// provider returns the delivery provider that the path names.
func (s *Server) provider(r *http.Request) (shopapi.DeliveryProvider, error) {
	id, err := pathID(r)
	if err != nil {
		return shopapi.DeliveryProvider{}, err
	}
	providers, err := s.Shop.DeliveryProviders(s.call(r))
	if err != nil {
		return shopapi.DeliveryProvider{}, err
	}
	for _, d := range providers.Items {
		if d.ID == id {
			return d, nil
		}
	}
	return shopapi.DeliveryProvider{}, errNotFound
}

// addProvider answers POST /admin/delivery-providers.
func (s *Server) addProvider(w http.ResponseWriter, r *http.Request) error {
	return s.saveProvider(w, r, shopapi.DeliveryProvider{}, s.Shop.CreateDeliveryProvider)
}

// changeProvider answers POST /admin/delivery-providers/{id}.
func (s *Server) changeProvider(w http.ResponseWriter, r *http.Request) error {
	d, err := s.provider(r)
	if err != nil {
		return err
	}
	return s.saveProvider(w, r, d, func(ctx context.Context, in shopapi.DeliveryProviderInput) (shopapi.DeliveryProvider, error) {
		return s.Shop.UpdateDeliveryProvider(ctx, d.ID, in)
	})
}

// saveProvider hands what the form says of a delivery provider to save, or
// shows the form again.
func (s *Server) saveProvider(w http.ResponseWriter, r *http.Request, d shopapi.DeliveryProvider,
	save func(context.Context, shopapi.DeliveryProviderInput) (shopapi.DeliveryProvider, error)) error {
	form, err := readForm(r)
	if err != nil {
		return err
	}
	in := shopapi.DeliveryProviderInput{
		Name:     form.Value("name"),
		Coverage: form.Value("coverage"),
		Cost:     s.readSum(r, &form, "cost"),
		Active:   form.Value("active") == "true",
	}
	if !form.OK() {
		return s.renderProvider(w, r, http.StatusUnprocessableEntity, d, form)
	}
	if _, err := save(s.call(r), in); err != nil {
		status, err := s.blame(r, &form, err, nil)
		if err != nil {
			return err
		}
		return s.renderProvider(w, r, status, d, form)
	}
	s.flash(w, view.FlashSuccess, "flash.provider_saved")
	return s.redirect(w, r, "/admin/delivery-providers")
}

// offerProvider answers POST /admin/delivery-providers/{id}/active: whether
// buyers are offered it.
func (s *Server) offerProvider(w http.ResponseWriter, r *http.Request) error {
	form, err := readForm(r)
	if err != nil {
		return err
	}
	d, err := s.provider(r)
	if err != nil {
		return err
	}
	in := shopapi.DeliveryProviderInput{
		Name: d.Name, Coverage: d.Coverage, Cost: d.Cost.Amount, Active: form.Value("active") == "true",
	}
	if _, err := s.Shop.UpdateDeliveryProvider(s.call(r), d.ID, in); err != nil {
		return err
	}
	s.flash(w, view.FlashSuccess, "flash.provider_saved")
	return s.redirect(w, r, "/admin/delivery-providers")
}

// deleteProvider answers POST /admin/delivery-providers/{id}/delete.
func (s *Server) deleteProvider(w http.ResponseWriter, r *http.Request) error {
	id, err := pathID(r)
	if err != nil {
		return err
	}
	if err := s.Shop.DeleteDeliveryProvider(s.call(r), id); err != nil {
		return err
	}
	s.flash(w, view.FlashSuccess, "flash.provider_deleted")
	return s.redirect(w, r, "/admin/delivery-providers")
}
