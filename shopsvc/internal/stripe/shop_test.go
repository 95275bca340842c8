package stripe_test

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"bookstore/shared/sqldb"
	"bookstore/shared/sqldb/sqldbtest"
	"bookstore/shared/token"
	"bookstore/shopsvc/internal/api"
	"bookstore/shopsvc/internal/shop"
	"bookstore/shopsvc/internal/shoptest"
	"bookstore/shopsvc/internal/store"
	"bookstore/shopsvc/internal/stripe"

	"github.com/stripe/stripe-go/v83/webhook"
)

var buyer = shop.Caller{UserID: 1, Role: token.Buyer}

// stripeShop is a shop whose gateway is Stripe, with its web-hook served.
type stripeShop struct {
	*shop.Service
	fake      *fake
	catalogue *shoptest.Catalogue
	url       string
}

func onEachShop(t *testing.T, test func(t *testing.T, s *stripeShop)) {
	t.Helper()
	sqldbtest.Run(t, store.Migrations, func(t *testing.T, db *sqldb.DB) {
		f, stripeURL := newFake(t)
		g := stripe.New(stripe.Config{SecretKey: "sk_test_x", WebhookSecret: webhookSecret, APIURL: stripeURL}, store.NewSessions(db), time.Now)
		settings := shop.DefaultSettings()
		settings.EventKey = []byte("a key that no database holds at all")
		s := &stripeShop{fake: f, catalogue: shoptest.NewCatalogue(
			shop.Book{ID: 7, Title: "Emma", Authors: []string{"Jane Austen"}, Condition: "good", SellerID: 11, SellerName: "Sam's", Price: 1000, Stock: 3},
		)}
		s.Service = shop.NewService(settings, store.New(db), s.catalogue, g, time.Now)
		everybody := func(next http.Handler) http.Handler { return next }
		server := httptest.NewServer(api.New(s.Service, api.Gateways{Stripe: g}, nil, everybody))
		t.Cleanup(func() {
			server.Close()
			s.Wait(context.Background())
		})
		s.url = server.URL + "/v1/payment-events/stripe"
		test(t, s)
	})
}

// begin places an order and sends its buyer to Stripe's page. It returns the
// order's id and the payment's.
func (s *stripeShop) begin(t *testing.T) (orderID, paymentID string) {
	t.Helper()
	providers, err := s.Providers(t.Context(), buyer)
	if err != nil {
		t.Fatal(err)
	}
	o, err := s.PlaceOrder(t.Context(), buyer, "key-of-the-test", shop.PlaceOrder{
		Lines:      []shop.PlaceLine{{BookID: 7, Quantity: 1, Price: 1000}},
		Deliveries: []shop.DeliveryChoice{{SellerID: 11, ProviderID: providers[0].ID}},
		Address:    shop.Address{Name: "Ada", Line1: "Calle 1", City: "Bogotá", Country: "CO"},
	})
	if err != nil {
		t.Fatal(err)
	}
	o, err = s.Pay(t.Context(), buyer, o.ID, shop.PayRequest{Method: shop.MethodCard})
	if err != nil || o.State != shop.AwaitingPayment || o.Payments[0].RedirectURL == "" {
		t.Fatalf("after begin: %v, %v", o, err)
	}
	return o.ID, o.Payments[0].ID
}

// callBack sends a web-hook about a payment and returns the status.
func (s *stripeShop) callBack(t *testing.T, kind, payment, secret string) int {
	t.Helper()
	body := fmt.Appendf(nil, `{"id":"evt_1","object":"event","type":%q,"data":{"object":{"id":"x","metadata":{"payment":%q}}}}`, kind, payment)
	signed := webhook.GenerateTestSignedPayload(&webhook.UnsignedPayload{Payload: body, Secret: secret})
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.url, bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Stripe-Signature", signed.Header)
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
		if got := s.callBack(t, "payment_intent.created", payment, webhookSecret); got >= 300 {
			t.Errorf("early call-back: got %d", got)
		}
		s.await(t, order, shop.AwaitingPayment)
		s.fake.buyer(payment, pays)
		var calling sync.WaitGroup
		for _, kind := range []string{"checkout.session.completed", "payment_intent.amount_capturable_updated", "checkout.session.completed"} {
			calling.Go(func() {
				if got := s.callBack(t, kind, payment, webhookSecret); got >= 300 {
					t.Errorf("%s: got %d", kind, got)
				}
			})
		}
		calling.Wait()
		s.await(t, order, shop.Paid)
		s.callBack(t, "checkout.session.completed", payment, webhookSecret)
		if o := s.await(t, order, shop.Paid); o.Captured != o.Total || len(o.Payments) != 1 {
			t.Errorf("captured %d of %d in %d payments", o.Captured, o.Total, len(o.Payments))
		}
		if err := s.catalogue.Check(); err != nil {
			t.Error(err)
		}
	})
}

func TestABuyerWhoLeftStripesPageMayPayAgain(t *testing.T) {
	onEachShop(t, func(t *testing.T, s *stripeShop) {
		order, payment := s.begin(t)
		s.fake.buyer(payment, leaves)
		s.callBack(t, "checkout.session.expired", payment, webhookSecret)
		o := s.await(t, order, shop.Reserved)
		if got := o.Payments[0].Reason; got != "buyer_left" {
			t.Errorf("the reason is %q", got)
		}
		o, err := s.Pay(t.Context(), buyer, order, shop.PayRequest{Method: shop.MethodCard})
		if err != nil || o.State != shop.AwaitingPayment {
			t.Errorf("the second attempt: %v, %v", o, err)
		}
	})
}

func TestForgedAndForeignCallBacksChangeNothing(t *testing.T) {
	onEachShop(t, func(t *testing.T, s *stripeShop) {
		order, payment := s.begin(t)
		s.fake.buyer(payment, pays)
		if got := s.callBack(t, "checkout.session.completed", payment, "whsec_forged"); got != http.StatusBadRequest {
			t.Errorf("forged: got %d, want 400", got)
		}
		if got := s.callBack(t, "checkout.session.completed", "0198c0de-0000-7000-8000-00000000ffff", webhookSecret); got >= 300 {
			t.Errorf("another shop's payment: got %d, want 2xx", got)
		}
		s.await(t, order, shop.AwaitingPayment)
	})
}
