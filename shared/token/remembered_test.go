package token_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"bookstore/shared/token"

	"github.com/golang-jwt/jwt/v5"
)

func TestATokenIsForgottenWithItsTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		keys := keyRing(t, token.NewSeed())
		v := staticVerifier(t, keys)
		raw := issue(t, newIssuer(t, keys, issuer, audience), ada())
		if _, err := v.Verify(t.Context(), raw); err != nil || !v.Remembers(raw) {
			t.Fatalf("%v, remembered %v", err, v.Remembers(raw))
		}
		time.Sleep(token.Lifetime + 5*time.Second)
		if claims, err := v.Verify(t.Context(), raw); !errors.Is(err, token.ErrExpired) || v.Remembers(raw) {
			t.Errorf("got %+v, %v, remembered %v, want ErrExpired", claims, err, v.Remembers(raw))
		}
	})
}

func TestATokenIsForgottenWithItsKey(t *testing.T) {
	seed := token.NewSeed()
	old := newIssuer(t, keyRing(t, seed), issuer, audience)
	next := newIssuer(t, keyRing(t, token.NewSeed()), issuer, audience)
	s := &keyServer{}
	s.current.Store(old)
	v := remoteVerifier(t, s)
	raw := issue(t, old, ada())
	if _, err := v.Verify(t.Context(), raw); err != nil || !v.Remembers(raw) {
		t.Fatalf("%v, remembered %v", err, v.Remembers(raw))
	}
	s.current.Store(next)
	if _, err := v.Verify(t.Context(), issue(t, next, ada())); err != nil { // has the key set fetched
		t.Fatal(err)
	}
	if claims, err := v.Verify(t.Context(), raw); !errors.Is(err, token.ErrInvalid) || v.Remembers(raw) {
		t.Errorf("got %+v, %v, remembered %v, want ErrInvalid", claims, err, v.Remembers(raw))
	}
}

func TestARememberedTokenEndsWithItsSession(t *testing.T) {
	keys := keyRing(t, token.NewSeed())
	v := staticVerifier(t, keys)
	var ended atomic.Bool
	revocations := token.NewRevocations(t.Context(), func(context.Context) ([]string, error) {
		if ended.Load() {
			return []string{ada().SessionID}, nil
		}
		return nil, nil
	}, 5*time.Millisecond)
	handler := token.Middleware(v, revocations)(http.HandlerFunc(greet))
	raw := issue(t, newIssuer(t, keys, issuer, audience), ada())
	status := func() int {
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.Header.Set("Authorization", "Bearer "+raw)
		answer := httptest.NewRecorder()
		handler.ServeHTTP(answer, r)
		return answer.Code
	}
	if got := status(); got != http.StatusOK || !v.Remembers(raw) {
		t.Fatalf("answered %d, remembered %v", got, v.Remembers(raw))
	}
	ended.Store(true)
	for deadline := time.Now().Add(5 * time.Second); status() != http.StatusUnauthorized; time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("the session has ended, its token goes on")
		}
	}
}

func TestATokenThatWasRefusedIsJudgedAgain(t *testing.T) {
	seed := token.NewSeed()
	keys := keyRing(t, seed)
	v := staticVerifier(t, keys)
	raw := issue(t, newIssuer(t, keys, issuer, audience), ada())
	if _, err := v.Verify(t.Context(), raw); err != nil {
		t.Fatal(err)
	}
	admin := forge(t, jwt.SigningMethodEdDSA, privateKey(t, token.NewSeed()), raw, func(tok *jwt.Token) {
		tok.Claims.(jwt.MapClaims)["role"] = "admin"
	})
	for range 2 {
		if claims, err := v.Verify(t.Context(), admin); !errors.Is(err, token.ErrInvalid) || v.Remembers(admin) {
			t.Errorf("got %+v, %v, remembered %v, want ErrInvalid", claims, err, v.Remembers(admin))
		}
	}
}

// BenchmarkVerify is what every request of a visitor who is signed in costs
// each program.
func BenchmarkVerify(b *testing.B) {
	keys, err := token.ParseKeyRing(token.NewSeed())
	if err != nil {
		b.Fatal(err)
	}
	i, err := token.NewIssuer(keys, issuer, audience)
	if err != nil {
		b.Fatal(err)
	}
	v, err := token.NewStaticVerifier(keys, issuer, audience)
	if err != nil {
		b.Fatal(err)
	}
	raw, err := i.Issue(ada())
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := v.Verify(b.Context(), raw); err != nil {
			b.Fatal(err)
		}
	}
}
