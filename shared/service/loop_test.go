package service

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func TestALoopGoesOnAtOnceWhileThereIsMoreAndAfterItsIntervalOtherwise(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		begin := time.Now()
		var turns []time.Duration
		RunLoops(ctx, Loop{Name: "test", Every: time.Minute, Work: func(context.Context) (bool, error) {
			turns = append(turns, time.Since(begin))
			switch len(turns) {
			case 1:
				return true, nil
			case 3:
				return true, errors.New("out of order") // does not go on at once
			case 4:
				stop()
			}
			return false, nil
		}})
		want := []time.Duration{0, 0, time.Minute, 2 * time.Minute}
		if len(turns) != len(want) {
			t.Fatalf("got turns at %v, want %v", turns, want)
		}
		for i := range want {
			if turns[i] != want[i] {
				t.Errorf("got turns at %v, want %v", turns, want)
			}
		}
	})
}

func TestLoopsEndWithTheTurnsInHand(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		var done atomic.Bool
		time.AfterFunc(time.Second, stop)
		RunLoops(ctx,
			Loop{Name: "slow", Every: time.Minute, Work: func(context.Context) (bool, error) {
				time.Sleep(5 * time.Second)
				done.Store(true)
				return true, nil
			}},
			Loop{Name: "idle", Every: time.Minute, Work: func(context.Context) (bool, error) { return false, nil }})
		if !done.Load() {
			t.Error("the turn in hand was not waited for")
		}
	})
}
