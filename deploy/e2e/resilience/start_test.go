package resilience

import (
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"bookstore/deploy/internal/cluster"
	"bookstore/deploy/internal/customers"
	"bookstore/deploy/internal/pages"
	"bookstore/deploy/internal/shoptest"
)

// Programs may start in any order, and before their databases. A backend says
// what it waits for; the frontend has pages from the beginning, which say that
// the shop will be back; and all of it finds together by itself.
func TestTheStartOrderDoesNotMatter(t *testing.T) {
	d := startReplicatedDatabase(t)
	o := d.options()
	o.Readers = nil
	s := shoptest.Open(t, o)
	for _, program := range cluster.Programs {
		if err := s.Processes(program)[0].Stop(); err != nil {
			t.Fatal(err)
		}
	}
	d.writer.Point() // leads nowhere
	for _, program := range slices.Backward(cluster.Programs) {
		if err := s.Processes(program)[0].Start(); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.Processes(cluster.Frontend)[0].WaitReady(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, program := range []string{cluster.Auth, cluster.Catalog, cluster.Shop} {
		wantWaiting(t, s.Processes(program)[0])
	}
	log := &pages.Log{}
	visitor := &customers.Customer{Shop: s, Log: log, Browser: pages.NewBrowser(), Account: shoptest.Account{Name: "A visitor"}}
	for _, path := range []string{"/", "/books", "/login", "/cart"} {
		visitor.Get(t.Context(), path)
	}
	log.WantExcuses(t)

	d.writer.Point(d.primary)
	for _, program := range cluster.Programs {
		if err := s.Processes(program)[0].WaitReady(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	shoptest.Await(t, "the home page", func() bool {
		a, ok := visitor.Get(t.Context(), "/")
		return ok && a.StatusCode == http.StatusOK
	})
	shoptest.Await(t, "a customer can buy", func() bool {
		_, err := s.NewAccount(t.Context(), "Early Bird")
		return err == nil
	})
	c := customers.Gather(t, s)
	c.Customers[0].Buy(t.Context())
	c.CheckNothingLost(t)
}

// wantWaiting wants a program not to be ready, and to say that it waits for its
// database, and where.
func wantWaiting(t *testing.T, p *cluster.Process) {
	t.Helper()
	shoptest.Await(t, p.Name+" says what it waits for", func() bool {
		said, err := os.ReadFile(p.Log())
		if err != nil {
			t.Fatal(err)
		}
		return strings.Contains(string(said), "waiting for the database") && strings.Contains(string(said), "127.0.0.1")
	})
	if resp, err := http.Get(p.URL + "/readyz"); err == nil {
		resp.Body.Close()
		t.Errorf("%s answers %s without its database", p.Name, resp.Status)
	}
}
