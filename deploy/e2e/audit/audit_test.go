// Package audit proves that the audited run passes a shop that keeps its
// promises, whatever is killed meanwhile, and fails one that does not.
package audit

import (
	"bytes"
	"context"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"bookstore/deploy/internal/audit"
	"bookstore/deploy/internal/cluster"
	"bookstore/deploy/internal/shoptest"
	"bookstore/shared/authapi"
)

// threeFrontends is a shop behind HAProxy.
var threeFrontends = cluster.Options{Frontends: 3, Backends: 2, Env: []string{"LOG_LEVEL=warn"}}

const length = 5 * time.Second

// load audits a shop for some seconds, and gives it some time to settle. Begun is
// called when the visits begin.
func load(t *testing.T, s *shoptest.Shop, settle time.Duration, begun func()) *audit.Report {
	t.Helper()
	report, err := audit.Run(t.Context(), audit.Options{
		Target: s.URL, Rate: 20, Duration: length, Think: 20 * time.Millisecond, Buyers: 24, Sellers: 4, Settle: settle,
		Admin: authapi.Login{Email: shoptest.Admin.Email, Password: shoptest.Admin.Password}, Seed: 1, Begun: begun,
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := report.WriteText(os.Stdout); err != nil {
		t.Error(err)
	}
	return report
}

func wantKept(t *testing.T, r *audit.Report) {
	t.Helper()
	if r.Verdict != audit.Pass {
		t.Errorf("%s %s", r.Verdict, r.Reason)
	}
	for _, o := range r.Promises {
		if o.Checked == 0 {
			t.Errorf("never looked whether %s", o.Promise)
		}
	}
}

func TestAShopThatKeepsItsPromisesPasses(t *testing.T) {
	shoptest.OnEachDatabase(t, threeFrontends, func(t *testing.T, s *shoptest.Shop) {
		r := load(t, s, time.Minute, nil)
		wantKept(t, r)
		if r.All.Failed > 0 {
			t.Errorf("%d requests failed though nothing was broken", r.All.Failed)
		}
		var page bytes.Buffer
		if err := r.WriteHTML(&page); err != nil {
			t.Fatal(err)
		}
		for _, part := range []string{"PASS", `<polyline class="line1" points="0.0,`, string(audit.Stock), "page: search"} {
			if !strings.Contains(page.String(), part) {
				t.Errorf("the page lacks %q", part)
			}
		}
		if outside := strings.Count(page.String(), "://") - strings.Count(page.String(), s.URL); outside > 0 {
			t.Errorf("the page leads to %d other addresses", outside)
		}
	})
}

func TestPromisesOutliveInstancesThatAreKilled(t *testing.T) {
	s := shoptest.OpenOn(t, "mysql", threeFrontends)
	kills := make(chan int, 1)
	r := load(t, s, 2*time.Minute, func() { go func() { kills <- kill(t, s) }() })
	n := <-kills
	if n == 0 {
		t.Error("nothing was killed")
	}
	t.Logf("%d instances were killed, %d requests failed of %d that did not", n, r.All.Failed, r.All.Answered+r.All.Refused)
	wantKept(t, r)
}

// kill kills one instance after the other while visits begin. Each starts again.
func kill(t *testing.T, s *shoptest.Shop) (kills int) {
	ctx, stop := context.WithTimeout(t.Context(), length)
	defer stop()
	for shoptest.Pause(ctx, 500*time.Millisecond) {
		instances := s.Processes(cluster.Programs[kills%len(cluster.Programs)])
		p := instances[rand.IntN(len(instances))]
		if err := p.Kill(); err != nil {
			t.Error(err)
		}
		kills++
		if err := p.Start(); err != nil {
			t.Error(err)
		}
		if err := s.AwaitBalanced(t.Context(), p); err != nil {
			t.Error(err)
		}
	}
	return kills
}

// Each of these shops breaks one promise, and nobody but the audit would notice.
func TestABuildThatIsBrokenOnPurposeFails(t *testing.T) {
	for name, c := range map[string]struct {
		program string
		changes map[string][]string // in each file, what is replaced by what
		broken  audit.Promise
	}{
		"no guard on the stock": {cluster.Catalog, map[string][]string{
			"catalogsvc/internal/store/reservations.go": {
				`sq.Expr("stock - ?", line.Quantity)`, `sq.Expr("CASE WHEN stock < ? THEN 0 ELSE stock - ? END", line.Quantity, line.Quantity)`,
				`"delisted_at": nil}).
			Where(sq.GtOrEq{"stock": line.Quantity}))`, `"delisted_at": nil}))`,
			},
		}, audit.Stock},
		"the total from the client's price": {cluster.Shop, map[string][]string{
			"shopsvc/internal/shop/compare.go": {"case b.Price != l.Price:", "case b.Price < 0:"},
			"shopsvc/internal/shop/compose.go": {"s.Subtotal += b.Price * l.Quantity", "s.Subtotal += l.Price * l.Quantity"},
		}, audit.Prices},
		"a lost outbox": {cluster.Shop, map[string][]string{
			"shopsvc/internal/store/outbox.go": {"if len(o.Changes.Mails) == 0 {", "if len(o.Changes.Mails) >= 0 {"},
		}, audit.Mails},
	} {
		t.Run(name, func(t *testing.T) {
			o := cluster.Options{Frontends: 2, Bin: breakBuild(t, c.program, c.changes), Env: threeFrontends.Env}
			r := load(t, shoptest.Open(t, o), 2*time.Second, nil)
			if r.Verdict != audit.Fail || !slices.Contains(r.Broken(), c.broken) {
				t.Errorf("%s with %q broken, want a FAIL because of %q", r.Verdict, r.Broken(), c.broken)
			}
		})
	}
}
