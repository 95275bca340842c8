package stripe_test

import (
	"testing"

	"bookstore/shared/shopapi"
	"bookstore/shared/sqldb"
	"bookstore/shared/sqldb/sqldbtest"
	"bookstore/shopsvc/internal/shop"
	"bookstore/shopsvc/internal/shoptest"
	"bookstore/shopsvc/internal/store"
	"bookstore/shopsvc/internal/stripe"
)

const webhookSecret = "whsec_of_the_test"

var charge = shop.Charge{
	Key: "0198c0de-0000-7000-8000-000000000001", OrderNumber: "ABCD-1234", Method: shop.MethodCard,
	Amount: 2350, Currency: "USD", ReturnURL: "https://shop.example/orders/1",
}

// onEach runs test with a gateway to a fake Stripe, on each database.
func onEach(t *testing.T, test func(t *testing.T, g *stripe.Gateway, f *fake, clock *shoptest.Clock)) {
	t.Helper()
	sqldbtest.Run(t, store.Migrations, func(t *testing.T, db *sqldb.DB) {
		clock := shoptest.NewClock()
		f, url := newFake(t, clock.Now)
		cfg := stripe.Config{SecretKey: "sk_test_x", WebhookSecret: webhookSecret, APIURL: url}
		test(t, stripe.New(cfg, db, clock.Now), f, clock)
	})
}

// expect fails the test unless a call came to a state.
func expect(t *testing.T, what string, want shop.PaymentState) func(shop.Outcome, error) shop.Outcome {
	return func(out shop.Outcome, err error) shop.Outcome {
		t.Helper()
		if err != nil || out.State != want {
			t.Fatalf("%s: got %q, %v; want %q", what, out.State, err, want)
		}
		return out
	}
}

func TestABuyerPaysOnStripesPage(t *testing.T) {
	onEach(t, func(t *testing.T, g *stripe.Gateway, f *fake, _ *shoptest.Clock) {
		ctx := t.Context()
		expect(t, "lookup before", shop.PaymentUnknown)(g.Lookup(ctx, charge.Key))
		out := expect(t, "begin", shop.PaymentRedirect)(g.Begin(ctx, charge))
		if out.RedirectURL != "https://checkout.stripe.com/c/1" {
			t.Errorf("the buyer is sent to %q", out.RedirectURL)
		}
		expect(t, "lookup", shop.PaymentRedirect)(g.Lookup(ctx, charge.Key))
		f.buyer(charge.Key, pays)
		expect(t, "lookup", shop.PaymentAuthorised)(g.Lookup(ctx, charge.Key))
		for range 2 { // a repeated capture takes nothing more
			if out := expect(t, "capture", shop.PaymentCaptured)(g.Capture(ctx, charge.Key)); out.Captured != charge.Amount {
				t.Errorf("captured %d, want %d", out.Captured, charge.Amount)
			}
		}
		expect(t, "void", shop.PaymentCaptured)(g.Void(ctx, charge.Key))
	})
}

func TestALostAnswerIsFoundAgainWithoutASecondPage(t *testing.T) {
	onEach(t, func(t *testing.T, g *stripe.Gateway, f *fake, _ *shoptest.Clock) {
		f.lose = 1
		if _, err := g.Begin(t.Context(), charge); err == nil {
			t.Fatal("begin with a lost answer succeeded")
		}
		expect(t, "lookup", shop.PaymentRedirect)(g.Lookup(t.Context(), charge.Key))
		expect(t, "begin again", shop.PaymentRedirect)(g.Begin(t.Context(), charge))
		if f.creates != 1 {
			t.Errorf("%d pages were made, want 1", f.creates)
		}
	})
}

func TestALostCaptureIsFoundAgain(t *testing.T) {
	onEach(t, func(t *testing.T, g *stripe.Gateway, f *fake, _ *shoptest.Clock) {
		expect(t, "begin", shop.PaymentRedirect)(g.Begin(t.Context(), charge))
		f.buyer(charge.Key, pays)
		expect(t, "lookup", shop.PaymentAuthorised)(g.Lookup(t.Context(), charge.Key))
		f.lose = 2 // the look at the session is answered by the third call
		if _, err := g.Capture(t.Context(), charge.Key); err == nil {
			t.Fatal("capture with a lost answer succeeded")
		}
		f.lose = 0
		expect(t, "capture again", shop.PaymentCaptured)(g.Capture(t.Context(), charge.Key))
	})
}

func TestABuyerWhoLeavesIsDeclined(t *testing.T) {
	onEach(t, func(t *testing.T, g *stripe.Gateway, f *fake, _ *shoptest.Clock) {
		expect(t, "begin", shop.PaymentRedirect)(g.Begin(t.Context(), charge))
		f.buyer(charge.Key, leaves)
		if out := expect(t, "lookup", shop.PaymentDeclined)(g.Lookup(t.Context(), charge.Key)); out.Reason != shopapi.DeclinedBuyerLeft {
			t.Errorf("the reason is %q", out.Reason)
		}
	})
}

func TestVoidClosesThePageOrLetsTheAmountGo(t *testing.T) {
	for name, do := range map[string]func(*session){"open": func(*session) {}, "authorised": pays, "expired": leaves} {
		t.Run(name, func(t *testing.T) {
			onEach(t, func(t *testing.T, g *stripe.Gateway, f *fake, _ *shoptest.Clock) {
				expect(t, "begin", shop.PaymentRedirect)(g.Begin(t.Context(), charge))
				f.buyer(charge.Key, do)
				for range 2 {
					expect(t, "void", shop.PaymentVoided)(g.Void(t.Context(), charge.Key))
				}
				f.buyer(charge.Key, func(s *session) {
					if s.status == "open" || s.intent == "requires_capture" {
						t.Errorf("the session is %s, its payment %s", s.status, s.intent)
					}
				})
			})
		})
	}
}

func TestAPaymentVoidedBeforeItBeganNeverBegins(t *testing.T) {
	onEach(t, func(t *testing.T, g *stripe.Gateway, f *fake, _ *shoptest.Clock) {
		expect(t, "void", shop.PaymentVoided)(g.Void(t.Context(), charge.Key))
		expect(t, "begin", shop.PaymentVoided)(g.Begin(t.Context(), charge))
		if f.creates != 0 {
			t.Error("a page was made")
		}
	})
}

func TestOneRefundKeyRefundsOnce(t *testing.T) {
	onEach(t, func(t *testing.T, g *stripe.Gateway, f *fake, _ *shoptest.Clock) {
		expect(t, "begin", shop.PaymentRedirect)(g.Begin(t.Context(), charge))
		f.buyer(charge.Key, pays)
		expect(t, "capture", shop.PaymentCaptured)(g.Capture(t.Context(), charge.Key))
		for i, key := range []string{"refund-1", "refund-1", "refund-2", "refund-3", "refund-3", "refund-1"} {
			f.answers = map[string]answer{} // Stripe has forgotten the keys
			if err := g.Refund(t.Context(), charge.Key, key, 100); err != nil {
				t.Fatalf("refund %d: %v", i, err)
			}
		}
		if len(f.refunds) != 3 {
			t.Errorf("%d refunds were made, want 3", len(f.refunds))
		}
	})
}

func TestASessionForAnotherAmountIsNotBelieved(t *testing.T) {
	onEach(t, func(t *testing.T, g *stripe.Gateway, f *fake, _ *shoptest.Clock) {
		expect(t, "begin", shop.PaymentRedirect)(g.Begin(t.Context(), charge))
		f.buyer(charge.Key, func(s *session) { pays(s); s.amount = 1 })
		if out, err := g.Lookup(t.Context(), charge.Key); err == nil {
			t.Errorf("got %q, want an error", out.State)
		}
	})
}
