package stripe_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"bookstore/shared/shopapi"
	"bookstore/shopsvc/internal/shop"
	"bookstore/shopsvc/internal/shoptest"
	"bookstore/shopsvc/internal/stripe"
)

// authorise begins the payment and has its buyer type a card.
func authorise(t *testing.T, g *stripe.Gateway, f *fake) {
	t.Helper()
	expect(t, "begin", shop.PaymentRedirect)(g.Begin(t.Context(), charge))
	f.buyer(charge.Key, pays)
}

func wantIntent(t *testing.T, f *fake, want string) {
	t.Helper()
	f.buyer(charge.Key, func(s *session) {
		if s.intent != want {
			t.Errorf("the payment intent is %q, want %q", s.intent, want)
		}
	})
}

// Stripe gives too many calls and a wrong key the type of a wrong request.
func TestOnlyAPlainNoRefusesACapture(t *testing.T) {
	for _, status := range []int{401, 403, 404, 409, 429, 500, 503} {
		t.Run(fmt.Sprint(status), func(t *testing.T) {
			onEach(t, func(t *testing.T, g *stripe.Gateway, f *fake, clock *shoptest.Clock) {
				authorise(t, g, f)
				f.trouble["capture"] = status
				if out, err := g.Capture(t.Context(), charge.Key); err == nil {
					t.Errorf("got %q, want an error", out.State)
				}
				wantIntent(t, f, "requires_capture")
				clock.Advance(11 * time.Minute) // Stripe repeats its own failures under a key
				expect(t, "capture again", shop.PaymentCaptured)(g.Capture(t.Context(), charge.Key))
			})
		})
	}
}

func TestARefusedCaptureLetsTheAmountGo(t *testing.T) {
	onEach(t, func(t *testing.T, g *stripe.Gateway, f *fake, _ *shoptest.Clock) {
		authorise(t, g, f)
		f.refuseCapture = true
		if out := expect(t, "capture", shop.PaymentDeclined)(g.Capture(t.Context(), charge.Key)); out.Reason != shop.DeclinedCapture {
			t.Errorf("the reason is %q", out.Reason)
		}
		wantIntent(t, f, "canceled")
		expect(t, "capture again", shop.PaymentVoided)(g.Capture(t.Context(), charge.Key))
	})
}

func TestACaptureThatSomebodyElseMadeIsCaptured(t *testing.T) {
	onEach(t, func(t *testing.T, g *stripe.Gateway, f *fake, _ *shoptest.Clock) {
		authorise(t, g, f)
		f.before["capture"] = func() {
			f.buyer(charge.Key, func(s *session) { s.intent, s.received = "succeeded", s.amount })
		}
		if out := expect(t, "capture", shop.PaymentCaptured)(g.Capture(t.Context(), charge.Key)); out.Captured != charge.Amount {
			t.Errorf("captured %d, want %d", out.Captured, charge.Amount)
		}
	})
}

func TestVoidWinsOverABuyerWhoPaysJustThen(t *testing.T) {
	onEach(t, func(t *testing.T, g *stripe.Gateway, f *fake, _ *shoptest.Clock) {
		expect(t, "begin", shop.PaymentRedirect)(g.Begin(t.Context(), charge))
		f.before["expire"] = func() { f.buyer(charge.Key, pays) }
		expect(t, "void", shop.PaymentVoided)(g.Void(t.Context(), charge.Key))
		wantIntent(t, f, "canceled")
	})
}

func TestAVoidDuringBeginTakesThePageBack(t *testing.T) {
	onEach(t, func(t *testing.T, g *stripe.Gateway, f *fake, _ *shoptest.Clock) {
		f.before["sessions"] = func() {
			if out, err := g.Void(t.Context(), charge.Key); err != nil || out.State != shop.PaymentVoided {
				t.Errorf("void: got %q, %v", out.State, err)
			}
		}
		expect(t, "begin", shop.PaymentVoided)(g.Begin(t.Context(), charge))
		f.buyer(charge.Key, func(s *session) {
			if s.status != "expired" {
				t.Errorf("the page is %s", s.status)
			}
		})
	})
}

func TestARefusedBeginIsDeclinedAndABusyStripeIsAskedAgain(t *testing.T) {
	onEach(t, func(t *testing.T, g *stripe.Gateway, f *fake, _ *shoptest.Clock) {
		f.trouble["sessions"] = http.StatusTooManyRequests
		if out, err := g.Begin(t.Context(), charge); err == nil {
			t.Errorf("a busy Stripe: got %q, want an error", out.State)
		}
		f.trouble["sessions"] = http.StatusBadRequest
		if out := expect(t, "lookup", shop.PaymentDeclined)(g.Lookup(t.Context(), charge.Key)); out.Reason != shop.DeclinedProcessing {
			t.Errorf("the reason is %q", out.Reason)
		}
	})
}

func TestABeginThatStripeFailsForGoodIsGivenUp(t *testing.T) {
	onEach(t, func(t *testing.T, g *stripe.Gateway, f *fake, clock *shoptest.Clock) {
		f.trouble["sessions"] = http.StatusInternalServerError
		for range 3 {
			if out, err := g.Begin(t.Context(), charge); err == nil {
				t.Errorf("got %q, want an error", out.State)
			}
		}
		clock.Advance(11 * time.Minute)
		expect(t, "lookup later", shop.PaymentUnknown)(g.Lookup(t.Context(), charge.Key))
		expect(t, "void", shop.PaymentVoided)(g.Void(t.Context(), charge.Key))
		if len(f.sessions) > 0 {
			t.Error("a page is open")
		}
	})
}

// A request that got lost on its way is made anew, late, to the letter.
func TestALateRepetitionOfBeginIsStillInTime(t *testing.T) {
	onEach(t, func(t *testing.T, g *stripe.Gateway, f *fake, clock *shoptest.Clock) {
		f.trouble["sessions"] = http.StatusServiceUnavailable
		if _, err := g.Begin(t.Context(), charge); err == nil {
			t.Fatal("begin did not fail")
		}
		f.answers = map[string]answer{} // it never got there
		clock.Advance(9 * time.Minute)
		expect(t, "lookup", shop.PaymentRedirect)(g.Lookup(t.Context(), charge.Key))
	})
}

func TestARefundThatDidNotArriveStaysDue(t *testing.T) {
	onEach(t, func(t *testing.T, g *stripe.Gateway, f *fake, _ *shoptest.Clock) {
		authorise(t, g, f)
		expect(t, "capture", shop.PaymentCaptured)(g.Capture(t.Context(), charge.Key))
		f.refundStatus = "failed"
		for range 2 {
			if err := g.Refund(t.Context(), charge.Key, "refund-1", 500); err == nil {
				t.Error("a failed refund counts as paid")
			}
		}
		if len(f.refunds) != 1 {
			t.Errorf("%d refunds were made, want 1", len(f.refunds))
		}
		f.refunds = append(f.refunds, map[string]any{ // by hand
			"id": "re_hand", "object": "refund", "amount": 500, "status": "succeeded", "metadata": map[string]string{"payment": "refund-1"},
		})
		if err := g.Refund(t.Context(), charge.Key, "refund-1", 500); err != nil {
			t.Errorf("paid by hand: %v", err)
		}
	})
}

func TestALostRefundIsNotMadeAgain(t *testing.T) {
	onEach(t, func(t *testing.T, g *stripe.Gateway, f *fake, _ *shoptest.Clock) {
		authorise(t, g, f)
		expect(t, "capture", shop.PaymentCaptured)(g.Capture(t.Context(), charge.Key))
		f.before["refunds"] = func() { // the list; then the refund
			f.before["refunds"] = func() { f.lose = 2 } // net/http tries again, by itself
		}
		if err := g.Refund(t.Context(), charge.Key, "refund-1", 500); err == nil {
			t.Error("a refund with a lost answer counts as paid")
		}
		f.lose, f.answers = 0, map[string]answer{} // a day later
		if err := g.Refund(t.Context(), charge.Key, "refund-1", 500); err != nil || len(f.refunds) != 1 {
			t.Errorf("%d refunds were made, %v; want 1", len(f.refunds), err)
		}
	})
}

func TestNoSecretIsLogged(t *testing.T) {
	var log bytes.Buffer
	before := slog.Default()
	slog.SetDefault(slog.New(slog.NewTextHandler(&log, nil)))
	defer slog.SetDefault(before)
	onEach(t, func(t *testing.T, g *stripe.Gateway, f *fake, _ *shoptest.Clock) {
		log.Reset()
		authorise(t, g, f)
		f.refuseCapture = true
		f.trouble["cancel"] = http.StatusInternalServerError
		_, err := g.Capture(t.Context(), charge.Key)
		said := fmt.Sprint(log.String(), err)
		if !strings.Contains(said, shopapi.DeclinedCard) || !strings.Contains(said, "stripe answers 500") {
			t.Errorf("the log does not say why: %s", said)
		}
		for _, secret := range []string{clientSecret, "sk_test_x", webhookSecret} {
			if strings.Contains(said, secret) {
				t.Errorf("the log tells %s: %s", secret, said)
			}
		}
	})
}
