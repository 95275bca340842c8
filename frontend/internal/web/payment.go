package web

import (
	"net/http"
	"strconv"
	"strings"

	"bookstore/frontend/internal/view"
	"bookstore/shared/apierr"
	"bookstore/shared/shopapi"

	"github.com/gorilla/mux"
	"golang.org/x/sync/errgroup"
)

// sandboxPayPalPath is the page that stands in for PayPal's.
const sandboxPayPalPath = "/sandbox/paypal"

// confirmingSeconds is how often a browser without scripts looks again.
const confirmingSeconds = 3

// showPayment answers GET /orders/{id}/payment with what the order's state
// calls for: the form, the wait, the instructions, or the order itself.
func (s *Server) showPayment(w http.ResponseWriter, r *http.Request) error {
	var (
		order   shopapi.Order
		methods shopapi.PaymentMethods
		calls   errgroup.Group
	)
	ctx := s.call(r)
	calls.Go(func() (err error) { order, err = s.Shop.Order(ctx, mux.Vars(r)["id"]); return err })
	calls.Go(func() (err error) { methods, err = s.Shop.PaymentMethods(ctx); return err })
	if err := calls.Wait(); err != nil {
		return err
	}
	waiting := order.State == shopapi.OrderAwaitingPayment && !r.URL.Query().Has("change")
	if order.CanPay && !waiting && !isPartial(r) {
		return s.renderPayment(w, r, http.StatusOK, order, methods, paymentForm(order, methods))
	}
	return s.followPayment(w, r, order)
}

// followPayment shows how far an order that can't be paid by the form has come.
func (s *Server) followPayment(w http.ResponseWriter, r *http.Request, order shopapi.Order) error {
	switch order.State {
	case shopapi.OrderPending, shopapi.OrderAuthorising, shopapi.OrderAuthorised, shopapi.OrderCommitted, shopapi.OrderCapturing, shopapi.OrderVoiding:
		p := s.page(r, words(r).T("payment.confirming.title"))
		p.Refresh = confirmingSeconds
		return s.render(w, r, http.StatusOK, view.PaymentConfirmingPage(p, order), view.PaymentConfirming(p, order))
	case shopapi.OrderReserved: // a script that waited learns that it was declined
		return s.redirect(w, r, "/orders/"+order.ID+"/payment")
	case shopapi.OrderAwaitingPayment:
		return s.showAwaited(w, r, order)
	case shopapi.OrderPaid:
		s.flash(w, view.FlashSuccess, "flash.order_paid")
	}
	return s.redirect(w, r, "/orders/"+order.ID)
}

// showAwaited tells what a buyer has to do for the payment to arrive.
func (s *Server) showAwaited(w http.ResponseWriter, r *http.Request, order shopapi.Order) error {
	payment := order.Payment
	switch {
	case isPartial(r):
		return s.redirect(w, r, "/orders/"+order.ID+"/payment")
	case payment == nil:
		return s.redirect(w, r, "/orders/"+order.ID)
	case payment.Method == shopapi.MethodBankTransfer:
		p := s.page(r, words(r).T("payment.transfer.title"))
		return s.render(w, r, http.StatusOK, view.PaymentTransferPage(p, order), nil)
	case payment.RedirectURL != "":
		p := s.page(r, words(r).T("payment.redirect.title"))
		return s.render(w, r, http.StatusOK, view.PaymentRedirectPage(p, order, s.own(payment.RedirectURL)), nil)
	}
	p := s.page(r, words(r).T("payment.confirming.title"))
	p.Refresh = confirmingSeconds
	return s.render(w, r, http.StatusOK, view.PaymentConfirmingPage(p, order), nil)
}

// payOrder answers POST /orders/{id}/payment.
func (s *Server) payOrder(w http.ResponseWriter, r *http.Request) error {
	id := mux.Vars(r)["id"]
	form, err := readForm(r)
	if err != nil {
		return err
	}
	pay := s.readPay(r, &form, id)
	if !form.OK() {
		return s.paymentAgain(w, r, http.StatusUnprocessableEntity, id, form)
	}
	order, err := s.Shop.PayOrder(s.call(r), id, pay)
	switch {
	case isCode(err, "order_state"), apierr.IsKind(err, apierr.KindUnavailable):
		// Somebody was quicker, or nobody knows whether it was paid: the order
		// itself will tell.
		return s.redirect(w, r, "/orders/"+id+"/payment")
	case err != nil:
		status, err := s.blame(r, &form, err, func(field string) string { return strings.TrimPrefix(field, "card.") })
		if err != nil {
			return err
		}
		return s.paymentAgain(w, r, status, id, form)
	}
	return s.goOnPaying(w, r, order)
}

// goOnPaying leads the buyer on after an attempt to pay: to the gateway, or to
// the page that shows what became of it.
func (s *Server) goOnPaying(w http.ResponseWriter, r *http.Request, order shopapi.Order) error {
	payment := order.Payment
	switch {
	case order.State == shopapi.OrderPaid:
		s.flash(w, view.FlashSuccess, "flash.order_paid")
		return s.redirect(w, r, "/orders/"+order.ID)
	case payment != nil && payment.State == shopapi.PaymentRedirect && payment.RedirectURL != "":
		return s.redirect(w, r, s.own(payment.RedirectURL))
	}
	return s.redirect(w, r, "/orders/"+order.ID+"/payment")
}

// readPay reads the form, and blames what is missing of it.
func (s *Server) readPay(r *http.Request, form *view.Form, id string) shopapi.Pay {
	pay := shopapi.Pay{Method: form.Value("method"), ReturnURL: s.absolute("/orders/" + id + "/payment")}
	if pay.Method == "" {
		form.Blame("method", words(r).T("payment.choose_method"))
	}
	if pay.Method == shopapi.MethodCard && form.Values.Has("number") {
		pay.Card = s.readCard(r, form)
	}
	return pay
}

func (s *Server) readCard(r *http.Request, form *view.Form) *shopapi.Card {
	for _, name := range []string{"number", "exp_month", "exp_year", "cvc"} {
		if form.Value(name) == "" {
			form.Blame(name, s.fieldSentence(words(r), apierr.FieldError{Field: name, Code: "required"}))
		}
	}
	month := s.readCardNumber(r, form, "exp_month")
	year := s.readCardNumber(r, form, "exp_year")
	if year > 0 && year < 100 {
		year += 2000
	}
	return &shopapi.Card{Number: form.Value("number"), ExpMonth: month, ExpYear: year, CVC: form.Value("cvc")}
}

func (s *Server) readCardNumber(r *http.Request, form *view.Form, name string) int {
	text := form.Value(name)
	if text == "" {
		return 0
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		form.Blame(name, s.fieldSentence(words(r), apierr.FieldError{Field: name, Code: "bad_format"}))
	}
	return n
}

// paymentAgain shows the form with what is wrong. The card is not filled in
// again.
func (s *Server) paymentAgain(w http.ResponseWriter, r *http.Request, status int, id string, form view.Form) error {
	var (
		order   shopapi.Order
		methods shopapi.PaymentMethods
		calls   errgroup.Group
	)
	ctx := s.call(r)
	calls.Go(func() (err error) { order, err = s.Shop.Order(ctx, id); return err })
	calls.Go(func() (err error) { methods, err = s.Shop.PaymentMethods(ctx); return err })
	if err := calls.Wait(); err != nil {
		return err
	}
	if !order.CanPay {
		return s.followPayment(w, r, order)
	}
	return s.renderPayment(w, r, status, order, methods, form)
}

func (s *Server) renderPayment(w http.ResponseWriter, r *http.Request, status int, order shopapi.Order, methods shopapi.PaymentMethods, form view.Form) error {
	p := s.page(r, words(r).T("payment.title"))
	shown := view.Payment{Order: order, Methods: methods, Form: form}
	return s.render(w, r, status, view.PaymentPage(p, shown), nil)
}

// paymentForm chooses the way to pay that was tried last, or the first.
func paymentForm(order shopapi.Order, methods shopapi.PaymentMethods) view.Form {
	if order.Payment != nil {
		return view.NewForm("method", order.Payment.Method)
	}
	if len(methods.Methods) > 0 {
		return view.NewForm("method", methods.Methods[0])
	}
	return view.NewForm()
}

// showSandboxPayPal answers GET /sandbox/paypal?key=.
func (s *Server) showSandboxPayPal(w http.ResponseWriter, r *http.Request) error {
	key := r.URL.Query().Get("key")
	payment, err := s.Shop.SandboxPayPal(s.call(r), key)
	if err != nil {
		return err
	}
	if payment.Outcome != "" {
		return s.redirect(w, r, localPath(s.own(payment.ReturnURL), "/orders"))
	}
	p := s.page(r, words(r).T("sandbox.title"))
	return s.render(w, r, http.StatusOK, view.SandboxPayPalPage(p, view.SandboxPayPal{Key: key, Payment: payment}), nil)
}

// decideSandboxPayPal answers POST /sandbox/paypal.
func (s *Server) decideSandboxPayPal(w http.ResponseWriter, r *http.Request) error {
	form, err := readForm(r)
	if err != nil {
		return err
	}
	payment, err := s.Shop.SandboxEvent(s.call(r), shopapi.SandboxEvent{Key: form.Value("key"), Outcome: form.Value("outcome")})
	if err != nil {
		return err
	}
	return s.redirect(w, r, localPath(s.own(payment.ReturnURL), "/orders"))
}
