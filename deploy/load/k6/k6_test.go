// Package k6 proves that the scripts for load testers do what a visitor does, and
// notice when a shop does not. How fast it is, is nothing for tests.
package k6

import (
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"testing"

	"bookstore/deploy/internal/cluster"
	"bookstore/deploy/internal/needs"
	"bookstore/deploy/internal/shoptest"
	"bookstore/shared/catalogapi"
	"bookstore/shared/httpclient"
	"bookstore/shared/shopapi"
)

// k6 is the command that README.md has. Go builds it once and keeps it.
var k6 = sync.OnceValues(func() (command []string, err error) {
	readme, err := os.ReadFile("../README.md")
	if err != nil {
		return nil, err
	}
	command = []string{"go", "run", string(regexp.MustCompile(`go\.k6\.io/k6@v[\d.]+`).Find(readme))}
	cmd := exec.Command(command[0], append(command[1:], "version")...)
	cmd.Env = environ()
	if out, err := cmd.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("%w: %s", err, out)
	}
	return command, nil
})

// environ has the flags under which k6 is kept, whatever the caller's are.
func environ() []string {
	return append(os.Environ(), "GOFLAGS=-trimpath", "K6_NO_USAGE_REPORT=true")
}

func run(t *testing.T, args ...string) (said string, err error) {
	t.Helper()
	command, err := k6()
	if err != nil {
		needs.Missing(t, "k6 can't be built: %v", err)
	}
	cmd := exec.CommandContext(t.Context(), command[0], append(command[1:], args...)...)
	cmd.Env = environ()
	out, err := cmd.CombinedOutput()
	return string(out), err
}

func TestEveryProfileIsUnderstood(t *testing.T) {
	for profile, executor := range map[string]string{
		"smoke": "per-vu-iterations", "load": "ramping-arrival-rate", "stress": "ramping-arrival-rate", "spike": "ramping-arrival-rate", "soak": "ramping-arrival-rate",
	} {
		out, err := run(t, "inspect", "--execution-requirements", "-e", "TARGET=http://shop.example", "-e", "PROFILE="+profile, "shop.js")
		if err != nil || !strings.Contains(out, executor) || !strings.Contains(out, "http_req_failed") {
			t.Errorf("%s: %v\n%s", profile, err, out)
		}
	}
	for _, wrong := range [][]string{{"-e", "TARGET=http://shop.example", "-e", "PROFILE=fast"}, {"-e", "PROFILE=smoke"}} {
		if out, err := run(t, append(append([]string{"inspect"}, wrong...), "shop.js")...); err == nil {
			t.Errorf("%v is taken: %s", wrong, out)
		}
	}
}

func TestTheSmokeProfileUsesTheShopAndNoticesWhatIsAway(t *testing.T) {
	s := shoptest.Open(t, cluster.Options{Frontends: 3, Env: []string{"LOG_LEVEL=warn"}})
	s.List(t, s.RegisterSeller(t, "Lantern Books"), "Letters from the Lighthouse", 1299, 100)
	smoke := []string{"run", "--quiet", "-e", "THINK=0", "-e", "TARGET=" + s.URL, "shop.js"}
	out, err := run(t, smoke...)
	t.Log(out)
	if err != nil {
		t.Fatalf("a sound shop: %v", err)
	}
	admin := s.SignIn(t, shoptest.Admin).As(t.Context())
	shoptest.Await(t, "the order that was paid", func() bool {
		orders, err := s.Orders.AllOrders(admin, shopapi.OrderQuery{State: shopapi.OrderPaid})
		return err == nil && len(orders.Items) > 0
	})
	listed, err := s.Catalog.Books(httpclient.WithFresh(t.Context()), catalogapi.BookQuery{Q: "K6"})
	if err != nil || len(listed.Items) == 0 {
		t.Errorf("the script has listed %d books, %v", len(listed.Items), err)
	}
	if err := s.Processes(cluster.Catalog)[0].Kill(); err != nil {
		t.Fatal(err)
	}
	if out, err := run(t, smoke...); err == nil {
		t.Errorf("a shop without its catalog passes:\n%s", out)
	}
}
