//go:build linux

package images

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"bookstore/deploy/internal/verify"
	"bookstore/shared/authapi"
	"bookstore/shared/catalogapi"
	"bookstore/shared/seal"
	"bookstore/shared/shopapi"

	"github.com/go-sql-driver/mysql"
)

// The images are built as users build them, and the shop of docker-compose.yml
// is run, used, scaled, damaged, stopped and started again. Only the images of
// others are stand-ins, for there may be no registry.
func TestTheShopIsBuiltAndRunsInContainers(t *testing.T) {
	e := startEngine(t)
	proxy := e.serveModules(t)
	tree := sources(t)
	timed(t, "stand-ins of others' images", func() { e.makeStandIns(t, proxy) })
	for _, target := range append([]string{"secrets"}, programs...) {
		timed(t, "build "+target, func() { e.build(t, tree, target) })
		e.checkImage(t, target)
	}
	timed(t, "build after a change", func() { e.checkRebuild(t, tree, proxy) })

	p := e.newProject(t)
	timed(t, "first start", func() { p.up(t) })
	p.checkHardening(t)
	p.checkDoors(t)
	var s *sale
	timed(t, "sale", func() { s = p.network.sell(t) })
	timed(t, "death of a frontend", func() { p.killFrontend(t) })
	timed(t, "stop", func() { p.stop(t) })
	timed(t, "second start", func() { p.up(t) })
	s.check()
	p.checkFolders(t)
	timed(t, "replicas join", func() { p.up(t, "--profile=replicas") })
	p.checkReplicas(t)
	timed(t, "replicas in new containers", func() { p.renewReplicas(t) })
	s.check()
	p.checkBooks(t)
	timed(t, "a developer's database", func() { p.checkDevelopment(t) })
}

// checkHardening wants every container to be locked up as the file says.
func (p *project) checkHardening(t *testing.T) {
	t.Helper()
	for _, c := range p.containers(t) {
		if !c.HostConfig.ReadonlyRootfs || !slices.Equal(c.HostConfig.CapDrop, []string{"ALL"}) {
			t.Errorf("%s has %+v", c.Name, c.HostConfig)
		}
	}
	for _, service := range []string{"haproxy", "database"} {
		name := p.containers(t, service)[0].Name[1:]
		out, err := p.command(t.Context(), p.docker, "exec", name, "touch", "/var/lib/file").CombinedOutput()
		if err == nil || !strings.Contains(string(out), "Read-only file system") {
			t.Errorf("a write in %s: %v %s", name, err, out)
		}
	}
}

// checkDoors wants the published port to be the only way in, to lead to no
// internal path, to describe the APIs, and to tell the release.
func (p *project) checkDoors(t *testing.T) {
	t.Helper()
	for _, c := range p.containers(t) {
		if len(c.HostConfig.PortBindings) > 0 && c.service() != "haproxy" {
			t.Errorf("%s publishes %v", c.Name, c.HostConfig.PortBindings)
		}
	}
	for _, port := range []string{"3306", "8081", "8082", "8083", "8404", "9090"} {
		if connection, err := p.network.dial(t.Context(), "tcp", "127.0.0.1:"+port); err == nil {
			connection.Close()
			t.Errorf("port %s is published", port)
		}
	}
	v := p.network.newVisitor(t, shopURL)
	for _, path := range []string{"/internal/revocations", "/metrics", "/debug/pprof/", "/status"} {
		if got, err := v.try(path); err != nil || got.status != http.StatusNotFound {
			t.Errorf("%s: got %d, %v", path, got.status, err)
		}
	}
	for _, path := range []string{authapi.DocumentPath, catalogapi.DocumentPath, shopapi.DocumentPath} {
		if got := v.open(path).text; !strings.Contains(got, `"openapi":`) {
			t.Errorf("%s is no description of an API:\n%.200s", path, got)
		}
	}
	if got := v.open("/version").text; !strings.Contains(got, `"version":"`+release+`"`) {
		t.Errorf("/version is %s, want release %s", got, release)
	}
}

// killFrontend kills one frontend of four while a visitor opens pages. Only the
// page that it was sending may be lost.
func (p *project) killFrontend(t *testing.T) {
	t.Helper()
	p.waitForFrontends(t, 4)
	v := p.network.newVisitor(t, shopURL)
	killed := p.command(t.Context(), p.docker, "kill", p.containers(t, "frontend")[0].Name[1:])
	if err := killed.Start(); err != nil {
		t.Fatal(err)
	}
	lost := 0
	for range 200 {
		if got, err := v.try("/books"); err != nil || got.status != http.StatusOK {
			lost++
		}
	}
	if lost > 1 {
		t.Errorf("the death of a frontend cost %d pages", lost)
	}
	if err := killed.Wait(); err != nil {
		t.Fatal(err)
	}
	p.waitForFrontends(t, 3)
}

// waitForFrontends waits until the load balancer has found so many.
func (p *project) waitForFrontends(t *testing.T, count int) {
	t.Helper()
	want := fmt.Sprintf(`haproxy_backend_active_servers{proxy="frontend"} %d`+"\n", count)
	eventually(t, fmt.Sprintf("there are %d frontends", count), func() error {
		if got := p.exec(t, "haproxy", "wget", "-qO-", "http://127.0.0.1:8404/metrics"); !strings.Contains(got, want) {
			return fmt.Errorf("the load balancer says\n%s", got)
		}
		return nil
	})
}

// stop wants all programs to end by themselves, as they do when they have
// finished what they were doing, and before docker kills them.
func (p *project) stop(t *testing.T) {
	t.Helper()
	running := func(c container) bool { return c.State.Status == "running" }
	var stopped []string
	for _, c := range p.containers(t) {
		if running(c) {
			stopped = append(stopped, c.Name)
		}
	}
	p.compose(t, "stop")
	for _, c := range p.containers(t) {
		if running(c) || slices.Contains(stopped, c.Name) && c.State.ExitCode != 0 {
			t.Errorf("%s is %s with exit code %d", c.Name, c.State.Status, c.State.ExitCode)
		}
	}
}

// checkFolders wants the programs' folder for what is temporary to be open to
// them after a second start, too.
func (p *project) checkFolders(t *testing.T) {
	t.Helper()
	for _, c := range p.containers(t, programs...) {
		// The engine's processes have other numbers for each other.
		folder, err := os.Stat(fmt.Sprintf("/proc/%d/root/proc/%d/root/tmp", p.pid, c.State.Pid))
		if err != nil {
			t.Fatal(err)
		}
		if mode := folder.Mode(); mode.Perm() != 0o777 || mode&os.ModeSticky == 0 {
			t.Errorf("%s has a /tmp with mode %s", c.Name, mode)
		}
	}
}

// checkReplicas wants both replicas to have the sale, and to serve reads.
func (p *project) checkReplicas(t *testing.T) {
	t.Helper()
	const ask = `MYSQL_PWD=$(cat /run/secrets/catalog_password) mariadb --host="$1" --user=catalog --skip-column-names --batch --execute="$2" catalog`
	seen := map[string]bool{}
	eventually(t, "both replicas serve reads", func() error {
		seen[p.exec(t, "database", "sh", "-c", ask, "sh", "db-reader", "SELECT @@server_id")] = true
		if !seen["2"] || !seen["3"] {
			return fmt.Errorf("only these servers do: %v", seen)
		}
		return nil
	})
	for _, replica := range []string{"replica-1", "replica-2"} {
		if got := p.exec(t, "database", "sh", "-c", ask, "sh", replica, "SELECT title FROM books"); got != "The Time Machine" {
			t.Errorf("%s has the books %q", replica, got)
		}
	}
}

// renewReplicas puts other containers in the replicas' places, as a new image
// would, and wants them to go on following.
func (p *project) renewReplicas(t *testing.T) {
	t.Helper()
	p.compose(t, "--profile=replicas", "up", "--detach", "--no-build", "--no-deps", "--force-recreate", "replica-1", "replica-2")
	p.waitHealthy(t)
}

// dialDatabases lets the driver of the databases dial in the containers' network.
func (p *project) dialDatabases() {
	mysql.RegisterDialContext("tcp", func(ctx context.Context, address string) (net.Conn, error) {
		return p.network.dial(ctx, "tcp", address)
	})
}

// checkBooks wants the databases to balance.
func (p *project) checkBooks(t *testing.T) {
	t.Helper()
	p.dialDatabases()
	key, err := seal.ParseKey(p.secret(t, "shopsvc", "event_key"))
	if err != nil {
		t.Fatal(err)
	}
	host := p.containers(t, "database")[0].NetworkSettings.Networks["bookstore_data"].IPAddress
	url := func(owner string) string {
		return strings.Replace(p.secret(t, owner, "database_url"), "db-writer", host, 1)
	}
	report, err := verify.Check(t.Context(), verify.Databases{
		Catalog: url("catalogsvc"), Shop: url("shopsvc"), Auth: url("authsvc"), EventKey: key, Sandbox: true, Stuck: 10 * time.Minute,
	})
	if err != nil {
		t.Fatal(err)
	}
	if !report.OK() {
		t.Errorf("the databases don't balance: %+v", report)
	}
}
