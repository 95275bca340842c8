package cluster

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"text/template"
	"time"

	"bookstore/deploy/internal/routes"
)

//go:embed haproxy.cfg.tmpl
var haproxyText string

var haproxyTemplate = template.Must(template.New("haproxy").Parse(haproxyText))

// ErrNoBalancer says that HAProxy is not installed. Without it there can be
// only one instance of each program.
var ErrNoBalancer = errors.New("several instances need HAProxy, which is not installed (Debian: apt-get install haproxy)")

// service is one program as the load balancer sees it.
type service struct {
	Name    string
	Entry   string // internal address for calls between the programs; empty for the frontend
	Servers []server
}

// server is a process as the load balancer sees it.
type server struct{ Name, Addr string }

// startBalancer puts HAProxy, without stickiness, before all programs. It finds
// them by its health checks as they come and go.
func (c *Cluster) startBalancer() error {
	path, err := exec.LookPath("haproxy")
	if err != nil {
		return ErrNoBalancer
	}
	config := filepath.Join(c.options.Data, "haproxy.cfg")
	if err := c.writeBalancerConfig(config); err != nil {
		return fmt.Errorf("configure the load balancer: %w", err)
	}
	p := &Process{
		Program: "haproxy",
		Name:    "haproxy",
		URL:     c.URL,
		path:    path,
		args:    []string{"-db", "-f", config},
		log:     filepath.Join(c.options.Data, "logs", "haproxy.log"),
	}
	if err := p.Start(); err != nil {
		return err
	}
	c.balancer = p
	return nil
}

func (c *Cluster) writeBalancerConfig(path string) error {
	entry := func(url string) string { return strings.TrimPrefix(url, "http://") }
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	err = haproxyTemplate.Execute(file, map[string]any{
		"Addr":    c.bindAddress(),
		"Metrics": c.balancerMetrics,
		"Routes":  routes.HAProxy(),
		"Services": []service{
			{Auth, entry(c.AuthURL), c.servers(Auth)},
			{Catalog, entry(c.CatalogURL), c.servers(Catalog)},
			{Shop, entry(c.ShopURL), c.servers(Shop)},
			{Frontend, "", c.servers(Frontend)},
		},
	})
	return errors.Join(err, file.Close())
}

// servers returns the processes of a program as the load balancer sees them.
func (c *Cluster) servers(program string) []server {
	var servers []server
	for i, addr := range c.addrs[program] {
		servers = append(servers, server{instanceName(program, i), addr})
	}
	return servers
}

// AwaitBalanced waits until the load balancer sends requests to each of the
// processes: one that was restarted has to pass its health check first.
func (c *Cluster) AwaitBalanced(ctx context.Context, processes ...*Process) error {
	ctx, cancel := context.WithTimeout(ctx, readyTimeout)
	defer cancel()
	for !c.balances(ctx, processes) {
		select {
		case <-ctx.Done():
			return fmt.Errorf("the load balancer does not know all of %d processes: %w", len(processes), ctx.Err())
		case <-time.After(50 * time.Millisecond):
		}
	}
	return nil
}

func (c *Cluster) balances(ctx context.Context, processes []*Process) bool {
	metrics, err := fetch(ctx, "http://"+c.balancerMetrics+"/metrics")
	if err != nil {
		return false
	}
	for _, p := range processes {
		up := fmt.Sprintf(`server=%q,state="UP"} `, p.Name)
		if n := strings.Count(metrics, up); n == 0 || strings.Count(metrics, up+"1\n") != n {
			return false
		}
	}
	return true
}

// bindAddress returns the shop's address as HAProxy writes it.
func (c *Cluster) bindAddress() string {
	if addr := c.options.Addr; addr != "" {
		return strings.Replace(addr, "localhost:", "127.0.0.1:", 1)
	}
	return strings.TrimPrefix(c.URL, "http://")
}
