package e2e

import (
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"net/http"
	"sync"
	"testing"

	"bookstore/deploy/internal/cluster"
	"bookstore/shared/token"
)

// The runbook's rotation of keys: a new key is put beside the old one, is moved
// to the front, and the old one is dropped when nothing of it is left. Instances
// restart one after the other, so that each step meets the one before it.
func TestKeysRotateWithoutSigningAnybodyOut(t *testing.T) {
	s := openOn(t, "mysql", cluster.Options{
		Frontends: 2, Backends: 2,
		Env: []string{"LOG_LEVEL=warn", fmt.Sprint("DRAIN_DELAY=", drainDelay), "DRAIN_TIMEOUT=10s"},
	})
	c := gather(t, s)
	before := s.signIn(t, admin)
	tokens := rotation{"TOKEN_KEYS", s.TokenKey(), token.NewSeed()}
	cookies := rotation{"SESSION_KEYS", s.SessionKey(), newSessionKey()}
	c.shopWhile(t, func() {
		for i := range 2 {
			c.setKeys(t, i, tokens.beside(), cookies.beside())
		}
		for i := range 2 {
			c.setKeys(t, i, tokens.first(), cookies.first())
		}
	})
	// Nobody waits here until the old key's tokens have run out. They are as
	// good as that to programs that never heard of the key: each has to be
	// renewed, and its cookie is written with the new key.
	for i := range 2 {
		c.setKeys(t, i, tokens.alone(), cookies.first())
	}
	for i := range 2 {
		c.replace(t, i, bin)
	}
	c.everybodyIsKnown(t)
	for i := range 2 {
		c.setKeys(t, i, tokens.alone(), cookies.alone())
	}
	c.everybodyIsKnown(t)
	failed := c.log.check(t)
	c.wantAnsweredTo(t, before, http.StatusUnauthorized)
	for _, p := range c.patrons {
		p.account = s.signIn(t, p.account)
	}
	c.checkNothingLost(t)
	table(t, "The keys of tokens and of session cookies rotated under load, nobody signed out",
		"requests of patrons", c.log.sent(), "failed", failed, "orders, all paid", c.orderCount())
}

// rotation leads from an old key to a new one.
type rotation struct{ setting, old, new string }

func (r rotation) beside() string { return r.setting + "=" + r.old + "," + r.new }
func (r rotation) first() string  { return r.setting + "=" + r.new + "," + r.old }
func (r rotation) alone() string  { return r.setting + "=" + r.new }

// setKeys restarts a machine's authsvc and frontend with other keys.
func (c *crowd) setKeys(t *testing.T, machine int, tokens, cookies string) {
	t.Helper()
	var restarting sync.WaitGroup
	for program, keys := range map[string]string{cluster.Auth: tokens, cluster.Frontend: cookies} {
		p := c.Processes(program)[machine]
		p.Set(keys)
		restarting.Go(func() { c.restart(t, p) })
	}
	restarting.Wait()
}

// everybodyIsKnown wants each patron and each of their friends to be signed in.
func (c *crowd) everybodyIsKnown(t *testing.T) {
	t.Helper()
	for _, p := range c.patrons {
		for _, one := range append([]*patron{p}, p.friends...) {
			one.wantOnPage(t.Context(), "/account")
		}
	}
}

func newSessionKey() string {
	key := make([]byte, 64)
	rand.Read(key) // never fails
	return base64.StdEncoding.EncodeToString(key)
}

// wantAnsweredTo wants authsvc to answer to the holder of an access token.
func (c *crowd) wantAnsweredTo(t *testing.T, holder account, status int) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, c.AuthURL+"/v1/users/me", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+holder.token)
	resp, _, err := exchange(http.DefaultClient, req)
	if err != nil {
		t.Fatal(err)
	}
	if resp.StatusCode != status {
		t.Errorf("authsvc answered %s to a token of %s, want %d", resp.Status, holder.name, status)
	}
}
