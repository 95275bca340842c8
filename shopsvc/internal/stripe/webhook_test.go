package stripe_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"bookstore/shopsvc/internal/shop"
	"bookstore/shopsvc/internal/shoptest"
	"bookstore/shopsvc/internal/stripe"

	"github.com/stripe/stripe-go/v85/webhook"
)

// event returns a call-back of Stripe's about a payment.
func event(id, kind, payment string) []byte {
	return fmt.Appendf(nil, `{"id":%q,"object":"event","type":%q,"api_version":"2025-01-01",
		"data":{"object":{"id":"cs_1","object":"checkout.session","metadata":{"payment":%q}}}}`, id, kind, payment)
}

func sign(body []byte, secret string, at time.Time) string {
	return webhook.GenerateTestSignedPayload(&webhook.UnsignedPayload{Payload: body, Secret: secret, Timestamp: at}).Header
}

// told notes which payments a gateway says are decided.
type told struct {
	payments []string
	err      error
}

func (d *told) decided(_ context.Context, payment string) error {
	d.payments = append(d.payments, payment)
	return d.err
}

func TestOnlySignedCallBacksAreRead(t *testing.T) {
	onEach(t, func(t *testing.T, g *stripe.Gateway, _ *fake, _ *shoptest.Clock) {
		var d told
		body := event("evt_1", "checkout.session.completed", charge.Key)
		for name, header := range map[string]string{
			"another secret": sign(body, "whsec_other", time.Now()),
			"an hour old":    sign(body, webhookSecret, time.Now().Add(-time.Hour)),
			"another body":   sign(event("evt_1", "checkout.session.expired", charge.Key), webhookSecret, time.Now()),
			"none":           "",
			"garbage":        "t=1,v1=zz",
		} {
			if err := g.TakeEvent(t.Context(), body, header, d.decided); !errors.Is(err, shop.ErrBadSignature) {
				t.Errorf("%s: got %v, want ErrBadSignature", name, err)
			}
		}
		if d.payments != nil {
			t.Errorf("forged call-backs were believed: %v", d.payments)
		}
		if err := g.TakeEvent(t.Context(), body, sign(body, webhookSecret, time.Now()), d.decided); err != nil || len(d.payments) != 1 || d.payments[0] != charge.Key {
			t.Errorf("got %v, %v", d.payments, err)
		}
	})
}

func TestACallBackIsTakenOnceItWasDealtWith(t *testing.T) {
	onEach(t, func(t *testing.T, g *stripe.Gateway, _ *fake, clock *shoptest.Clock) {
		send := func(id string, d *told) error {
			body := event(id, "checkout.session.completed", charge.Key)
			return g.TakeEvent(t.Context(), body, sign(body, webhookSecret, time.Now()), d.decided)
		}
		failing, d := told{err: errors.New("no database")}, told{}
		if err := send("evt_1", &failing); err == nil {
			t.Error("a call-back that could not be dealt with was taken")
		}
		for _, id := range []string{"evt_1", "evt_1", "evt_2", "evt_1"} {
			if err := send(id, &d); err != nil {
				t.Errorf("%s: %v", id, err)
			}
		}
		if len(d.payments) != 2 {
			t.Errorf("two call-backs were dealt with %d times", len(d.payments))
		}
		clock.Advance(31 * 24 * time.Hour) // what is that old is forgotten with the next one
		if err := errors.Join(send("evt_3", &d), send("evt_1", &d)); err != nil || len(d.payments) != 4 {
			t.Errorf("a month later: dealt with %d, %v", len(d.payments), err)
		}
	})
}

func TestCallBacksAboutOthersAreTakenInSilence(t *testing.T) {
	onEach(t, func(t *testing.T, g *stripe.Gateway, _ *fake, _ *shoptest.Clock) {
		d := told{err: shop.ErrPaymentNotFound}
		for name, body := range map[string][]byte{
			"another shop's payment": event("evt_1", "checkout.session.completed", "0198c0de-0000-7000-8000-00000000ffff"),
			"no metadata":            []byte(`{"id":"evt_2","object":"event","type":"charge.updated","data":{"object":{"id":"ch_1"}}}`),
			"no data":                []byte(`{"id":"evt_3","object":"event","type":"something.new"}`),
			"odd metadata":           []byte(`{"id":"evt_4","object":"event","type":"x","data":{"object":{"metadata":[1]}}}`),
		} {
			if err := g.TakeEvent(t.Context(), body, sign(body, webhookSecret, time.Now()), d.decided); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		if len(d.payments) != 1 {
			t.Errorf("got told of %v", d.payments)
		}
	})
}
