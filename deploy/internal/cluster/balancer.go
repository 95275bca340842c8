package cluster

import (
	_ "embed"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"text/template"
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
	Servers []string
}

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
		"Addr": c.bindAddress(),
		"Services": []service{
			{Auth, entry(c.AuthURL), c.addrs[Auth]},
			{Catalog, entry(c.CatalogURL), c.addrs[Catalog]},
			{Shop, entry(c.ShopURL), c.addrs[Shop]},
			{Frontend, "", c.addrs[Frontend]},
		},
	})
	return errors.Join(err, file.Close())
}

// bindAddress returns the shop's address as HAProxy writes it.
func (c *Cluster) bindAddress() string {
	if addr := c.options.Addr; addr != "" {
		return strings.Replace(addr, "localhost:", "127.0.0.1:", 1)
	}
	return strings.TrimPrefix(c.URL, "http://")
}
