package resilience

import (
	"fmt"
	"net/http"
	"slices"
	"testing"

	"bookstore/deploy/internal/cluster"
	"bookstore/deploy/internal/customers"
	"bookstore/deploy/internal/pages"
	"bookstore/deploy/internal/shoptest"
	"bookstore/shared/token"
)

// The runbook's rotation of keys: a new key is put beside the old one, is moved
// to the front, and the old one is dropped when nothing of it is left. Instances
// restart one after the other, so that each step meets the one before it.
func TestKeysRotateWithoutSigningAnybodyOut(t *testing.T) {
	s := shoptest.OpenOn(t, "mysql", cluster.Options{
		Frontends: 2, Backends: 2,
		Env: []string{"LOG_LEVEL=warn", fmt.Sprint("DRAIN_DELAY=", shoptest.DrainDelay), "DRAIN_TIMEOUT=10s"},
	})
	c := &crowd{Crowd: customers.Gather(t, s)}
	before := s.SignIn(t, shoptest.Admin)
	keys := rotations{
		{"TOKEN_KEYS", s.TokenKey(), token.NewSeed()},
		{"SERVICE_KEY", s.ServiceKey(), cluster.RandomKey(64)},
	}
	cookies := rotations{{"SESSION_KEYS", s.SessionKey(), cluster.RandomKey(64)}}
	c.ShopWhile(t, func() {
		c.setOnEach(t, slices.Concat(keys.beside(), cookies.beside()))
		c.setOnEach(t, cookies.first())
		c.setOnEach(t, keys.first())
	})
	// Nobody waits here until the old key's tokens have run out. They are as
	// good as that to programs that never heard of the key: each has to be
	// renewed, and its cookie is written with the new key. No cookie of the old
	// key has a token of the new one, which came later.
	c.setOnEach(t, keys.alone())
	c.setOnEach(t, nil) // those who came first got the key set from those who came later
	c.everybodyIsKnown(t)
	c.setOnEach(t, cookies.alone())
	c.everybodyIsKnown(t)
	failed := c.Log.Check(t)
	c.wantAnsweredTo(t, before, http.StatusUnauthorized)
	for _, p := range c.Customers {
		p.Account = s.SignIn(t, p.Account)
	}
	c.CheckNothingLost(t)
	shoptest.Table(t, "The keys of tokens, of session cookies and of services rotated under load, nobody signed out",
		"requests of customers", c.Log.Sent(), "failed", failed, "orders, all paid", c.OrderCount())
}

// rotations lead from old keys to new ones.
type rotations []struct{ setting, old, new string }

func (r rotations) beside() []string {
	return r.settings(func(old, new string) string { return old + "," + new })
}

func (r rotations) first() []string {
	return r.settings(func(old, new string) string { return new + "," + old })
}

func (r rotations) alone() []string { return r.settings(func(_, new string) string { return new }) }

func (r rotations) settings(keys func(old, new string) string) (settings []string) {
	for _, one := range r {
		settings = append(settings, one.setting+"="+keys(one.old, one.new))
	}
	return settings
}

// setOnEach restarts machine after machine with other settings.
func (c *crowd) setOnEach(t *testing.T, settings []string) {
	t.Helper()
	for i := range 2 {
		for _, p := range c.machine(i) {
			p.Set(settings...)
		}
		c.replace(t, i, shoptest.Programs(t))
	}
}

// everybodyIsKnown wants each customer and each of their friends to be signed in.
func (c *crowd) everybodyIsKnown(t *testing.T) {
	t.Helper()
	for _, p := range c.Customers {
		for _, one := range append([]*customers.Customer{p}, p.Friends...) {
			one.WantOnPage(t.Context(), "/account")
		}
	}
}

// wantAnsweredTo wants authsvc to answer to the holder of an access token.
func (c *crowd) wantAnsweredTo(t *testing.T, holder shoptest.Account, status int) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, c.AuthURL+"/v1/users/me", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+holder.Token)
	resp, _, err := pages.Exchange(http.DefaultClient, req)
	if err != nil {
		t.Fatal(err)
	}
	if resp.StatusCode != status {
		t.Errorf("authsvc answered %s to a token of %s, want %d", resp.Status, holder.Name, status)
	}
}
