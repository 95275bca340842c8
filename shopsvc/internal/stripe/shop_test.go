package stripe_test

import (
	"bytes"
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"sync"
	"testing"
	"time"

	"bookstore/shared/shopapi"
	"bookstore/shared/sqldb"
	"bookstore/shared/sqldb/sqldbtest"
	"bookstore/shared/token"
	"bookstore/shopsvc/internal/api"
	"bookstore/shopsvc/internal/shop"
	"bookstore/shopsvc/internal/shoptest"
	"bookstore/shopsvc/internal/store"
	"bookstore/shopsvc/internal/stripe"
)

func TestMain(m *testing.M) {
	slog.SetDefault(slog.New(slog.DiscardHandler)) // Stripe refuses on purpose
	os.Exit(m.Run())
}

var buyer = shop.Caller{UserID: 1, Role: token.Buyer}

// stripeShop is a shop whose gateway is Stripe, with its web-hook served.
type stripeShop struct {
	*shop.Service
	fake    *fake
	clock   *shoptest.Clock
	catalog *shoptest.Catalog
	url     string
}

func onEachShop(t *testing.T, test func(t *testing.T, s *stripeShop)) {
	t.Helper()
	sqldbtest.Run(t, store.Migrations, func(t *testing.T, db *sqldb.DB) {
		clock := shoptest.NewClock()
		f, stripeURL := newFake(t, clock.Now)
		g := stripe.New(stripe.Config{SecretKey: "sk_test_x", WebhookSecret: webhookSecret, APIURL: stripeURL}, db, clock.Now)
		settings := shop.DefaultSettings()
		settings.EventKey = []byte("a key that no database holds at all")
		s := &stripeShop{fake: f, clock: clock, catalog: shoptest.NewCatalog(
			shop.Book{ID: 7, Title: "Emma", Authors: []string{"Jane Austen"}, Condition: "good", SellerID: 11, SellerName: "Sam's", Price: 1000, Stock: 3},
		)}
		s.Service = shop.NewService(settings, store.New(db, nil), s.catalog, shoptest.Accounts{}, g, clock.Now)
		server := httptest.NewServer(api.New(s.Service, api.Config{Gateways: api.Gateways{Stripe: g}}))
		t.Cleanup(func() {
			server.Close()
			s.Wait(context.Background())
		})
		s.url = server.URL + "/v1/payment-events/stripe"
		test(t, s)
	})
}

// place places an order for one book.
func (s *stripeShop) place(t *testing.T) (orderID string) {
	t.Helper()
	providers, err := s.Providers(t.Context(), buyer)
	if err != nil {
		t.Fatal(err)
	}
	o, err := s.PlaceOrder(t.Context(), buyer, "key-of-the-test", shop.PlaceOrder{
		Lines:      []shop.PlaceLine{{BookID: 7, Quantity: 1, Price: 1000}},
		Deliveries: []shop.DeliveryChoice{{SellerID: 11, ProviderID: providers[0].ID}},
		Address:    shop.Address{Name: "Ada", Line1: "Calle 1", City: "Bogotá", Region: "Bogotá", Country: "CO"},
	})
	if err != nil {
		t.Fatal(err)
	}
	return o.ID
}

// pay presses the button that leads to Stripe's page.
func (s *stripeShop) pay(t *testing.T, orderID string) *shop.Order {
	t.Helper()
	o, err := s.Pay(t.Context(), buyer, orderID, shop.PayRequest{Method: shop.MethodCard})
	if err != nil {
		t.Fatalf("pay: %v", err)
	}
	return o
}

// begin places an order and sends its buyer to Stripe's page. It returns the
// order's id and the payment's.
func (s *stripeShop) begin(t *testing.T) (orderID, paymentID string) {
	t.Helper()
	o := s.pay(t, s.place(t))
	if o.State != shop.AwaitingPayment || o.Payments[0].RedirectURL == "" {
		t.Fatalf("after begin: %v", o)
	}
	return o.ID, o.Payments[0].ID
}

// paid is an order whose buyer paid.
func (s *stripeShop) paid(t *testing.T) (orderID, paymentID string) {
	t.Helper()
	orderID, paymentID = s.begin(t)
	s.fake.buyer(paymentID, pays)
	s.callBack(t, "evt_paid", "checkout.session.completed", paymentID, webhookSecret)
	s.await(t, orderID, shop.Paid)
	return orderID, paymentID
}

// work moves the clock on and drives what is due then, like a worker, until
// nothing is any more.
func (s *stripeShop) work(t *testing.T, later time.Duration) {
	t.Helper()
	s.Wait(t.Context())
	s.clock.Advance(later)
	for range 50 {
		ids, err := s.DueOrders(t.Context(), 10)
		if err != nil {
			t.Fatal(err)
		}
		if len(ids) == 0 {
			return
		}
		for _, id := range ids {
			_ = s.Drive(t.Context(), id) // what fails is due again
		}
		s.clock.Advance(time.Second)
	}
	t.Fatal("orders do not come to rest")
}

// callBack sends a web-hook about a payment and returns the status.
func (s *stripeShop) callBack(t *testing.T, id, kind, payment, secret string) int {
	t.Helper()
	body := event(id, kind, payment)
	return s.send(t, body, sign(body, secret, time.Now()))
}

func (s *stripeShop) send(t *testing.T, body []byte, signature string) int {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.url, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	if signature != "" {
		req.Header.Set("Stripe-Signature", signature)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	return resp.StatusCode
}

// await waits until the order is in a state.
func (s *stripeShop) await(t *testing.T, orderID string, want shop.State) *shop.Order {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		o, _, err := s.Order(t.Context(), buyer, orderID)
		if err != nil {
			t.Fatal(err)
		}
		if o.State == want {
			return o
		}
		if time.Now().After(deadline) {
			t.Fatalf("the order is %s, want %s", o.State, want)
		}
	}
}

func TestCallBacksInAnyNumberAndOrderPayAnOrderOnce(t *testing.T) {
	onEachShop(t, func(t *testing.T, s *stripeShop) {
		order, payment := s.begin(t)
		// Too early: nothing has happened yet.
		if got := s.callBack(t, "evt_0", "payment_intent.created", payment, webhookSecret); got >= 300 {
			t.Errorf("early call-back: got %d", got)
		}
		s.await(t, order, shop.AwaitingPayment)
		s.fake.buyer(payment, pays)
		var calling sync.WaitGroup
		for _, id := range []string{"evt_2", "evt_1", "evt_2", "evt_3"} {
			calling.Go(func() {
				if got := s.callBack(t, id, "checkout.session.completed", payment, webhookSecret); got >= 300 {
					t.Errorf("%s: got %d", id, got)
				}
			})
		}
		calling.Wait()
		s.await(t, order, shop.Paid)
		looks := s.fake.looks
		for _, kind := range []string{"checkout.session.completed", "checkout.session.expired", "payment_intent.canceled"} {
			if got := s.callBack(t, "evt_late_"+kind, kind, payment, webhookSecret); got >= 300 {
				t.Errorf("late %s: got %d", kind, got)
			}
		}
		if o := s.await(t, order, shop.Paid); o.Captured != o.Total || len(o.Payments) != 1 || s.fake.looks != looks {
			t.Errorf("captured %d of %d in %d payments, asked Stripe %d times more", o.Captured, o.Total, len(o.Payments), s.fake.looks-looks)
		}
		if err := s.catalog.Check(); err != nil {
			t.Error(err)
		}
	})
}

func TestACallBackBeforeTheAnswerIsMadeUpForByAsking(t *testing.T) {
	onEachShop(t, func(t *testing.T, s *stripeShop) {
		order := s.place(t)
		s.fake.before["sessions"] = func() {
			o, _, err := s.Order(t.Context(), buyer, order)
			if err != nil {
				t.Error(err)
				return
			}
			if got := s.callBack(t, "evt_1", "checkout.session.completed", o.Payments[0].ID, webhookSecret); got >= 300 {
				t.Errorf("got %d", got)
			}
		}
		o := s.pay(t, order)
		s.fake.buyer(o.Payments[0].ID, pays)
		s.work(t, time.Minute)
		s.await(t, order, shop.Paid)
	})
}

func TestAnOrderIsPaidThoughNoAnswerAndNoCallBackCame(t *testing.T) {
	onEachShop(t, func(t *testing.T, s *stripeShop) {
		order := s.place(t)
		s.fake.lose = 1
		if o := s.pay(t, order); o.State != shop.Authorising {
			t.Fatalf("with a lost answer, the order is %s", o.State)
		}
		s.work(t, time.Minute)
		o := s.await(t, order, shop.AwaitingPayment)
		if o.Payments[0].RedirectURL == "" || s.fake.creates != 1 {
			t.Errorf("the buyer is sent to %q, %d pages were made", o.Payments[0].RedirectURL, s.fake.creates)
		}
		s.fake.buyer(o.Payments[0].ID, pays)
		s.work(t, time.Minute)
		if o := s.await(t, order, shop.Paid); o.Captured != o.Total {
			t.Errorf("captured %d of %d", o.Captured, o.Total)
		}
	})
}

func TestABuyerWhoLeftStripesPageMayPayAgain(t *testing.T) {
	onEachShop(t, func(t *testing.T, s *stripeShop) {
		order, payment := s.begin(t)
		s.fake.buyer(payment, leaves)
		s.callBack(t, "evt_1", "checkout.session.expired", payment, webhookSecret)
		o := s.await(t, order, shop.Reserved)
		if got := o.Payments[0].Reason; got != shopapi.DeclinedBuyerLeft {
			t.Errorf("the reason is %q", got)
		}
		if o := s.pay(t, order); o.State != shop.AwaitingPayment {
			t.Errorf("the second attempt is %s", o.State)
		}
	})
}

func TestABuyerWhoPaidTooLateGetsTheAmountBackAndTheCopiesAreSold(t *testing.T) {
	for name, paysLate := range map[string]bool{"paid": true, "never paid": false} {
		t.Run(name, func(t *testing.T) {
			onEachShop(t, func(t *testing.T, s *stripeShop) {
				order, payment := s.begin(t)
				stock := s.catalog.Stock(7)
				if paysLate {
					s.fake.before["expire"] = func() { s.fake.buyer(payment, pays) }
				}
				s.fake.before["cs_1"] = func() { s.clock.Advance(time.Hour) } // the hold lapses during a look
				s.work(t, time.Minute)
				s.await(t, order, shop.Expired)
				if got := s.catalog.Stock(7); got != stock+1 {
					t.Errorf("%d copies are for sale, want %d", got, stock+1)
				}
				s.fake.buyer(payment, func(p *session) {
					if paysLate && p.intent != "canceled" || !paysLate && p.status != "expired" {
						t.Errorf("the page is %s, the payment %q", p.status, p.intent)
					}
				})
			})
		})
	}
}

func TestACardThatRefusesToBeCapturedCancelsTheOrder(t *testing.T) {
	onEachShop(t, func(t *testing.T, s *stripeShop) {
		order, payment := s.begin(t)
		stock := s.catalog.Stock(7)
		s.fake.refuseCapture = true
		s.fake.buyer(payment, pays)
		s.callBack(t, "evt_1", "checkout.session.completed", payment, webhookSecret)
		o := s.await(t, order, shop.Cancelled)
		if o.EndReason.Code != shop.ReasonCaptureRefused || o.Captured != 0 || s.catalog.Stock(7) != stock+1 {
			t.Errorf("ended by %s, captured %d, %d copies for sale", o.EndReason, o.Captured, s.catalog.Stock(7))
		}
		s.fake.buyer(payment, func(p *session) {
			if p.intent != "canceled" {
				t.Errorf("the amount is still held: %s", p.intent)
			}
		})
	})
}

func TestABusyStripeDelaysAPaymentAndNothingElse(t *testing.T) {
	onEachShop(t, func(t *testing.T, s *stripeShop) {
		order, payment := s.begin(t)
		s.fake.trouble["capture"] = http.StatusTooManyRequests
		s.fake.buyer(payment, pays)
		s.callBack(t, "evt_1", "checkout.session.completed", payment, webhookSecret)
		s.await(t, order, shop.Capturing)
		s.work(t, time.Minute)
		if o := s.await(t, order, shop.Paid); o.Captured != o.Total {
			t.Errorf("captured %d of %d", o.Captured, o.Total)
		}
	})
}

func TestACancelledOrderIsRefundedOnceThoughTheAnswerIsLost(t *testing.T) {
	onEachShop(t, func(t *testing.T, s *stripeShop) {
		order, _ := s.paid(t)
		s.fake.before["refunds"] = func() { // the list; then the refund
			s.fake.before["refunds"] = func() { s.fake.lose = 2 } // net/http tries again, by itself
		}
		o, err := s.Cancel(t.Context(), buyer, order, "", "")
		if err != nil {
			t.Fatal(err)
		}
		s.work(t, time.Minute)
		o, _, err = s.Order(t.Context(), buyer, o.ID)
		if err != nil {
			t.Fatal(err)
		}
		if len(s.fake.refunds) != 1 || s.fake.refunds[0]["amount"] != o.Total || o.Refunds[0].State != shop.RefundPaid {
			t.Errorf("Stripe refunded %v, the shop says %s", s.fake.refunds, o.Refunds[0].State)
		}
	})
}

func TestForgedAndForeignCallBacksChangeNothing(t *testing.T) {
	onEachShop(t, func(t *testing.T, s *stripeShop) {
		order, payment := s.begin(t)
		s.fake.buyer(payment, pays)
		if got := s.callBack(t, "evt_1", "checkout.session.completed", payment, "whsec_forged"); got != http.StatusBadRequest {
			t.Errorf("forged: got %d, want 400", got)
		}
		if got := s.send(t, event("evt_1", "checkout.session.completed", payment), ""); got != http.StatusBadRequest {
			t.Errorf("not signed: got %d, want 400", got)
		}
		huge := bytes.Repeat([]byte("x"), 2<<20)
		if got := s.send(t, huge, sign(huge, webhookSecret, time.Now())); got != http.StatusRequestEntityTooLarge {
			t.Errorf("huge: got %d, want 413", got)
		}
		if got := s.callBack(t, "evt_1", "checkout.session.completed", "0198c0de-0000-7000-8000-00000000ffff", webhookSecret); got >= 300 {
			t.Errorf("another shop's payment: got %d, want 2xx", got)
		}
		s.await(t, order, shop.AwaitingPayment)
	})
}
