package e2e

import (
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"bookstore/deploy/internal/cluster"
)

// Programs may start in any order, and before their databases. A backend says
// what it waits for; the frontend has pages from the beginning, which say that
// the shop will be back; and all of it finds together by itself.
func TestTheStartOrderDoesNotMatter(t *testing.T) {
	d := startReplicatedDatabase(t)
	o := d.options()
	o.Readers = nil
	s := open(t, o)
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
		s.wantWaiting(t, s.Processes(program)[0])
	}
	log := &pageLog{}
	visitor := &patron{shop: s, log: log, browser: newBrowser(), account: account{name: "A visitor"}}
	for _, path := range []string{"/", "/books", "/login", "/cart"} {
		visitor.get(t.Context(), path)
	}
	log.wantExcuses(t)

	d.writer.Point(d.primary)
	for _, program := range cluster.Programs {
		if err := s.Processes(program)[0].WaitReady(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	await(t, "the home page", func() bool {
		a, ok := visitor.get(t.Context(), "/")
		return ok && a.StatusCode == http.StatusOK
	})
	await(t, "a patron can buy", func() bool {
		_, err := s.newAccount(t.Context(), "Early Bird")
		return err == nil
	})
	c := gather(t, s)
	c.patrons[0].buy(t.Context())
	c.checkNothingLost(t)
}

// wantWaiting wants a program not to be ready, and to say that it waits for its
// database, and where.
func (s *shop) wantWaiting(t *testing.T, p *cluster.Process) {
	t.Helper()
	await(t, p.Name+" says what it waits for", func() bool {
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
