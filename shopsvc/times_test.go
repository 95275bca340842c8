package main

import (
	"testing"
	"time"

	"bookstore/shared/httpclient"
	"bookstore/shared/shopapi"
	"bookstore/shopsvc/internal/shop"
	"bookstore/shopsvc/internal/stripe"
	"bookstore/shopsvc/internal/worker"
)

// Who waits must wait longer than the one waited for, with room for the way.
func TestTimesAreOrdered(t *testing.T) {
	s := shop.DefaultSettings()
	for _, c := range []struct {
		what            string
		shorter, longer time.Duration
		room            time.Duration
	}{
		{"heartbeats within a lease", 2 * s.Heartbeat, s.Lease, s.Heartbeat},
		{"a dead driver's order goes on within two seconds", s.Lease + worker.OrderInterval, 2 * time.Second, s.Heartbeat},
		{"a caller sees a dead driver's order go on", s.Lease + worker.OrderInterval, s.AnswerWithin, time.Second},
		{"a wait ends before the try that waits for it", s.AnswerWithin, shopapi.TryTimeout, time.Second},
		{"a try ends before its call", shopapi.TryTimeout, shopapi.CallTimeout, time.Second},
		{"a look-up ends before the try that waits for it", s.AnswerWithin, httpclient.TryTimeout(shopapi.CallTimeout), time.Second},
		{"one call of Stripe's ends before its step", stripe.CallTimeout, s.StepTimeout, time.Second},
		{"a step ends before a slow card answers", s.StepTimeout, lateCards, time.Second},
		{"a redirected buyer is asked about while copies are held", s.PollEvery, s.RedirectHold, time.Minute},
		{"sellers are reminded before their time is up", s.RemindAfter, s.CancelAfter, time.Hour},
		{"and before their time to send is", s.DispatchRemindAfter, s.DispatchCancelAfter, time.Hour},
		{"one wait is told from the other", s.CancelAfter, s.DispatchRemindAfter, time.Hour},
	} {
		if c.shorter+c.room > c.longer {
			t.Errorf("%s: %v and %v of room, but only %v", c.what, c.shorter, c.room, c.longer)
		}
	}
	if got := httpclient.TryTimeout(shopapi.CallTimeout); got != shopapi.TryTimeout {
		t.Errorf("a try of a call of %v takes %v, want %v", shopapi.CallTimeout, got, shopapi.TryTimeout)
	}
}
