package checkout_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"bookstore/frontend/internal/web"
	"bookstore/frontend/internal/webtest"
	"bookstore/shared/apierr"
	"bookstore/shared/authapi"
	"bookstore/shared/shopapi"
)

var typedCard = []string{"method", "card", "number", "4242 4242 4242 4242", "expiry", "12 / 31", "cvc", "123"}

func TestPayingByCardLeadsToThePaidOrder(t *testing.T) {
	backend := webtest.PaymentBackend(webtest.SampleOrder(shopapi.OrderReserved, nil))
	b := webtest.Visit(t, backend, webtest.Buyer)
	page := b.Get(webtest.PaymentPath)
	page.Shows(http.StatusOK, `[name="number"][autocomplete="cc-number"]`, `[name="cvc"][autocomplete="cc-csc"]`, `[value="paypal"]`, `[value="card"][checked]`)
	page.Says("details", "4242 4242 4242 4242")
	page.Says("form button", "Pay $70.00")

	b.Post(webtest.PaymentPath, typedCard...).Leads(webtest.PaymentPath)
	var in shopapi.Pay
	backend.Last(t, webtest.PayCall, &in)
	if in.Card == nil || *in.Card != (shopapi.Card{Number: "4242 4242 4242 4242", ExpMonth: 12, ExpYear: 2031, CVC: "123"}) {
		t.Error("the card did not arrive as it was typed")
	}
	if !strings.HasSuffix(in.ReturnURL, webtest.PaymentPath) {
		t.Errorf("return URL: got %q", in.ReturnURL)
	}
}

func TestATransferNamesItsAccount(t *testing.T) {
	account := &shopapi.BankAccount{Holder: "Bookstore Ltd", Number: "ES91 2100", Bank: "CAIXESBB"}
	for _, c := range []struct {
		account *shopapi.BankAccount
		want    string
	}{
		{account, "RecipientBookstore LtdAccountES91 2100BankCAIXESBBAmount$70.00ReferenceAB-12"},
		{nil, "Please send no money."},
	} {
		order := webtest.SampleOrder(shopapi.OrderAwaitingPayment, webtest.WithPayment(shopapi.Payment{
			Method: shopapi.MethodBankTransfer, State: shopapi.PaymentPending, Reference: "AB-12", Account: c.account}))
		webtest.Visit(t, webtest.PaymentBackend(order), webtest.Buyer).Get(webtest.PaymentPath).Says(".facts", c.want)
	}
}

func TestADeadlineSaysHowLongIsLeftInTheShopsZone(t *testing.T) {
	expires := time.Now().Add(15*time.Minute + 30*time.Second)
	order := webtest.SampleOrder(shopapi.OrderReserved, func(o *shopapi.Order) { o.ExpiresAt = &expires })
	b := webtest.VisitShop(t, webtest.PaymentBackend(order), webtest.Buyer, func(c *web.Config) { c.TimeZone = time.FixedZone("COT", -5*60*60) })
	for _, path := range []string{webtest.PaymentPath, "/orders/" + webtest.OrderID} {
		b.Get(path).Says(`main time[data-time="deadline"]`, " COT (in 15 minutes)")
	}
}

func TestTheCardsEndIsTakenHoweverItIsWritten(t *testing.T) {
	backend := webtest.PaymentBackend(webtest.SampleOrder(shopapi.OrderReserved, nil))
	b := webtest.Visit(t, backend, webtest.Buyer)
	pay := func(fields ...string) webtest.Answer {
		return b.Post(webtest.PaymentPath, append([]string{"method", "card", "number", "4242424242424242", "cvc", "123"}, fields...)...)
	}
	twoFields := []string{"exp_month", "3", "exp_year", "2031"} // of the release before
	for _, fields := range [][]string{twoFields, {"expiry", "03/31"}, {"expiry", "3/2031"}, {"expiry", "0331"}, {"expiry", "032031"},
		{"expiry", "03 31"}, {"expiry", "03.31"}, {"expiry", " 03 – 31 "}, {"expiry", "2031-03"}} {
		pay(fields...).Leads(webtest.PaymentPath)
		var in shopapi.Pay
		backend.Last(t, webtest.PayCall, &in)
		if in.Card.ExpMonth != 3 || in.Card.ExpYear != 2031 {
			t.Errorf("%q: got month %d of %d", fields, in.Card.ExpMonth, in.Card.ExpYear)
		}
	}
	for _, wrong := range []string{"331", "13/31", "00/31", "March 31", "12/031", "12"} {
		pay("expiry", wrong).Shows(http.StatusUnprocessableEntity, "#expiry-error")
	}
	backend.Answer(webtest.PayCall, apierr.Field("card.exp_month", shopapi.CodeCardExpired))
	pay("expiry", "01/26").Says("#expiry-error", "This card has expired.")
}

func TestADeclinedCardIsExplained(t *testing.T) {
	declined := webtest.SampleOrder(shopapi.OrderReserved, webtest.WithPayment(shopapi.Payment{Method: shopapi.MethodCard, State: shopapi.PaymentDeclined, Reason: shopapi.DeclinedFunds}))
	backend := webtest.PaymentBackend(declined)
	backend.Answer(webtest.PayCall, declined)
	b := webtest.Visit(t, backend, webtest.Buyer)
	b.Post(webtest.PaymentPath, typedCard...).Leads(webtest.PaymentPath)
	page := b.Get(webtest.PaymentPath)
	page.Says("#declined", "The card does not have enough funds.")
	page.Shows(http.StatusOK, `[name="number"][value=""]`, `[value="card"][checked]`)

	b.Lang = "es"
	b.Get(webtest.PaymentPath).Says("#declined", "fondos suficientes")
}

func TestEveryReasonToDeclineHasASentence(t *testing.T) {
	for _, reason := range []string{
		shopapi.DeclinedCard, shopapi.DeclinedFunds, shopapi.DeclinedExpired, shopapi.DeclinedCVC, shopapi.DeclinedProcessing,
		shopapi.DeclinedUnknownCard, shopapi.DeclinedBuyerLeft, shopapi.DeclinedCaptureError, "",
	} {
		order := webtest.SampleOrder(shopapi.OrderReserved, webtest.WithPayment(shopapi.Payment{Method: shopapi.MethodCard, State: shopapi.PaymentDeclined, Reason: reason}))
		page := webtest.Visit(t, webtest.PaymentBackend(order), webtest.Buyer).Get(webtest.PaymentPath)
		if text := page.Text("#declined"); !strings.Contains(text, "ou") || reason != "" && strings.Contains(text, "was declined. You") {
			t.Errorf("%s: got %q", reason, text)
		}
	}
}

func TestACardWithMistakesIsNamedAndNeverShownAgain(t *testing.T) {
	backend := webtest.PaymentBackend(webtest.SampleOrder(shopapi.OrderReserved, nil))
	b := webtest.Visit(t, backend, webtest.Buyer)
	b.Post(webtest.PaymentPath, "method", shopapi.MethodCard, "number", "", "expiry", "x", "cvc", "").
		Shows(http.StatusUnprocessableEntity, "#number-error", "#expiry-error", "#cvc-error", `.error-summary a[href="#cvc"]`)
	b.Post(webtest.PaymentPath).Shows(http.StatusUnprocessableEntity, "#method.field-error")
	if backend.Called(webtest.PayCall) != 0 {
		t.Error("an unreadable card was sent")
	}

	backend.Answer(webtest.PayCall, apierr.Field("card.number", shopapi.CodeBadCardNumber))
	page := b.Post(webtest.PaymentPath, typedCard...)
	page.Shows(http.StatusUnprocessableEntity, "#number-error")
	page.Says("#number-error", "This is not a card number.")
	html, _ := page.Page.Html()
	for _, secret := range []string{`value="4242`, `value="123"`, `value="12"`} {
		if strings.Contains(html, secret) {
			t.Errorf("the page repeats %s", secret)
		}
	}
}

func TestAPaymentThatIsStillOpenIsLookedAtAgain(t *testing.T) {
	backend := webtest.PaymentBackend(webtest.SampleOrder(shopapi.OrderAuthorising, nil))
	backend.Answer(webtest.PayCall, webtest.SampleOrder(shopapi.OrderAuthorising, nil))
	b := webtest.Visit(t, backend, webtest.Buyer)
	b.Post(webtest.PaymentPath, typedCard...).Leads(webtest.PaymentPath)
	b.Get(webtest.PaymentPath).Shows(http.StatusOK, `head noscript`, `#confirming[hx-trigger="every 2s"]`)

	b.Script = true
	b.Get(webtest.PaymentPath).Shows(http.StatusOK, "#confirming")
	backend.Answer(webtest.OrderCall, webtest.SampleOrder(shopapi.OrderReserved, nil))
	b.Get(webtest.PaymentPath).Leads(webtest.PaymentPath)
	backend.Answer(webtest.OrderCall, webtest.SampleOrder(shopapi.OrderPaid, nil))
	b.Get(webtest.PaymentPath).Leads(webtest.PaymentPath)
}

func TestAfterPayingThePageSaysWhatHappensNext(t *testing.T) {
	due := time.Now().Add(96*time.Hour + time.Minute)
	order := webtest.SampleOrder(shopapi.OrderPaid, func(o *shopapi.Order) {
		o.SendsMail, o.Shipments[0].State, o.Shipments[0].DueBy = true, shopapi.ShipmentNew, &due
	})
	backend := webtest.PaymentBackend(order)
	backend.Answers["GET /v1/users/me"] = authapi.User{Email: "ana@example.com"}
	b := webtest.Visit(t, backend, webtest.Buyer)
	page := b.Get(webtest.PaymentPath)
	page.Says(`.steps [aria-current="step"]`, "Done")
	page.Shows(http.StatusOK, `a[href="/orders/`+webtest.OrderID+`"]`)
	for _, want := range []string{"Your order is paid", "$70.00", "on its way to ana@example.com", "The seller accepts the order by", "(in 4 days)", "we write to you"} {
		page.Says("main", want)
	}
	b.Lang = "es"
	b.Get(webtest.PaymentPath).Says("main", "antes del")
	b.Lang = "en"

	order.SendsMail = false // there is no mail server
	backend.Answer(webtest.OrderCall, order)
	if text := b.Get(webtest.PaymentPath).Text("main"); strings.Contains(text, "ana@") || strings.Contains(text, "write") {
		t.Errorf("the page promises mails: %s", text)
	}
}

func TestAnUnansweredPaymentLeadsToTheOrder(t *testing.T) {
	backend := webtest.PaymentBackend(webtest.SampleOrder(shopapi.OrderAuthorising, nil))
	b := webtest.Visit(t, backend, webtest.Buyer)
	for _, err := range []error{apierr.New(apierr.KindUnavailable, apierr.CodeUnavailable), apierr.New(apierr.KindConflict, shopapi.CodeOrderState).With("state", "paid")} {
		backend.Answer(webtest.PayCall, err)
		b.Post(webtest.PaymentPath, typedCard...).Leads(webtest.PaymentPath)
	}
}

func TestABankTransferIsExplained(t *testing.T) {
	order := webtest.SampleOrder(shopapi.OrderAwaitingPayment, webtest.WithPayment(shopapi.Payment{Method: shopapi.MethodBankTransfer, State: shopapi.PaymentPending, Reference: "7K3M-22PX"}))
	backend := webtest.PaymentBackend(order)
	backend.Answer(webtest.PayCall, order)
	b := webtest.Visit(t, backend, webtest.Buyer)
	b.Post(webtest.PaymentPath, "method", shopapi.MethodBankTransfer, "number", "").Leads(webtest.PaymentPath)
	page := b.Get(webtest.PaymentPath)
	page.Says("dl", "7K3M-22PX")
	page.Says("dl", "$70.00")

	order.CanPay = true // the webtest.Buyer may still change their mind
	backend.Answer(webtest.OrderCall, order)
	b.Get(webtest.PaymentPath).Shows(http.StatusOK, `a[href="`+webtest.PaymentPath+`?change=true"]`)
	b.Get(webtest.PaymentPath+"?change=true").Shows(http.StatusOK, `[value="bank_transfer"][checked]`)
}

func TestPayPalLeadsToItsSandboxAndBack(t *testing.T) {
	backend := webtest.PaymentBackend(webtest.SampleOrder(shopapi.OrderReserved, nil))
	b := webtest.Visit(t, backend, webtest.Buyer)
	key := "/sandbox/paypal?key=0123456789abcdef"
	redirect := webtest.SampleOrder(shopapi.OrderAwaitingPayment, webtest.WithPayment(shopapi.Payment{Method: shopapi.MethodPayPal, State: shopapi.PaymentRedirect, RedirectURL: b.URL + key}))
	backend.Answer(webtest.PayCall, redirect)
	b.Post(webtest.PaymentPath, "method", shopapi.MethodPayPal).Leads(key)
	backend.Answer(webtest.OrderCall, redirect)
	b.Get(webtest.PaymentPath).Shows(http.StatusOK, `a[href="`+key+`"]`)

	sandbox := shopapi.SandboxPayPal{OrderNumber: "7K3M-22PX", Amount: webtest.USD(7000), ReturnURL: b.URL + webtest.PaymentPath}
	backend.Answer("GET /v1/sandbox/paypal/0123456789abcdef", sandbox)
	page := b.Get(key)
	page.Shows(http.StatusOK, `button[value="approved"]`, `button[value="cancelled"]`)
	page.Says("main", "$70.00")

	backend.Answer("POST /v1/payment-events/sandbox", sandbox)
	b.Post("/sandbox/paypal", "key", "0123456789abcdef", "outcome", "approved").Leads(webtest.PaymentPath)
	var event shopapi.SandboxEvent
	if backend.Last(t, "POST /v1/payment-events/sandbox", &event); event.Outcome != "approved" {
		t.Errorf("sent %+v", event)
	}
	sandbox.Outcome, sandbox.ReturnURL = "approved", "https://elsewhere.example/"
	backend.Answer("GET /v1/sandbox/paypal/0123456789abcdef", sandbox)
	b.Get(key).Leads("/orders")
}

// Its worker has not looked at it yet.
func TestAnOrderPastItsTimeLeadsToTheOrderAndNotToItself(t *testing.T) {
	late := webtest.SampleOrder(shopapi.OrderReserved, func(o *shopapi.Order) { o.CanPay = false })
	backend := webtest.PaymentBackend(late)
	backend.Answer(webtest.PayCall, apierr.New(apierr.KindConflict, shopapi.CodeOrderState).With("state", late.State))
	b := webtest.Visit(t, backend, webtest.Buyer)
	b.Post(webtest.PaymentPath, typedCard...).Leads(webtest.PaymentPath)
	b.Get(webtest.PaymentPath).Leads("/orders/" + webtest.OrderID)
	b.Get("/orders/"+webtest.OrderID).Says("#flash", "The time to pay this order is over.")
	b.Script = true
	b.Get(webtest.PaymentPath).Leads("/orders/" + webtest.OrderID)
}

func TestAPaymentThatIsAwaitedWithoutAPageToGoToIsNotReloadedForEver(t *testing.T) {
	order := webtest.SampleOrder(shopapi.OrderAwaitingPayment, webtest.WithPayment(shopapi.Payment{Method: shopapi.MethodCard, State: shopapi.PaymentPending}))
	b := webtest.Visit(t, webtest.PaymentBackend(order), webtest.Buyer)
	b.Script = true
	b.Get(webtest.PaymentPath).Shows(http.StatusOK, "#confirming")
}

func TestEveryFaultOfACardIsToldAtOnceInThePagesOrder(t *testing.T) {
	backend := webtest.PaymentBackend(webtest.SampleOrder(shopapi.OrderReserved, nil))
	a := webtest.Visit(t, backend, webtest.Buyer).
		Post(webtest.PaymentPath, "method", "card", "cvc", "12", "expiry", "01/20", "number", "4242 4242 4242 4241")
	a.Shows(http.StatusUnprocessableEntity, `[name=number][value=""]`, `[name=cvc][value=""]`)
	wants := []string{"This is not a card number", "This card has expired", "three or four digits"}
	faults := a.Page.Find(".error-summary li")
	if faults.Length() != len(wants) {
		t.Fatalf("told %q", faults.Text())
	}
	for i, want := range wants {
		if got := faults.Eq(i).Text(); !strings.Contains(got, want) {
			t.Errorf("fault %d: got %q, want %q", i+1, got, want)
		}
	}
	if backend.Called(webtest.PayCall) != 0 {
		t.Error("a wrong card was sent")
	}
}
