package rehearsal

import (
	"context"
	"testing"
	"testing/synctest"
	"time"
)

func TestTrafficComesAtItsRateHoweverSlowTheAnswers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		traffic := NewTraffic(func(context.Context) { time.Sleep(500 * time.Millisecond) })
		traffic.SetRate(20)
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second-time.Millisecond)
		defer cancel()
		traffic.Run(ctx)
		took := traffic.Answered()
		if len(took) != 200 {
			t.Errorf("%d visits, want 200", len(took))
		}
		for _, d := range took {
			if d != 500*time.Millisecond {
				t.Errorf("a visit took %v, want 500ms", d)
			}
		}
		if again := traffic.Answered(); len(again) != 0 {
			t.Errorf("%d visits were told of twice", len(again))
		}
	})
}

func TestTrafficCountsTheWaitForATurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		traffic := NewTraffic(func(context.Context) { time.Sleep(time.Second) })
		traffic.SetRate(2 * visitsAtOnce)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second-time.Millisecond)
		defer cancel()
		traffic.Run(ctx)
		took := traffic.Answered()
		if last := took[len(took)-1]; last <= time.Second {
			t.Errorf("the last visit took %v, want more than its own second", last)
		}
	})
}
