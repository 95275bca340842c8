package token_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"bookstore/shared/token"
)

// feed answers with the list or the failure that was set last.
type feed struct {
	mu   sync.Mutex
	list []string
	err  error
}

func (f *feed) set(err error, list ...string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.list, f.err = list, err
}

func (f *feed) fetch(context.Context) ([]string, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.list, f.err
}

func TestASessionIsRevokedWithinAnInterval(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var sessions feed
		r := token.NewRevocations(t.Context(), sessions.fetch, 3*time.Second)
		synctest.Wait()
		if r.Revoked("s1") {
			t.Error("revoked before it was")
		}
		sessions.set(nil, "s1")
		time.Sleep(3 * time.Second)
		synctest.Wait()
		if !r.Revoked("s1") || r.Revoked("s2") {
			t.Errorf("got s1 %v, s2 %v, want s1 alone revoked", r.Revoked("s1"), r.Revoked("s2"))
		}
	})
}

func TestAnOutageRevokesNothingAndForgetsNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var sessions feed
		sessions.set(nil, "s1")
		r := token.NewRevocations(t.Context(), sessions.fetch, 3*time.Second)
		synctest.Wait()
		sessions.set(errors.New("authsvc is away"))
		time.Sleep(token.Lifetime)
		synctest.Wait()
		if !r.Revoked("s1") {
			t.Error("forgotten while its tokens may still be good")
		}
		time.Sleep(2 * time.Minute)
		synctest.Wait()
		if r.Revoked("s1") {
			t.Error("remembered although its last token has expired")
		}
	})
}

func TestAHangingFetchIsGivenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hang := true
		r := token.NewRevocations(t.Context(), func(ctx context.Context) ([]string, error) {
			if hang {
				hang = false
				<-ctx.Done()
				return nil, ctx.Err()
			}
			return []string{"s1"}, nil
		}, 3*time.Second)
		time.Sleep(10 * time.Second)
		synctest.Wait()
		if !r.Revoked("s1") {
			t.Error("one hanging fetch stopped all that should follow")
		}
	})
}
