// Package cluster builds the four programs of the bookstore and runs them as
// real processes on this machine, in any number of instances: behind one
// command for people (deploy/local), and to be killed and inspected by tests.
package cluster

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"time"

	"bookstore/shared/httpclient"
	"bookstore/shared/ports"
	"bookstore/shared/shopapi"
)

// The programs, in the order in which they are started.
const (
	Auth     = "authsvc"
	Catalog  = "catalogsvc"
	Shop     = "shopsvc"
	Frontend = "frontend"
)

// Programs lists all programs in the order in which they are started.
var Programs = []string{Auth, Catalog, Shop, Frontend}

// backendPorts are where the documentation says that the APIs are found.
var backendPorts = map[string]int{Auth: 8081, Catalog: 8082, Shop: 8083}

// callTimeout bounds the calls of ClientConfig. It leaves tests of a loaded
// machine more time than the frontend takes.
const callTimeout = 2 * shopapi.CallTimeout

// Options say what to start.
type Options struct {
	Bin       string            // folder of the built programs
	Data      string            // folder for secrets, logs, covers and SQLite files
	Addr      string            // where the shop listens; empty: a free port of the loopback
	Known     bool              // the APIs listen where the documentation says, unless somebody else does
	Databases map[string]string // URL by backend; absent ones are SQLite files under Data
	Readers   map[string]string // URL of the replicas by backend; absent ones have none
	Frontends int               // instances of the frontend; at least 1
	Standby   int               // frontends beyond those, known to the load balancer but not started
	Backends  int               // instances of each backend; at least 1
	Private   bool              // every program listens on a private port as well, with its metrics
	Env       []string          // further settings (KEY=value) for every program
}

// Cluster is a set of running programs.
type Cluster struct {
	URL        string // of the shop
	AuthURL    string
	ShopURL    string
	CatalogURL string

	options   Options
	secrets   Secrets
	addrs     map[string][]string // by program
	processes []*Process
	balancer  *Process

	balancerMetrics string // address
}

// Start starts every program and waits until all of them are ready. If one
// fails, or ctx ends first, it stops those already started.
func Start(ctx context.Context, o Options) (*Cluster, error) {
	o.Frontends, o.Backends = max(o.Frontends, 1), max(o.Backends, 1)
	if err := writable(o.Data); err != nil {
		return nil, err
	}
	secrets, err := LoadSecrets(filepath.Join(o.Data, "secrets.json"))
	if err != nil {
		return nil, err
	}
	c := &Cluster{options: o, secrets: secrets}
	if err := c.assignAddresses(); err != nil {
		return nil, err
	}
	if err := c.startAll(ctx); err != nil {
		return nil, errors.Join(err, c.Stop())
	}
	return c, nil
}

// ClientConfig returns how to call a backend, as a service does.
func (c *Cluster) ClientConfig(program string) httpclient.Config {
	urls := map[string]string{Auth: c.AuthURL, Catalog: c.CatalogURL, Shop: c.ShopURL}
	return httpclient.Config{
		Name:       program,
		BaseURL:    urls[program],
		ServiceKey: c.secrets.ServiceKey,
		Timeout:    callTimeout,
	}
}

// EventKey returns the secret under which the history of orders and the audit
// logs are sealed.
func (c *Cluster) EventKey() string { return c.secrets.EventKey }

// TokenKey returns the key that signs access tokens, unless Set has changed
// TOKEN_KEYS.
func (c *Cluster) TokenKey() string { return c.secrets.TokenKey }

// SessionKey returns the key of the session cookies, unless Set has changed
// SESSION_KEYS.
func (c *Cluster) SessionKey() string { return c.secrets.SessionKey }

// ServiceKey returns the key by which the programs know each other, unless Set
// has changed SERVICE_KEY.
func (c *Cluster) ServiceKey() string { return c.secrets.ServiceKey }

// Processes returns the processes that run a program, those on standby last.
func (c *Cluster) Processes(program string) []*Process {
	var ps []*Process
	for _, p := range c.processes {
		if p.Program == program {
			ps = append(ps, p)
		}
	}
	return ps
}

// Stop stops every process, the frontends first, and waits until they are gone.
func (c *Cluster) Stop() error {
	var errs []error
	for _, p := range slices.Backward(c.all()) {
		errs = append(errs, p.Stop())
	}
	return errors.Join(errs...)
}

func (c *Cluster) all() []*Process {
	if c.balancer == nil {
		return c.processes
	}
	return append(slices.Clone(c.processes), c.balancer)
}

// assignAddresses chooses where each process listens, and through which
// address each program is reached: its only instance, or the load balancer.
func (c *Cluster) assignAddresses() error {
	o := c.options
	shop, err := shopAddress(o.Addr)
	if err != nil {
		return err
	}
	c.addrs = map[string][]string{}
	for _, program := range Programs {
		n := o.Backends
		if program == Frontend {
			n = o.Frontends + o.Standby
		}
		for i := range n {
			addr, err := c.address(program, i)
			if program == Frontend && !c.balanced() {
				addr, err = shop, nil
			}
			if err != nil {
				return err
			}
			c.addrs[program] = append(c.addrs[program], addr)
		}
	}
	if c.balancerMetrics, err = ports.Address(); err != nil {
		return err
	}
	entry := map[string]string{}
	for _, program := range Programs[:3] {
		entry[program] = c.addrs[program][0]
		if c.balanced() {
			if entry[program], err = ports.Address(); err != nil {
				return err
			}
		}
	}
	c.URL = "http://" + publicHost(shop)
	c.AuthURL, c.CatalogURL, c.ShopURL = "http://"+entry[Auth], "http://"+entry[Catalog], "http://"+entry[Shop]
	return nil
}

// balanced reports whether a load balancer stands before the programs.
func (c *Cluster) balanced() bool {
	return c.options.Frontends+c.options.Standby > 1 || c.options.Backends > 1
}

// startAll starts authsvc before the others, so that they find the keys of its
// tokens at their first look.
func (c *Cluster) startAll(ctx context.Context) error {
	if err := c.startPrograms(ctx, Auth); err != nil {
		return err
	}
	if c.balanced() {
		if err := c.startBalancer(); err != nil {
			return err
		}
	}
	if err := c.startPrograms(ctx, Catalog, Shop, Frontend); err != nil {
		return err
	}
	if c.balanced() {
		return c.AwaitBalanced(ctx, c.serving()...)
	}
	return c.awaitEntries(ctx)
}

// serving returns the processes that are not on standby.
func (c *Cluster) serving() []*Process {
	var serving []*Process
	for _, program := range Programs {
		processes := c.Processes(program)
		if program == Frontend {
			processes = processes[:c.options.Frontends]
		}
		serving = append(serving, processes...)
	}
	return serving
}

// startPrograms starts all instances of the programs but those on standby, and
// waits until they are ready.
func (c *Cluster) startPrograms(ctx context.Context, programs ...string) error {
	var started []*Process
	for _, program := range programs {
		for i, addr := range c.addrs[program] {
			p, err := c.newProcess(program, i, addr)
			if err != nil {
				return err
			}
			c.processes = append(c.processes, p)
			if program == Frontend && i >= c.options.Frontends {
				continue
			}
			if err := p.Start(); err != nil {
				return err
			}
			started = append(started, p)
		}
	}
	for _, p := range started {
		if err := p.WaitReady(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (c *Cluster) newProcess(program string, i int, addr string) (*Process, error) {
	name := instanceName(program, i)
	p := &Process{
		Program: program,
		Name:    name,
		URL:     "http://" + publicHost(addr),
		path:    filepath.Join(c.options.Bin, program),
		env:     c.environment(program, addr),
		log:     filepath.Join(c.options.Data, "logs", name+".log"),
	}
	if c.options.Private {
		private, err := ports.Address()
		if err != nil {
			return nil, err
		}
		p.PrivateURL = "http://" + private
		p.env = append(p.env, "PRIVATE_ADDR="+private)
	}
	return p, nil
}

// instanceName names the i-th process of a program, counted from 0.
func instanceName(program string, i int) string { return fmt.Sprintf("%s-%d", program, i+1) }

// awaitEntries waits until every program can be reached where the others, and
// visitors, look for it.
func (c *Cluster) awaitEntries(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, readyTimeout)
	defer cancel()
	for _, entry := range []string{c.AuthURL, c.CatalogURL, c.ShopURL, c.URL} {
		for !ready(ctx, entry) {
			select {
			case <-ctx.Done():
				return fmt.Errorf("%s did not become ready", entry)
			case <-time.After(20 * time.Millisecond):
			}
		}
	}
	return nil
}

// environment returns the settings of one process.
func (c *Cluster) environment(program, addr string) []string {
	env := []string{
		"ADDR=" + addr,
		"SERVICE_KEY=" + c.secrets.ServiceKey,
		"AUTH_URL=" + c.AuthURL,
		"CATALOG_URL=" + c.CatalogURL,
		"SHOP_URL=" + c.ShopURL,
		"PUBLIC_URL=" + c.URL,
		"DRAIN_TIMEOUT=5s",
		"TRUSTED_PROXIES=127.0.0.0/8", // HAProxy
		"UNLIMITED_NETWORKS=127.0.0.0/8,::1/128",
	}
	switch program {
	case Auth:
		env = append(env, "TOKEN_KEYS="+c.secrets.TokenKey, "EVENT_KEY="+c.secrets.EventKey)
	case Catalog:
		env = append(env, "COVERS_URL=file:"+filepath.Join(c.options.Data, "covers"),
			"SEARCH_SNAPSHOT="+filepath.Join(c.options.Data, "search", "snapshot"))
	case Shop:
		env = append(env, "EVENT_KEY="+c.secrets.EventKey)
	case Frontend:
		env = append(env, "SESSION_KEYS="+c.secrets.SessionKey)
	}
	if url := c.DatabaseURL(program); url != "" {
		env = append(env, "DATABASE_URL="+url)
	}
	if url := c.options.Readers[program]; url != "" {
		env = append(env, "DATABASE_READER_URL="+url)
	}
	return append(env, c.options.Env...)
}

// DatabaseURL returns the URL of the database that a backend owns; none for
// the frontend.
func (c *Cluster) DatabaseURL(program string) string {
	name, ok := databaseNames[program]
	if !ok {
		return ""
	}
	if url := c.options.Databases[program]; url != "" {
		return url
	}
	return "sqlite:" + filepath.Join(c.options.Data, name+".db")
}

// databaseNames names the database that each backend owns.
var databaseNames = map[string]string{Auth: "auth", Catalog: "catalog", Shop: "shop"}

// shopAddress checks that addr can be listened on, or finds one.
func shopAddress(addr string) (string, error) {
	if addr == "" {
		return ports.Address()
	}
	return addr, CheckAddress(addr)
}

// address returns where the i-th instance of a program listens.
func (c *Cluster) address(program string, i int) (string, error) {
	port := backendPorts[program]
	if c.options.Known && i == 0 && port != 0 {
		if addr := fmt.Sprintf("127.0.0.1:%d", port); CheckAddress(addr) == nil {
			return addr, nil
		}
	}
	return ports.Address()
}

// publicHost returns addr as a browser on this machine can use it.
func publicHost(addr string) string {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return addr
	}
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "localhost"
	}
	return net.JoinHostPort(host, port)
}

// writable makes the folder and checks that files can be written into it.
func writable(dir string) error {
	if err := os.MkdirAll(filepath.Join(dir, "logs"), 0o700); err != nil {
		return fmt.Errorf("the data folder can't be made: %w", err)
	}
	probe, err := os.CreateTemp(dir, ".probe-*")
	if err != nil {
		return fmt.Errorf("the data folder can't be written to: %w", err)
	}
	return errors.Join(probe.Close(), os.Remove(probe.Name()))
}
