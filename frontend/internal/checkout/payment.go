package checkout

import (
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"

	"bookstore/frontend/internal/site"
	"bookstore/frontend/internal/ui"
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
func (s pages) showPayment(w http.ResponseWriter, r *http.Request) error {
	var (
		order   shopapi.Order
		methods shopapi.PaymentMethods
		calls   errgroup.Group
	)
	ctx := s.Call(r)
	calls.Go(func() (err error) { order, err = s.Shop.Order(ctx, mux.Vars(r)["id"]); return err })
	calls.Go(func() (err error) { methods, err = s.Shop.PaymentMethods(ctx); return err })
	if err := calls.Wait(); err != nil {
		return err
	}
	waiting := order.State == shopapi.OrderAwaitingPayment && !r.URL.Query().Has("change")
	if order.CanPay && !waiting && !site.IsPartial(r) {
		return s.renderPayment(w, r, http.StatusOK, order, methods, paymentForm(order, methods))
	}
	return s.followPayment(w, r, order)
}

// followPayment shows how far an order that can't be paid by the form has come.
func (s pages) followPayment(w http.ResponseWriter, r *http.Request, order shopapi.Order) error {
	switch order.State {
	case shopapi.OrderPending, shopapi.OrderAuthorising, shopapi.OrderAuthorised, shopapi.OrderCommitted, shopapi.OrderCapturing, shopapi.OrderVoiding:
		p := s.Page(r, site.Words(r).T("payment.confirming.title"))
		p.Refresh = confirmingSeconds
		return s.Render(w, r, http.StatusOK, PaymentConfirmingPage(p, order), PaymentConfirming(p, order))
	case shopapi.OrderReserved:
		if order.CanPay { // a script that waited learns that it was declined
			return s.Redirect(w, r, "/orders/"+order.ID+"/payment")
		}
		s.Flash(w, ui.FlashError, "flash.order_lapsed") // it is past its time, and about to be expired
	case shopapi.OrderAwaitingPayment:
		return s.showAwaited(w, r, order)
	case shopapi.OrderPaid:
		return s.showDone(w, r, order)
	}
	return s.Redirect(w, r, "/orders/"+order.ID)
}

// showAwaited tells what a buyer has to do for the payment to arrive.
func (s pages) showAwaited(w http.ResponseWriter, r *http.Request, order shopapi.Order) error {
	payment := order.Payment
	switch {
	case payment == nil:
		return s.Redirect(w, r, "/orders/"+order.ID)
	case payment.Method != shopapi.MethodBankTransfer && payment.RedirectURL == "":
		p := s.Page(r, site.Words(r).T("payment.confirming.title"))
		p.Refresh = confirmingSeconds
		return s.Render(w, r, http.StatusOK, PaymentConfirmingPage(p, order), PaymentConfirming(p, order))
	case site.IsPartial(r): // a script that waited learns that there is something to do
		return s.Redirect(w, r, "/orders/"+order.ID+"/payment")
	case payment.Method == shopapi.MethodBankTransfer:
		p := s.Page(r, site.Words(r).T("payment.transfer.title"))
		return s.Render(w, r, http.StatusOK, PaymentTransferPage(p, order), nil)
	}
	p := s.Page(r, site.Words(r).T("payment.redirect.title"))
	return s.Render(w, r, http.StatusOK, PaymentRedirectPage(p, order, s.OwnPath(payment.RedirectURL)), nil)
}

// payOrder answers POST /orders/{id}/payment.
func (s pages) payOrder(w http.ResponseWriter, r *http.Request, form *ui.Form) error {
	id := mux.Vars(r)["id"]
	form.Order, form.FieldOf = []string{"method", "number", "expiry", "cvc"}, cardField
	pay := s.readPay(r, form, id)
	if err := form.Err(); err != nil {
		return err
	}
	order, err := s.Shop.PayOrder(s.Call(r), id, pay)
	switch {
	case err == nil:
		return s.goOnPaying(w, r, order)
	case site.IsCode(err, shopapi.CodeOrderState), apierr.IsKind(err, apierr.KindUnavailable):
		// Somebody was quicker, or nobody knows whether it was paid: the order
		// itself will tell.
		return s.Redirect(w, r, "/orders/"+id+"/payment")
	}
	return err
}

// cardField names the form's field for one of the API.
func cardField(field string) string {
	switch field = strings.TrimPrefix(field, "card."); field {
	case "exp_month", "exp_year":
		return "expiry"
	}
	return field
}

// goOnPaying leads the buyer on after an attempt to pay: to the gateway, or to
// the page that shows what became of it.
func (s pages) goOnPaying(w http.ResponseWriter, r *http.Request, order shopapi.Order) error {
	if p := order.Payment; p != nil && p.State == shopapi.PaymentRedirect && p.RedirectURL != "" && order.State != shopapi.OrderPaid {
		return s.Redirect(w, r, s.OwnPath(p.RedirectURL))
	}
	return s.Redirect(w, r, "/orders/"+order.ID+"/payment")
}

// readPay reads the form, and blames what is missing of it.
func (s pages) readPay(r *http.Request, form *ui.Form, id string) shopapi.Pay {
	pay := shopapi.Pay{Method: form.Value("method"), ReturnURL: s.Absolute("/orders/" + id + "/payment")}
	if pay.Method == "" {
		form.Blame("method", site.Words(r).T("payment.choose_method"))
	}
	if pay.Method == shopapi.MethodCard && form.Values.Has("number") {
		pay.Card = s.readCard(r, form)
	}
	return pay
}

func (s pages) readCard(r *http.Request, form *ui.Form) *shopapi.Card {
	if form.Values.Has("exp_month") { // typed on a page of the release before, which has two fields
		form.Values.Set("expiry", form.Value("exp_month")+"/"+form.Value("exp_year"))
	}
	for _, name := range []string{"number", "expiry", "cvc"} {
		if form.Value(name) == "" {
			s.Blame(r, form, name, apierr.CodeRequired)
		}
	}
	month, year, ok := readExpiry(form.Value("expiry"))
	if !ok && form.Value("expiry") != "" {
		s.Blame(r, form, "expiry", apierr.CodeBadFormat)
	}
	card := shopapi.Card{Number: form.Value("number"), ExpMonth: month, ExpYear: year, CVC: form.Value("cvc")}
	s.BlameAlso(r, form, card.Tidy().Check(time.Now()))
	return &card
}

// expiries are the ways to write a card's last month: as it is printed, "12/31",
// with any mark or none in between, and as some programs fill it in, "2031-12".
var expiries = []*regexp.Regexp{
	regexp.MustCompile(`^(?P<month>\d{1,2})(?:\s*[-/.\s]\s*)(?P<year>\d{2}|\d{4})$`),
	regexp.MustCompile(`^(?P<month>\d{2})(?P<year>\d{2}|\d{4})$`),
	regexp.MustCompile(`^(?P<year>\d{4})-(?P<month>\d{1,2})$`),
}

// readExpiry returns the month in which a card ends.
func readExpiry(typed string) (month, year int, ok bool) {
	typed = strings.NewReplacer("–", "-", "—", "-").Replace(strings.TrimSpace(typed))
	for _, expiry := range expiries {
		m := expiry.FindStringSubmatch(typed)
		if m == nil {
			continue
		}
		month, _ = strconv.Atoi(m[expiry.SubexpIndex("month")])
		year, _ = strconv.Atoi(m[expiry.SubexpIndex("year")])
		if year < 100 {
			year += 2000
		}
		return month, year, month >= 1 && month <= 12
	}
	return 0, 0, false
}

// paymentAgain shows the form with what is wrong. The card is not filled in
// again.
func (s pages) paymentAgain(w http.ResponseWriter, r *http.Request, status int, form ui.Form) error {
	var (
		order   shopapi.Order
		methods shopapi.PaymentMethods
		calls   errgroup.Group
	)
	ctx := s.Call(r)
	calls.Go(func() (err error) { order, err = s.Shop.Order(ctx, mux.Vars(r)["id"]); return err })
	calls.Go(func() (err error) { methods, err = s.Shop.PaymentMethods(ctx); return err })
	if err := calls.Wait(); err != nil {
		return err
	}
	if !order.CanPay {
		return s.followPayment(w, r, order)
	}
	return s.renderPayment(w, r, status, order, methods, form)
}

func (s pages) renderPayment(w http.ResponseWriter, r *http.Request, status int, order shopapi.Order, methods shopapi.PaymentMethods, form ui.Form) error {
	p := s.Page(r, site.Words(r).T("payment.title"))
	shown := Payment{Order: order, Methods: methods, Form: form}
	return s.Render(w, r, status, PaymentPage(p, shown), nil)
}

// paymentForm chooses the way to pay that was tried last, or the first.
func paymentForm(order shopapi.Order, methods shopapi.PaymentMethods) ui.Form {
	if order.Payment != nil {
		return ui.NewForm("method", order.Payment.Method)
	}
	if len(methods.Methods) > 0 {
		return ui.NewForm("method", methods.Methods[0])
	}
	return ui.NewForm()
}

// showSandboxPayPal answers GET /sandbox/paypal?key=.
func (s pages) showSandboxPayPal(w http.ResponseWriter, r *http.Request) error {
	key := r.URL.Query().Get("key")
	payment, err := s.Shop.SandboxPayPal(s.Call(r), key)
	if err != nil {
		return err
	}
	if payment.Outcome != "" {
		return s.Redirect(w, r, site.LocalPath(s.OwnPath(payment.ReturnURL), "/orders"))
	}
	p := s.Page(r, site.Words(r).T("sandbox.title"))
	return s.Render(w, r, http.StatusOK, SandboxPayPalPage(p, SandboxPayPal{Key: key, Payment: payment}), nil)
}

// decideSandboxPayPal answers POST /sandbox/paypal.
func (s pages) decideSandboxPayPal(w http.ResponseWriter, r *http.Request, form *ui.Form) error {
	payment, err := s.Shop.SandboxEvent(s.Call(r), shopapi.SandboxEvent{Key: form.Value("key"), Outcome: form.Value("outcome")})
	if err != nil {
		return err
	}
	return s.Redirect(w, r, site.LocalPath(s.OwnPath(payment.ReturnURL), "/orders"))
}
