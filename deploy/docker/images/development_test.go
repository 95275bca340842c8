//go:build linux

package images

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"bookstore/shared/sqldb"

	"github.com/go-sql-driver/mysql"
)

// checkDevelopment runs the script that developers run, and wants what it prints
// to be the shop's own keys and to lead into its databases, from this machine only.
func (p *project) checkDevelopment(t *testing.T) {
	t.Helper()
	compose := append([]string{"docker-compose"}, p.files...)
	compose = append(compose, "--file=deploy/docker/development.yml")
	script := p.command(t.Context(), filepath.Join(root, "deploy/docker/development"))
	script.Env = append(script.Env, "COMPOSE="+strings.Join(compose, " "))
	settings := map[string]string{}
	for line := range strings.Lines(output(t, script)) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), "=")
		settings[name] = value
	}
	for name, owner := range map[string]string{"SERVICE_KEY": "shopsvc", "TOKEN_KEYS": "authsvc", "EVENT_KEY": "shopsvc", "SESSION_KEYS": "frontend"} {
		if settings[name] != p.secret(t, owner, strings.ToLower(name)) {
			t.Errorf("%s is not printed as the shop has it", name)
		}
	}
	p.dialDatabases()
	for _, name := range []string{"AUTH", "CATALOG", "SHOP"} {
		if err := logIn(t, settings[name+"_DATABASE_URL"]); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	if bound := fmt.Sprint(p.containers(t, "database")[0].HostConfig.PortBindings); !strings.Contains(bound, "127.0.0.1") {
		t.Errorf("the database is bound to %s", bound)
	}
}

func logIn(t *testing.T, address string) error {
	cfg, err := sqldb.ParseServerURL(address)
	if err != nil {
		return err
	}
	connector, err := mysql.NewConnector(cfg)
	if err != nil {
		return err
	}
	db := sql.OpenDB(connector)
	defer db.Close()
	return db.PingContext(t.Context())
}
