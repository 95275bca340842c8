package token_test

import (
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"bookstore/shared/apierr"
	"bookstore/shared/httpclient"
	"bookstore/shared/httpserver"
	"bookstore/shared/token"

	"github.com/golang-jwt/jwt/v5"
)

const (
	issuer   = "authsvc"
	audience = "bookstore"
)

func keyRing(t *testing.T, seeds ...string) token.KeyRing {
	t.Helper()
	keys, err := token.ParseKeyRing(strings.Join(seeds, ","))
	if err != nil {
		t.Fatal(err)
	}
	return keys
}

func newIssuer(t *testing.T, keys token.KeyRing, issuer, audience string) *token.Issuer {
	t.Helper()
	i, err := token.NewIssuer(keys, issuer, audience)
	if err != nil {
		t.Fatal(err)
	}
	return i
}

func issue(t *testing.T, i *token.Issuer, c token.Claims) string {
	t.Helper()
	raw, err := i.Issue(c)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

func staticVerifier(t *testing.T, keys token.KeyRing) *token.Verifier {
	t.Helper()
	v, err := token.NewStaticVerifier(keys, issuer, audience)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func ada() token.Claims {
	return token.Claims{
		UserID: 7, SessionID: "s1", Role: token.Seller, Name: "Ada",
		ExpiresAt: time.Now().Add(token.Lifetime).Truncate(time.Second),
	}
}

func TestATokenIsVerifiedToWhatWasIssued(t *testing.T) {
	keys := keyRing(t, token.NewSeed())
	want := ada()
	got, err := staticVerifier(t, keys).Verify(t.Context(), issue(t, newIssuer(t, keys, issuer, audience), want))
	if err != nil {
		t.Fatal(err)
	}
	if !got.ExpiresAt.Equal(want.ExpiresAt) {
		t.Errorf("got expiry %v, want %v", got.ExpiresAt, want.ExpiresAt)
	}
	got.ExpiresAt = want.ExpiresAt
	if got != want {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

func TestIncompleteClaimsAreNotSigned(t *testing.T) {
	i := newIssuer(t, keyRing(t, token.NewSeed()), issuer, audience)
	for name, spoil := range map[string]func(*token.Claims){
		"no user":    func(c *token.Claims) { c.UserID = 0 },
		"no session": func(c *token.Claims) { c.SessionID = "" },
		"no role":    func(c *token.Claims) { c.Role = "" },
		"no expiry":  func(c *token.Claims) { c.ExpiresAt = time.Time{} },
	} {
		c := ada()
		spoil(&c)
		if raw, err := i.Issue(c); err == nil {
			t.Errorf("%s: got token %s", name, raw)
		}
	}
}

func TestATokenThatNobodyShouldAcceptIsRefused(t *testing.T) {
	seed := token.NewSeed()
	keys := keyRing(t, seed)
	good := newIssuer(t, keys, issuer, audience)
	expired := ada()
	expired.ExpiresAt = time.Now().Add(-time.Minute)
	raw := issue(t, good, ada())
	header, rest, _ := strings.Cut(raw, ".")
	payload, signature, _ := strings.Cut(rest, ".")

	tests := []struct {
		name, raw string
		want      error
	}{
		{"expired", issue(t, good, expired), token.ErrExpired},
		{"expired, of another audience", issue(t, newIssuer(t, keys, issuer, "elsewhere"), expired), token.ErrInvalid},
		{"another audience", issue(t, newIssuer(t, keys, issuer, "elsewhere"), ada()), token.ErrInvalid},
		{"another issuer", issue(t, newIssuer(t, keys, "elsewhere", audience), ada()), token.ErrInvalid},
		{"an unknown key", issue(t, newIssuer(t, keyRing(t, token.NewSeed()), issuer, audience), ada()), token.ErrInvalid},
		{"altered", header + "." + strings.Replace(payload, payload[10:14], "AAAA", 1) + "." + signature, token.ErrInvalid},
		{"unsigned", header + "." + payload + ".", token.ErrInvalid},
		{"empty", "", token.ErrInvalid},
		{"garbage", "a.b.c", token.ErrInvalid},
		{"alg none", forge(t, jwt.SigningMethodNone, jwt.UnsafeAllowNoneSignatureType, raw, nil), token.ErrInvalid},
		{"HMAC keyed with the public key", forge(t, jwt.SigningMethodHS256, publicKey(t, seed), raw, nil), token.ErrInvalid},
		{"without a key id", forge(t, jwt.SigningMethodEdDSA, privateKey(t, seed), raw, func(tok *jwt.Token) { delete(tok.Header, "kid") }), token.ErrInvalid},
		{"without an expiry", forge(t, jwt.SigningMethodEdDSA, privateKey(t, seed), raw, func(tok *jwt.Token) { delete(tok.Claims.(jwt.MapClaims), "exp") }), token.ErrInvalid},
		{"of no user", forge(t, jwt.SigningMethodEdDSA, privateKey(t, seed), raw, func(tok *jwt.Token) { tok.Claims.(jwt.MapClaims)["sub"] = "root" }), token.ErrInvalid},
		{"of no known role", forge(t, jwt.SigningMethodEdDSA, privateKey(t, seed), raw, func(tok *jwt.Token) { tok.Claims.(jwt.MapClaims)["role"] = "root" }), token.ErrInvalid},
	}
	v := staticVerifier(t, keys)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got, err := v.Verify(t.Context(), tt.raw); !errors.Is(err, tt.want) {
				t.Errorf("got %+v, %v, want %v", got, err, tt.want)
			}
		})
	}
}

// forge signs the header and claims of raw anew, after change.
func forge(t *testing.T, method jwt.SigningMethod, key any, raw string, change func(*jwt.Token)) string {
	t.Helper()
	claims := jwt.MapClaims{}
	tok, _, err := jwt.NewParser().ParseUnverified(raw, claims)
	if err != nil {
		t.Fatal(err)
	}
	tok.Method = method
	tok.Header["alg"] = method.Alg()
	if change != nil {
		change(tok)
	}
	forged, err := tok.SignedString(key)
	if err != nil {
		t.Fatal(err)
	}
	return forged
}

func privateKey(t *testing.T, seed string) ed25519.PrivateKey {
	t.Helper()
	raw, err := base64.RawURLEncoding.DecodeString(seed)
	if err != nil {
		t.Fatal(err)
	}
	return ed25519.NewKeyFromSeed(raw)
}

func publicKey(t *testing.T, seed string) []byte {
	t.Helper()
	return privateKey(t, seed).Public().(ed25519.PublicKey)
}

func TestAWeakKeyIsRefusedWithASentence(t *testing.T) {
	good := token.NewSeed()
	for setting, want := range map[string]string{
		"":                                  "no signing key is set",
		"c2hv":                              "signing key 1 has 3 bytes, it must have 32",
		"not base64!":                       "signing key 1 is not base64url",
		good + "," + "c2hvcnQ":              "signing key 2 has 5 bytes, it must have 32",
		good + "," + good:                   "signing key 2 appears twice",
		strings.Repeat("A", 43):             "signing key 1 is weak: it repeats a few bytes over and over",
		good[:len(good)-1]:                  "signing key 1 has 31 bytes, it must have 32",
		good + "," + strings.Repeat(" ", 3): "signing key 2 has 0 bytes, it must have 32",
	} {
		_, err := token.ParseKeyRing(setting)
		if got := fmt.Sprint(err); got != want {
			t.Errorf("%q: got %q, want %q", setting, got, want)
		}
	}
}

func TestThePublishedKeySetHoldsNoSecret(t *testing.T) {
	seed := token.NewSeed()
	jwks := string(newIssuer(t, keyRing(t, seed, token.NewSeed()), issuer, audience).JWKS())
	if strings.Contains(jwks, `"d"`) || strings.Contains(jwks, seed) {
		t.Errorf("private key published: %s", jwks)
	}
	if strings.Count(jwks, `"kid"`) != 2 {
		t.Errorf("want both keys in %s", jwks)
	}
}

// keyServer publishes whatever key set was stored last; nil means an outage.
type keyServer struct {
	current atomic.Pointer[token.Issuer]
	fetches atomic.Int32
	answers atomic.Int32 // with a key set
}

func (s *keyServer) ServeHTTP(w http.ResponseWriter, _ *http.Request) {
	s.fetches.Add(1)
	i := s.current.Load()
	if i == nil {
		http.Error(w, "down", http.StatusBadGateway)
		return
	}
	w.Write(i.JWKS())
	s.answers.Add(1)
}

func remoteVerifier(t *testing.T, s *keyServer) *token.Verifier {
	t.Helper()
	srv := httptest.NewServer(s)
	t.Cleanup(srv.Close)
	v, err := token.NewVerifier(t.Context(), srv.URL, issuer, audience)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestARotatedKeyIsFetchedWhenItsFirstTokenComes(t *testing.T) {
	oldSeed, newSeed := token.NewSeed(), token.NewSeed()
	oldIssuer := newIssuer(t, keyRing(t, oldSeed), issuer, audience)
	newIssuer := newIssuer(t, keyRing(t, newSeed, oldSeed), issuer, audience)
	s := &keyServer{}
	s.current.Store(oldIssuer)
	v := remoteVerifier(t, s)
	if _, err := v.Verify(t.Context(), issue(t, oldIssuer, ada())); err != nil {
		t.Fatal(err)
	}
	s.current.Store(newIssuer)
	for name, i := range map[string]*token.Issuer{"new": newIssuer, "old": oldIssuer} {
		if _, err := v.Verify(t.Context(), issue(t, i, ada())); err != nil {
			t.Errorf("token of the %s key: %v", name, err)
		}
	}
	if n := s.fetches.Load(); n != 2 {
		t.Errorf("fetched %d times, want 2", n)
	}
}

func TestInventedKeysCauseNoStormAndHoldNobodyUp(t *testing.T) {
	s := &keyServer{}
	good := newIssuer(t, keyRing(t, token.NewSeed()), issuer, audience)
	s.current.Store(good)
	v := remoteVerifier(t, s)
	start := time.Now()
	for range 50 {
		forged := issue(t, newIssuer(t, keyRing(t, token.NewSeed()), issuer, audience), ada())
		if _, err := v.Verify(t.Context(), forged); !errors.Is(err, token.ErrInvalid) {
			t.Fatalf("got %v, want ErrInvalid", err)
		}
		if _, err := v.Verify(t.Context(), issue(t, good, ada())); err != nil {
			t.Fatal(err)
		}
	}
	if n, took := s.fetches.Load(), time.Since(start); n > 4 || took > 5*time.Second {
		t.Errorf("%d fetches in %v", n, took)
	}
}

func TestWithoutAKeySetNothingIsJudged(t *testing.T) {
	s := &keyServer{}
	v := remoteVerifier(t, s)
	i := newIssuer(t, keyRing(t, token.NewSeed()), issuer, audience)
	raw := issue(t, i, ada())
	if _, err := v.Verify(t.Context(), raw); !errors.Is(err, token.ErrUnavailable) {
		t.Errorf("during the outage: got %v, want ErrUnavailable", err)
	}
	if _, err := v.Verify(t.Context(), "garbage"); !errors.Is(err, token.ErrInvalid) {
		t.Errorf("garbage during the outage: got %v, want ErrInvalid", err)
	}
	s.current.Store(i)
	deadline := time.Now().Add(10 * time.Second)
	for {
		if _, err := v.Verify(t.Context(), raw); err == nil {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal("the key set was not fetched after the outage")
		}
		time.Sleep(50 * time.Millisecond)
	}
}

func TestAnIssuerThatStartsLateIsFoundBeforeTheFirstRequest(t *testing.T) {
	s := &keyServer{}
	v := remoteVerifier(t, s)
	i := newIssuer(t, keyRing(t, token.NewSeed()), issuer, audience)
	s.current.Store(i)
	for deadline := time.Now().Add(10 * time.Second); s.answers.Load() == 0; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("nobody asked for the key set")
		}
	}
	time.Sleep(500 * time.Millisecond) // for the answer to be read
	raw := issue(t, i, ada())
	var verifying sync.WaitGroup
	for range 20 {
		verifying.Go(func() {
			if _, err := v.Verify(t.Context(), raw); err != nil {
				t.Error(err)
			}
		})
	}
	verifying.Wait()
}

func TestStartingDoesNotWaitForAHangingIssuer(t *testing.T) {
	release := make(chan struct{})
	srv := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-release }))
	defer srv.Close()
	defer close(release)
	start := time.Now()
	if _, err := token.NewVerifier(t.Context(), srv.URL, issuer, audience); err != nil {
		t.Fatal(err)
	}
	if took := time.Since(start); took > 3*time.Second {
		t.Errorf("took %v", took)
	}
}

func TestTheMiddlewareTellsCallersApart(t *testing.T) {
	keys := keyRing(t, token.NewSeed())
	i := newIssuer(t, keys, issuer, audience)
	revoked := ada()
	revoked.SessionID = "ended"
	fetched := make(chan struct{}, 1)
	revocations := token.NewRevocations(t.Context(), func(context.Context) ([]string, error) {
		select {
		case fetched <- struct{}{}:
		default:
		}
		return []string{"ended"}, nil
	}, 10*time.Millisecond)
	<-fetched
	<-fetched // the first list is in place

	down := remoteVerifier(t, &keyServer{})
	tests := []struct {
		name, bearer string
		verifier     *token.Verifier
		want         string
		kind         apierr.Kind
	}{
		{"anonymous", "", staticVerifier(t, keys), "anonymous", 0},
		{"signed in", issue(t, i, ada()), staticVerifier(t, keys), "user 7", 0},
		{"revoked", issue(t, i, revoked), staticVerifier(t, keys), "", apierr.KindUnauthenticated},
		{"bad token", "garbage", staticVerifier(t, keys), "", apierr.KindUnauthenticated},
		{"no key set", issue(t, i, ada()), down, "", apierr.KindUnavailable},
		{"anonymous without a key set", "", down, "anonymous", 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			handler := token.Middleware(tt.verifier, revocations)(http.HandlerFunc(greet))
			srv := httptest.NewServer(httpserver.Wrap(handler, httpserver.Options{}))
			defer srv.Close()
			client := httpclient.New(httpclient.Config{Name: "testsvc", BaseURL: srv.URL})
			var got string
			err := client.Do(httpclient.WithBearer(t.Context(), tt.bearer), http.MethodGet, "/", nil, &got)
			if got != tt.want || tt.kind == 0 && err != nil || tt.kind != 0 && !apierr.IsKind(err, tt.kind) {
				t.Errorf("got %q, %v, want %q or kind %d", got, err, tt.want, tt.kind)
			}
		})
	}
}

func greet(w http.ResponseWriter, r *http.Request) {
	if c, ok := token.From(r.Context()); ok {
		fmt.Fprintf(w, `"user %d"`, c.UserID)
		return
	}
	io.WriteString(w, `"anonymous"`)
}

func TestOtherSchemesOfAuthorizationAreRefused(t *testing.T) {
	handler := token.Middleware(staticVerifier(t, keyRing(t, token.NewSeed())), nil)(http.HandlerFunc(greet))
	req := httptest.NewRequest(http.MethodGet, "/", nil)
	req.SetBasicAuth("root", "root")
	answer := httptest.NewRecorder()
	handler.ServeHTTP(answer, req)
	if answer.Code != http.StatusUnauthorized || !strings.Contains(answer.Body.String(), `"unauthenticated"`) {
		t.Errorf("got %d %s", answer.Code, answer.Body)
	}
}
