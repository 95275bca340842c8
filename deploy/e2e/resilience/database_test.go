package resilience

import (
	"context"
	"database/sql"
	"errors"
	"net/url"
	"sync"
	"testing"
	"time"

	"bookstore/deploy/internal/cluster"
	"bookstore/deploy/internal/mariadb"
	"bookstore/deploy/internal/needs"
	"bookstore/deploy/internal/shoptest"
)

// replicatedDatabase is a MariaDB primary with two semi-synchronous replicas,
// behind a name for writers and one for readers, as production has them.
type replicatedDatabase struct {
	primary        *mariadb.Server
	replicas       []*mariadb.Server
	writer, reader *mariadb.Endpoint
}

// databaseUser may do everything with the shop's data and nothing with the
// server: it can't write to a replica.
const databaseUser = "bookstore"

// startReplicatedDatabase starts servers that are gone after the test. A
// machine without MariaDB skips the test, unless it is CI's.
func startReplicatedDatabase(t *testing.T) *replicatedDatabase {
	t.Helper()
	servers, errs := make([]*mariadb.Server, 3), make([]error, 3)
	var starting sync.WaitGroup
	for i := range servers {
		options := mariadb.Options{Dir: t.TempDir(), Fast: true, Replicated: true}
		starting.Go(func() { servers[i], errs[i] = mariadb.Start(t.Context(), options) })
	}
	starting.Wait()
	for _, s := range servers {
		if s != nil {
			t.Cleanup(func() { s.Kill() })
		}
	}
	needs.MariaDB(t, errors.Join(errs...))
	d := &replicatedDatabase{primary: servers[0], replicas: servers[1:]}
	d.follow(t, 0)
	d.writer = openEndpoint(t, d.primary)
	d.reader = openEndpoint(t, d.replicas...)
	d.createDatabases(t)
	return d
}

func openEndpoint(t *testing.T, servers ...*mariadb.Server) *mariadb.Endpoint {
	t.Helper()
	e, err := mariadb.NewEndpoint(servers...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.Close() })
	return e
}

// follow lets the replicas follow the primary, with a delay.
func (d *replicatedDatabase) follow(t *testing.T, delay time.Duration) {
	t.Helper()
	for _, r := range d.replicas {
		if err := r.Follow(t.Context(), d.primary, mariadb.FollowOptions{Delay: delay}); err != nil {
			t.Fatal(err)
		}
	}
}

// catchUp waits until the replicas have all that the primary has.
func (d *replicatedDatabase) catchUp(t *testing.T) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for _, r := range d.replicas {
		if err := r.CatchUp(ctx, d.primary); err != nil {
			t.Fatal(err)
		}
	}
}

func (d *replicatedDatabase) createDatabases(t *testing.T) {
	t.Helper()
	db := d.open(t, d.primary)
	statements := []string{"CREATE USER " + databaseUser + "@'127.0.0.1'"}
	for _, name := range []string{"auth", "catalog", "shop"} {
		statements = append(statements,
			"CREATE DATABASE "+name+" CHARACTER SET utf8mb4 COLLATE utf8mb4_bin",
			"GRANT ALL ON "+name+".* TO "+databaseUser+"@'127.0.0.1'")
	}
	for _, statement := range statements {
		if _, err := db.ExecContext(t.Context(), statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
	d.catchUp(t)
}

// open opens a server itself, as root.
func (d *replicatedDatabase) open(t *testing.T, server *mariadb.Server) *sql.DB {
	t.Helper()
	db := shoptest.OpenDatabase(t, server.URL())
	t.Cleanup(func() { db.Close() })
	return db
}

// options returns what lets a shop use the databases through their names.
func (d *replicatedDatabase) options() cluster.Options {
	o := cluster.Options{Databases: map[string]string{}, Readers: map[string]string{}, Private: true}
	for program, name := range map[string]string{cluster.Auth: "auth", cluster.Catalog: "catalog", cluster.Shop: "shop"} {
		o.Databases[program] = d.writer.URL(url.User(databaseUser)) + name
		o.Readers[program] = d.reader.URL(url.User(databaseUser)) + name
	}
	return o
}
